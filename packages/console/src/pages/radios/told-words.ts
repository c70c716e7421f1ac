/** Whether a radio does as it is told, in one line that says the same as all other pages do. Pure. */

import { rowWords } from "../node/row-words.ts";
import type { Radio } from "./channel-plan.ts";

export interface Verdict {
  readonly isGood: boolean;
  readonly text: string;
}

type Told = Pick<Radio, "fault" | "columns" | "rows"> & {
  readonly interfaces: readonly Pick<Radio["interfaces"][number], "columns" | "rows">[];
};

export function verdictOf({ fault, columns, rows, interfaces }: Told): Verdict {
  const open = [rows, ...interfaces.map((vif) => vif.rows)].flat().filter((row) => rowWords(row).kind !== "good");
  // What stands in a row that is not done is told with that row.
  const others = interfaces.filter((vif) => vif.rows.every((row) => rowWords(row).kind === "good"));
  const differing = others.flatMap((vif) => vif.columns).filter(({ agrees }) => agrees === "no").length;
  const wrong = [
    ...(fault === null ? [] : [fault.text]),
    ...(open.length === 0 ? [] : [`${settings(open.length)} of the home ${open.length === 1 ? "is" : "are"} not done`]),
    ...(differing === 0
      ? []
      : [`${settings(differing)} ${differing === 1 ? "differs" : "differ"} from what is intended`]),
  ];
  if (wrong.length > 0) {
    // What is on its way may yet come; of the rest nobody knows that.
    const isOnWay = fault?.isLate !== true && differing === 0 && open.every((row) => rowWords(row).kind === "warn");
    return { isGood: false, text: `${isOnWay ? "Not so far" : "No"}: ${wrong.join("; ")}.` };
  }
  const left = columns.flatMap(({ column, why }) => (why === null ? [] : [`${column}: ${why}`]));
  const text = left.length === 0 ? "all that is intended is so" : `all that can be is so (${left.join("; ")})`;
  return { isGood: true, text: `Yes: ${text}.` };
}

function settings(count: number): string {
  return count === 1 ? "1 setting" : `${count} settings`;
}
