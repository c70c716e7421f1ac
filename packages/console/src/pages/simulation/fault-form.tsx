/** Lets something go wrong in a node's driver. */

import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components";
import { useAsk, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { interfaceText, parameterText, scenarioText } from "./fault-words.ts";
import type { SimulatedNode } from "./plan.ts";

interface FaultFormProps {
  readonly location: string;
  readonly node: SimulatedNode;
  readonly isDisabled: boolean;
}

export function FaultForm({ location, node: { node, radios, power }, isDisabled }: FaultFormProps) {
  const { data, error } = useAsk("GET /locations/:location/simulation/scenarios", { params: { location } });
  const start = useChange("POST /locations/:location/simulation/nodes/:node/faults");
  const [name, setName] = useState("acl-limit");
  const [where, setWhere] = useState("");
  const [seconds, setSeconds] = useState("");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const scenario = data?.items.find((each) => each.scenario === name) ?? data?.items[0];
  if (!scenario) return <Failure error={error} />;
  const places = scenario.concerns === "node" ? [] : placesOf(radios, scenario.concerns === "interface");
  const at = places.some(({ id }) => id === where) ? where : "";
  const given = Object.fromEntries(scenario.parameters.map((each) => [each.name, values[each.name] ?? each.default]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isDisabled) return;
    const [kind, id = ""] = at.split(/ (.*)/s);
    start.mutate({
      params: { location, node },
      body: {
        scenario: scenario.scenario,
        values: given,
        ...(kind === "radio" ? { radio: id } : kind === "interface" ? { interface: id } : {}),
        ...(scenario.isOnce || seconds.trim() === "" ? {} : { seconds: Number(seconds) }),
      },
    });
  };
  return (
    <form className="action" onSubmit={submit}>
      <h3>
        The driver of <bdi>{node}</bdi>
      </h3>
      <div className="choices">
        <label>
          What
          <select
            className="input"
            value={scenario.scenario}
            onChange={(event) => {
              setName(event.target.value);
              setValues({});
              start.reset();
            }}
          >
            {data?.items.map(({ scenario }) => (
              <option key={scenario} value={scenario}>
                {scenarioText(scenario)}
              </option>
            ))}
          </select>
        </label>
        {places.length > 0 && (
          <label>
            Where
            <select className="input" value={at} onChange={(event) => setWhere(event.target.value)}>
              <option value="">everywhere</option>
              {places.map(({ id, text }) => (
                <option key={id} value={id}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        )}
        {scenario.parameters.map(({ name, description }) => (
          <label key={name} title={description}>
            {parameterText(name)}
            <input
              className="input"
              autoComplete="off"
              value={given[name]}
              onChange={(event) => setValues({ ...values, [name]: event.target.value })}
            />
          </label>
        ))}
        {!scenario.isOnce && (
          <label>
            For (seconds)
            <input
              className="input"
              inputMode="decimal"
              autoComplete="off"
              placeholder="until cleared"
              value={seconds}
              onChange={(event) => setSeconds(event.target.value)}
            />
          </label>
        )}
      </div>
      <p className="hint">
        {sentence(scenario.description)} {scenario.isOnce ? "It happens once, and cannot be undone." : ""}
      </p>
      <Button type="submit" className="button" isDisabled={isDisabled || start.isPending || power !== "up"}>
        Let it go wrong
      </Button>
      <Failure error={start.error} />
      {start.data?.id === null && <p role="status">It has happened.</p>}
    </form>
  );
}

function placesOf(radios: SimulatedNode["radios"], withInterfaces: boolean) {
  return radios.flatMap(({ radio, interfaces }) => [
    { id: `radio ${radio}`, text: `all of ${radio}` },
    ...(withInterfaces ? interfaces.map((name) => ({ id: `interface ${name}`, text: interfaceText(name) })) : []),
  ]);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
