/** What is broken on purpose, mended here; and what else can be broken, node by node. */

import { useState } from "react";
import { Button } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { momentText } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { FaultForm } from "./fault-form.tsx";
import type { SimulatedNode, Simulation } from "./plan.ts";
import { RadioForm } from "./radio-form.tsx";
import { troubles, type Undo } from "./trouble.ts";
import { powerText, uplinkDeed, uplinkText } from "./words.ts";

interface Part {
  readonly location: string;
  readonly isDisabled: boolean;
}

export function BrokenNow({ location, home, isDisabled }: Part & { readonly home: Simulation }) {
  const uplink = useChange("PUT /locations/:location/simulation/nodes/:node/uplink");
  const cloud = useChange("PUT /locations/:location/simulation/cloud");
  const jam = useChange("DELETE /locations/:location/simulation/nodes/:node/radios/:radio/jam");
  const fault = useChange("DELETE /locations/:location/simulation/nodes/:node/faults/:fault");
  const isBusy = uplink.isPending || cloud.isPending || jam.isPending || fault.isPending;
  const now = useNow(30_000);
  const all = troubles(home, (at) => momentText(at, now));
  const mend = (undo: Undo) => {
    for (const change of [uplink, cloud, jam, fault]) change.reset();
    switch (undo.kind) {
      case "uplink":
        return uplink.mutate({ params: { location, node: undo.node }, body: { state: "ok" } });
      case "cloud":
        return cloud.mutate({ params: { location }, body: { state: "ok" } });
      case "jam":
        return jam.mutate({ params: { location, node: undo.node, radio: undo.radio } });
      case "fault":
        return fault.mutate({ params: { location, node: undo.node, fault: undo.fault } });
    }
  };
  return (
    <section className="card broken" aria-labelledby="broken">
      <h2 id="broken">Broken on purpose now</h2>
      {all.length === 0 && <p className="soft">Nothing.</p>}
      <ul className="troubles">
        {all.map(({ id, text, undo }) => (
          <li key={id}>
            <bdi>{text}</bdi>
            {undo ? (
              <Button
                className="button small"
                aria-label={`Undo: ${text}`}
                isDisabled={isDisabled || isBusy}
                onPress={() => mend(undo)}
              >
                Undo
              </Button>
            ) : (
              <span className="soft">cannot be undone</span>
            )}
          </li>
        ))}
      </ul>
      <Failure error={uplink.error ?? cloud.error ?? jam.error ?? fault.error} />
    </section>
  );
}

export function Breakable({ location, home, isDisabled }: Part & { readonly home: Simulation }) {
  const [chosen, setChosen] = useState<string | undefined>();
  const node = home.nodes.find(({ node }) => node === chosen) ?? home.nodes[0];
  return (
    <section className="card breakable" aria-labelledby="breakable">
      <h2 id="breakable">Break something</h2>
      <Cloud {...{ location, isDisabled }} state={home.cloud} />
      <label className="of-node">
        Node
        <select className="input" value={node?.node} onChange={(event) => setChosen(event.target.value)}>
          {home.nodes.map(({ node, power }) => (
            <option key={node} value={node}>
              {power === "up" ? node : `${node} (${powerText(power)})`}
            </option>
          ))}
        </select>
      </label>
      {node && (
        <>
          <Uplink {...{ location, node, isDisabled }} />
          <Power {...{ location, node, isDisabled }} />
          <RadioForm key={`radio ${node.node}`} {...{ location, node, isDisabled }} />
          <FaultForm key={`fault ${node.node}`} {...{ location, node, isDisabled }} />
        </>
      )}
    </section>
  );
}

function Cloud({ location, state, isDisabled }: Part & { readonly state: Simulation["cloud"] }) {
  const change = useChange("PUT /locations/:location/simulation/cloud");
  const next = state === "ok" ? "down" : "ok";
  return (
    <div className="action">
      <h3>The cloud</h3>
      <p className="hint">
        {state === "ok" ? "It is up: nodes can connect to it." : "It refuses every node of this home."}
      </p>
      <Button
        className="button"
        isDisabled={isDisabled || change.isPending}
        onPress={() => change.mutate({ params: { location }, body: { state: next } })}
      >
        {state === "ok" ? "Take the cloud down" : "Bring the cloud up"}
      </Button>
      <Failure error={change.error} />
    </div>
  );
}

interface OfNode extends Part {
  readonly node: SimulatedNode;
}

function Uplink({ location, node: { node, uplink }, isDisabled }: OfNode) {
  const change = useChange("PUT /locations/:location/simulation/nodes/:node/uplink");
  return (
    <div className="action">
      <h3>
        The Internet connection of <bdi>{node}</bdi>
      </h3>
      <p className="hint">{uplink ? uplinkText(uplink.kind, uplink.state) : "Not known until the node is up."}</p>
      <div className="choices">
        {uplink?.can
          .filter((state) => state !== uplink.state)
          .map((state) => (
            <Button
              key={state}
              className="button"
              isDisabled={isDisabled || change.isPending}
              onPress={() => change.mutate({ params: { location, node }, body: { state } })}
            >
              {uplinkDeed(uplink.kind, state)}
            </Button>
          ))}
      </div>
      <Failure error={change.error} />
    </div>
  );
}

function Power({ location, node: { node, power }, isDisabled }: OfNode) {
  const change = useChange("POST /locations/:location/simulation/nodes/:node/power");
  const happen = (event: "reboot" | "power-cut") => change.mutate({ params: { location, node }, body: { event } });
  return (
    <div className="action">
      <h3>
        The power of <bdi>{node}</bdi>
      </h3>
      <p className="hint">
        It {powerText(power)}. Neither can be undone; the node comes up again by itself, and clients find it again.
      </p>
      <div className="choices">
        <Button
          className="button"
          isDisabled={isDisabled || change.isPending || power !== "up"}
          onPress={() => happen("reboot")}
        >
          Reboot it
        </Button>
        <Button
          className="button danger"
          isDisabled={isDisabled || change.isPending || (power !== "up" && power !== "booting")}
          onPress={() => happen("power-cut")}
        >
          Cut its power
        </Button>
      </div>
      <Failure error={change.error} />
    </div>
  );
}
