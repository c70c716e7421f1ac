/** Why the radios of a node are, or are not, as they should be: plain data, and the same as lines for people. */

import type { RunningOwm } from "@opensync-ts/managers/owm/owm";
import type { ConfsyncExplanation } from "@opensync-ts/wireless/contract";

export interface NodeExplanation {
  /** null while OWM does not serve. */
  readonly confsync: ConfsyncExplanation | null;
  /** What of the configuration rows cannot be applied, and why. */
  readonly problems: readonly string[];
}

export function explainNode(owm: RunningOwm | undefined): NodeExplanation {
  return { confsync: owm?.wireless.explain() ?? null, problems: owm?.problems ?? [] };
}

/** A line for each attribute that is not as intended, and for each problem; one line where all is well. */
export function explanationText(explanation: NodeExplanation): string {
  const { confsync, problems } = explanation;
  const lines = [explanationTitle(explanation)];
  for (const { object, attributes } of confsync?.objects ?? []) {
    for (const { attribute, intended, actual, status, why } of attributes) {
      lines.push(`${object}: ${attribute}: intended ${intended}, actual ${actual}: ${status}: ${why}`);
    }
  }
  for (const problem of problems) lines.push(`problem: ${problem}`);
  return lines.map((line) => `${line}\n`).join("");
}

export function explanationTitle({ confsync, problems }: NodeExplanation): string {
  if (!confsync) return "OWM does not run; 'ovsh s Node_Services' tells which services do";
  const less = confsync.objects.flatMap(({ attributes }) => attributes).length;
  const where = confsync.settled ? "settled" : `not settled (${confsync.state})`;
  const notes = [
    ...(confsync.settled && less > 0 ? [`${count(less, "attribute")} not as intended`] : []),
    ...(problems.length > 0 ? [count(problems.length, "problem")] : []),
  ];
  return notes.length === 0 ? where : `${where}, ${notes.join(", ")}`;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
