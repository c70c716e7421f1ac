/** Sends a client somewhere without dragging it: to a node, or to a place in metres. */

import type { FormEvent } from "react";
import { Button } from "react-aria-components";
import { type Goal, PlaceFields, usePlaceChoice } from "./place-choice.tsx";
import type { Simulation } from "./plan.ts";
import { linkText, walkText } from "./words.ts";

interface SendFormProps {
  readonly home: Simulation;
  readonly chosen: string | null;
  readonly isDisabled: boolean;
  onChoose(mac: string): void;
  onSend(mac: string, to: Goal): void;
}

export function SendForm({ home, chosen, isDisabled, onChoose, onSend }: SendFormProps) {
  const { nodes, clients, walkingSpeed } = home;
  const client = clients.find(({ mac }) => mac === chosen) ?? clients[0];
  const choice = usePlaceChoice(nodes);
  if (!client) return <p className="empty">No client is simulated in this home.</p>;
  const { goal } = choice;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!goal || isDisabled) return;
    onChoose(client.mac);
    onSend(client.mac, goal);
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
      <PlaceFields label="Walk to" home={home} choice={choice} />
      <Button type="submit" className="button primary" isDisabled={isDisabled || !goal}>
        Walk
      </Button>
      <p className="hint now" role="status">
        <bdi>{client.name}</bdi> {walkText(client, walkingSpeed)}; {linkText(client)}.
      </p>
    </form>
  );
}
