/** Where a client is to be: at a node, or at a place in metres. */

import { useState } from "react";
import type { Simulation, Spot } from "./plan.ts";

export type Goal = Spot | { readonly node: string };

export interface PlaceChoice {
  readonly to: string;
  readonly x: string;
  readonly y: string;
  choose(more: Partial<Pick<PlaceChoice, "to" | "x" | "y">>): void;
  /** Undefined: what was typed is no place. */
  readonly goal: Goal | undefined;
}

const aPlace = "place";

export function usePlaceChoice(nodes: Simulation["nodes"]): PlaceChoice {
  const [chosen, setChosen] = useState(() => ({ to: `node ${nodes[0]?.node ?? ""}`, x: "", y: "" }));
  const { to, x, y } = chosen;
  const place = isNumber(x) && isNumber(y) ? { x: Number(x), y: Number(y) } : undefined;
  return {
    ...chosen,
    choose: (more) => setChosen((now) => ({ ...now, ...more })),
    goal: to === aPlace ? place : { node: to.replace(/^node /, "") },
  };
}

interface PlaceFieldsProps {
  readonly label: string;
  readonly home: Pick<Simulation, "nodes" | "bounds">;
  readonly choice: PlaceChoice;
}

export function PlaceFields({ label, home: { nodes, bounds }, choice: { to, x, y, choose } }: PlaceFieldsProps) {
  return (
    <>
      <label>
        {label}
        <select className="input" value={to} onChange={(event) => choose({ to: event.target.value })}>
          {nodes.map(({ node }) => (
            <option key={node} value={`node ${node}`}>
              {node}
            </option>
          ))}
          <option value={aPlace}>a place …</option>
        </select>
      </label>
      {to === aPlace && (
        <>
          <Metres
            label="Across"
            value={x}
            from={bounds.left}
            to={bounds.right}
            onChange={(value) => choose({ x: value })}
          />
          <Metres
            label="Down"
            value={y}
            from={bounds.top}
            to={bounds.bottom}
            onChange={(value) => choose({ y: value })}
          />
        </>
      )}
    </>
  );
}

interface MetresProps {
  readonly label: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  onChange(value: string): void;
}

function Metres({ label, value, from, to, onChange }: MetresProps) {
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

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
