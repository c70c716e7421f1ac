/** A new phone comes and tries a passphrase; whoever came is listed with what has become of it, and leaves again. */

import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components";
import { useAsk, useChange } from "../../api/ask.ts";
import { clock } from "../../clock.ts";
import { Failure } from "../../ui/failure.tsx";
import { ClientLink } from "../../ui/page-link.tsx";
import { momentText } from "../../ui/time.ts";
import { passphraseProblem } from "../change/checks.ts";
import { fateOf, type Newcomer, newcomersOf, reachedText, triedText } from "./newcomers.ts";
import { PlaceFields, usePlaceChoice } from "./place-choice.tsx";
import type { Simulation } from "./plan.ts";

interface Part {
  readonly location: string;
  readonly home: Simulation;
  readonly isDisabled: boolean;
}

export function Newcomers({ location, home, isDisabled }: Part) {
  const came = newcomersOf(home.clients);
  const join = useChange("POST /locations/:location/simulation/clients");
  return (
    <section className="card newcomers" aria-labelledby="newcomers">
      <h2 id="newcomers">A new phone joins</h2>
      <JoinForm {...{ location, home, isDisabled, join }} />
      {came.length > 0 && (
        <ul className="troubles" aria-label="Phones that came">
          {came.map((client) => (
            <Came key={client.mac} {...{ location, client, isDisabled }} onUndo={join.reset} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface JoinFormProps extends Part {
  readonly join: ReturnType<typeof useChange<"POST /locations/:location/simulation/clients">>;
}

function JoinForm({ location, home, isDisabled, join }: JoinFormProps) {
  const keys = useAsk("GET /locations/:location/keys", { params: { location } });
  const names = [...new Set((keys.data?.items ?? []).map(({ ssid }) => ssid))];
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string>();
  const [passphrase, setPassphrase] = useState("");
  const [isShown, setShown] = useState(false);
  const choice = usePlaceChoice(home.nodes);
  const ssid = chosen !== undefined && names.includes(chosen) ? chosen : names[0];
  const { goal } = choice;
  const wrong = passphrase === "" ? undefined : passphraseProblem(passphrase);
  const isReady = name.trim() !== "" && ssid !== undefined && passphrase !== "" && wrong === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || !goal || isDisabled || join.isPending) return;
    join.mutate(
      { params: { location }, body: { name: name.trim(), ssid, passphrase, to: goal } },
      // What was typed meanwhile is of the next one.
      { onSuccess: () => setName((now) => (now === name ? "" : now)) },
    );
  };
  return (
    <form className="join-form" onSubmit={submit}>
      <p className="hint">
        Does a network let somebody in, and where to? Type what you would type into the phone. The passphrases stand on
        the page Network.
      </p>
      <div className="choices">
        <label>
          What it is called
          <input
            className="input"
            dir="auto"
            maxLength={32}
            autoComplete="off"
            placeholder="Ana's phone"
            value={name}
            onChange={(event) => {
              join.reset();
              setName(event.target.value);
            }}
          />
        </label>
        <label>
          Network
          <select className="input" value={ssid ?? ""} onChange={(event) => setChosen(event.target.value)}>
            {names.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <label>
          Passphrase
          <input
            className="input mono"
            type={isShown ? "text" : "password"}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={wrong !== undefined}
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        </label>
        <label className="check">
          <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.target.checked)} />
          <span>Show what is typed</span>
        </label>
        <PlaceFields label="It stands at" home={home} choice={choice} />
      </div>
      {wrong && <p className="wrong">{wrong}</p>}
      {keys.data && names.length === 0 && <p className="hint">This home has no network yet.</p>}
      <Button type="submit" className="button" isDisabled={isDisabled || !isReady || !goal || join.isPending}>
        Let it join
      </Button>
      <Failure error={join.error ?? keys.error} />
    </form>
  );
}

interface CameProps extends Omit<Part, "home"> {
  readonly client: Newcomer;
  /** What was refused because of it is so no more. */
  onUndo(): void;
}

function Came({ location, client, isDisabled, onUndo }: CameProps) {
  const leave = useChange("DELETE /locations/:location/simulation/clients/:mac");
  const { mac, name } = client;
  const fate = fateOf(client);
  const tried = triedText(client, (at) => momentText(at, clock.wallTime(), "seconds"));
  const reached = reachedText(client);
  return (
    <li>
      <div role="status">
        <ClientLink mac={mac}>
          <bdi>{name}</bdi>
        </ClientLink>{" "}
        <bdi className={fate.tone}>{fate.text}</bdi>.{" "}
        {reached !== undefined && (
          <>
            <bdi>{reached}</bdi> Its page says by which key.
          </>
        )}
        <Failure error={leave.error} />
      </div>
      {tried !== undefined && <p className="hint">{tried}</p>}
      <Button
        className="button small"
        aria-label={`Undo: ${name} came`}
        isDisabled={isDisabled || leave.isPending}
        onPress={() => {
          onUndo();
          leave.mutate({ params: { location, mac } });
        }}
      >
        Undo
      </Button>
    </li>
  );
}
