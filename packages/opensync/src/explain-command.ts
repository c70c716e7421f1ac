/** `opensync explain confsync`: for each phy and vif, what is intended against what is, and why. */

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

/** One line where all is well; else a row for each attribute that is not as intended, and a line for each problem. */
export function explanationTable(explanation: NodeExplanation, width: number): string[] {
  const { confsync, problems } = explanation;
  const rows = (confsync?.objects ?? []).flatMap(({ object, attributes }) =>
    attributes.map((attribute) => ({ object, ...attribute })),
  );
  const shown = (value: string) => fit(value, longestValue);
  return [
    explanationTitle(explanation),
    ...(rows.length === 0
      ? []
      : table(
          [
            { title: "OBJECT", cell: ({ object }) => object },
            { title: "ATTRIBUTE", cell: ({ attribute }) => attribute },
            { title: "INTENDED", cell: ({ intended }) => shown(intended) },
            { title: "ACTUAL", cell: ({ actual }) => shown(actual) },
            { title: "STATUS", cell: ({ status }) => status },
            { title: "WHY", cell: ({ why }) => why },
          ],
          rows,
          width,
        )),
    ...problems.map((problem) => fit(`problem: ${printable(problem)}`, width)),
  ];
}

/** A list of 85 addresses would leave no room for why. */
const longestValue = 40;
