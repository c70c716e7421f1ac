/** Sends a client somewhere without dragging it: to a node, or to a place in metres. */

import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components";
import type { Simulation, Spot } from "./plan.ts";
import { linkText, walkText } from "./words.ts";

export type Goal = Spot | { readonly node: string };

interface SendFormProps {
  readonly home: Simulation;
  readonly chosen: string | null;
  readonly isDisabled: boolean;
  onChoose(mac: string): void;
  onSend(mac: string, to: Goal): void;
}

const aPlace = "place";

export function SendForm({ home, chosen, isDisabled, onChoose, onSend }: SendFormProps) {
  const { nodes, clients, bounds, walkingSpeed } = home;
  const client = clients.find(({ mac }) => mac === chosen) ?? clients[0];
  const [to, setTo] = useState(() => `node ${nodes[0]?.node ?? ""}`);
  const [x, setX] = useState("");
  const [y, setY] = useState("");
  if (!client) return <p className="empty">No client is simulated in this home.</p>;
  const isPlace = to === aPlace;
  const isReady = !isPlace || (isNumber(x) && isNumber(y));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || isDisabled) return;
    onChoose(client.mac);
    onSend(client.mac, isPlace ? { x: Number(x), y: Number(y) } : { node: to.replace(/^node /, "") });
  };
  return (
    <form className="send" onSubmit={submit}>
      <label>
        Client
        <select className="input" value={client.mac} onChange={(event) => onChoose(event.target.value)}>
          {clients.map(({ mac, name }) => (
            <option key={mac} value={mac}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Walk to
        <select className="input" value={to} onChange={(event) => setTo(event.target.value)}>
          {nodes.map(({ node }) => (
            <option key={node} value={`node ${node}`}>
              {node}
            </option>
          ))}
          <option value={aPlace}>a place …</option>
        </select>
      </label>
      {isPlace && (
        <>
          <Metres label="Across" value={x} from={bounds.left} to={bounds.right} onChange={setX} />
          <Metres label="Down" value={y} from={bounds.top} to={bounds.bottom} onChange={setY} />
        </>
      )}
      <Button type="submit" className="button primary" isDisabled={isDisabled || !isReady}>
        Walk
      </Button>
      <p className="hint now" role="status">
        <bdi>{client.name}</bdi> {walkText(client, walkingSpeed)}; {linkText(client)}.
      </p>
    </form>
  );
}

interface MetresProps {
  readonly label: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  onChange(value: string): void;
}

export function Metres({ label, value, from, to, onChange }: MetresProps) {
  const range = `${Math.round(from * 10) / 10} to ${Math.round(to * 10) / 10} m`;
  return (
    <label className="metres">
      {label} ({range})
      <input
        className="input"
        inputMode="decimal"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

export function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
