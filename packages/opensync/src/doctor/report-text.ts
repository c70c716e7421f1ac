/** A report for people: a line for each step, what to do under it, and the fault in one line at the end. */

import { printable } from "../table.ts";
import { firstFault, type Report, type Step, verdict } from "./report.ts";

/** The head, before the first step is done. */
export function titleText(title: string): string {
  return `${printable(title)}\n`;
}

/** One step. Sentences are not cut: a terminal wraps them. */
export function stepText({ part, name, status, tried, found, fix, ms }: Step): string {
  const time = status === "skipped" ? "" : `${ms} ms`;
  const lines = [
    `${status.padEnd(7)}  ${part.padEnd(10)}  ${name.padEnd(20)}  ${time.padStart(8)}  ${printable(found)}`,
    ...(status === "ok" || status === "skipped" ? [] : [`${indent}tried: ${printable(tried)}`]),
    ...(fix === undefined ? [] : [`${indent}to do: ${printable(fix)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The last line: what is wrong and what to do, or that all is well. */
export function summaryText({ steps }: Report): string {
  const fault = firstFault(steps);
  const skipped = steps.filter(({ status }) => status === "skipped").length;
  if (!fault) {
    const done = steps.length - skipped;
    return `all well: ${done} step${done === 1 ? "" : "s"}${skipped === 0 ? "" : `, ${skipped} skipped`}\n`;
  }
  const word = verdict(steps) === "failed" ? "fault" : "warning";
  return printable(`${word}: ${fault.part}, ${fault.name}: ${fault.found}; to do: ${fault.fix ?? "see above"}`).concat(
    "\n",
  );
}

const indent = " ".repeat(9);

/** As one JSON text. */
export function reportJson(report: Report): string {
  return `${JSON.stringify({ verdict: verdict(report.steps), ...report }, null, 2)}\n`;
}
