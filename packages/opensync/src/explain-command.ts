/** `opensync explain`: for each phy and vif what is intended against what is, and why; why a client is steered as it is. */

import { explanationTitle, type NodeExplanation } from "@opensync-ts/node/explanation";
import { askNode } from "./control-client.ts";
import type { NodeChoice } from "./node-files.ts";
import { fit, printable, table } from "./table.ts";

export interface ExplainOptions extends NodeChoice {
  readonly json?: boolean;
}

/** Resolves with the exit code: 0 when the radios are as configured or as near as they can be, else 1. */
export async function explainConfsync(options: ExplainOptions): Promise<number> {
  const text = await askNode(options, "explain", ["confsync", "json"]);
  const explanation = JSON.parse(text) as NodeExplanation;
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  process.stdout.write(
    options.json
      ? text
      : explanationTable(explanation, width)
          .map((line) => `${line}\n`)
          .join(""),
  );
  return explanation.confsync?.settled ? 0 : 1;
}

/** Prints what the node says of a client; rejects with a `UserError` where it is not steered. */
export async function explainSteering(mac: string, options: ExplainOptions): Promise<void> {
  process.stdout.write(await askNode(options, "explain", ["steering", mac, ...(options.json ? ["json"] : [])]));
}

/**
 * One line where all is well; else for each attribute that is not as intended a row, and under it why; and a line for
 * each problem. Rows are cut to `width`.
 */
export function explanationTable(explanation: NodeExplanation, width: number): string[] {
  const { confsync, problems } = explanation;
  const rows = (confsync?.objects ?? []).flatMap(({ object, attributes }) =>
    attributes.map(({ intended, actual, ...rest }) => ({ object, ...rest, ...contrast(intended, actual) })),
  );
  const [titles = "", ...lines] = table(
    [
      { title: "OBJECT", cell: ({ object }) => object },
      { title: "ATTRIBUTE", cell: ({ attribute }) => attribute },
      { title: "STATUS", cell: ({ status }) => status },
      { title: "INTENDED", cell: ({ intended }) => intended },
      { title: "ACTUAL", cell: ({ actual }) => actual },
    ],
    rows,
    width,
  );
  return [
    explanationTitle(explanation),
    ...(rows.length === 0 ? [] : [titles]),
    // Sentences are not cut: a terminal wraps them.
    ...lines.flatMap((line, index) => [line, `  ${printable(rows[index]?.why ?? "")}`]),
    ...problems.map((problem) => `problem: ${printable(problem)}`),
  ];
}

/** Two values as far as there is room: of long ones that begin alike, what comes where they part. */
export function contrast(intended: string, actual: string): { readonly intended: string; readonly actual: string } {
  if (Math.max(intended.length, actual.length) <= longestValue) return { intended, actual };
  let alike = 0;
  while (alike < Math.min(intended.length, actual.length) && intended[alike] === actual[alike]) alike++;
  const start = Math.max(0, alike - shownBefore);
  const part = (text: string) => fit(start === 0 ? text : `…${text.slice(start)}`, longestValue);
  return { intended: part(intended), actual: part(actual) };
}

/** Characters of a value that are shown, and how many of them before the first difference. */
const longestValue = 44;
const shownBefore = 18;
