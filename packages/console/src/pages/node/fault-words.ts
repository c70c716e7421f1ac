/** What puts a radio back that is not as it was told, in words. Pure. */

import { bandText } from "../../ui/words.ts";
import type { NodeAnswer } from "./row-words.ts";

export type RadioFault = NodeAnswer["faults"][number];

/** Of the way to the radio's place on the page of its node: whether it is undone there, or only shown. */
export function faultLinkText({ band, undo }: Pick<RadioFault, "band" | "undo">): string {
  const radio = `its ${bandText(band)} radio`;
  return undo === null ? `To ${radio}, on the node’s page` : `Put ${radio} back, on the node’s page`;
}

/** `channel 99 → unset` */
export function undoText({ set, guard }: NonNullable<RadioFault["undo"]>): string {
  const text = (value: string | number | boolean | null | undefined) => (value == null ? "unset" : String(value));
  return Object.keys(set)
    .map((column) => `${column} ${text(guard[column])} → ${text(set[column])}`)
    .join(", ");
}
