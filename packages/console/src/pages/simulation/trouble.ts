/** What is broken on purpose now, in words, and how each is mended. Pure. */

import { percentText } from "../../ui/words.ts";
import { interfaceText, scenarioText } from "./fault-words.ts";
import type { Simulation } from "./plan.ts";
import { powerText, uplinkText } from "./words.ts";

export type Undo =
  | { readonly kind: "uplink"; readonly node: string }
  | { readonly kind: "cloud" }
  | { readonly kind: "jam"; readonly node: string; readonly radio: string }
  | { readonly kind: "fault"; readonly node: string; readonly fault: number };

export interface Trouble {
  readonly id: string;
  readonly text: string;
  /** Null: it cannot be undone, for the reason that the text says. */
  readonly undo: Undo | null;
}

/** Times are told by `timeOf`, which takes ISO 8601. */
export function troubles({ cloud, nodes }: Simulation, timeOf: (at: string) => string): readonly Trouble[] {
  const all: Trouble[] = [];
  if (cloud === "down") {
    all.push({ id: "cloud", text: "The cloud refuses every node of this home.", undo: { kind: "cloud" } });
  }
  for (const { node, power, uplink, radios, faults } of nodes) {
    if (power !== "up") {
      all.push({ id: `power ${node}`, text: `${node} ${powerText(power)}; it comes up by itself.`, undo: null });
    }
    if (uplink && uplink.state !== "ok") {
      const text = `${node}: ${uplinkText(uplink.kind, uplink.state)}`;
      all.push({ id: `uplink ${node}`, text, undo: { kind: "uplink", node } });
    }
    for (const { radio, jam, closedChannels } of radios) {
      if (jam) {
        const text = `${node}, ${radio}: channel ${jam.channel} is jammed for ${percentText(jam.airtimePercent)} of the time.`;
        all.push({ id: `jam ${node} ${radio}`, text, undo: { kind: "jam", node, radio } });
      }
      if (closedChannels.length > 0) {
        const text = `${node}, ${radio}: radar was heard on channel ${closedChannels.join(", ")}; by law it is closed for half an hour.`;
        all.push({ id: `radar ${node} ${radio}`, text, undo: null });
      }
    }
    for (const { id, scenario, radio, interface: vif, until } of faults) {
      const where = vif === null ? (radio ?? "everywhere") : interfaceText(vif);
      const end = until === null ? "until it is cleared" : `until ${timeOf(until)}`;
      const text = `${node}: ${scenarioText(scenario)} (${where}, ${end}).`;
      all.push({ id: `fault ${node} ${id}`, text, undo: { kind: "fault", node, fault: id } });
    }
  }
  return all;
}
