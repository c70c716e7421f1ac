/** Why a station is steered as it is, in lines for people: nested by two spaces, in a stable order. */

import type { CandidateExplanation, Explanation } from "./explanation.ts";
import { seconds } from "./kick-gate.ts";

export function explanationLines(explanation: Explanation): string[] {
  const { station, group, at, links, ppdusPerMinute, candidates, policies, attempt, attempts, blocked } = explanation;
  const ago = (time: number) => `${seconds(at - time)} ago`;
  const connected = links.map(
    ({ vif, bssid, snr, connectedAt }) =>
      `  on ${vif} ${bssid}, SNR ${snr ?? "unknown"} dB, since ${seconds(at - connectedAt)}`,
  );
  return [
    `station ${station}, group ${group}`,
    ...(connected.length > 0 ? connected : ["  not connected"]),
    `  traffic: ${ppdusPerMinute === null ? "not yet known" : `${Math.round(ppdusPerMinute)} PPDUs a minute`}`,
    "  candidates:",
    ...aligned(candidates.map(candidateCells)),
    "  policies, the most important first:",
    ...aligned(
      policies.map(({ policy, state, word, timer }) => {
        const more = [timer === null ? null : `${seconds(timer)} left`, word].filter((text) => text !== null);
        return [policy, [state, ...more].join(", ")];
      }),
    ),
    `  attempt: ${attempt === null ? "none" : `${attempt.policy} ${attempt.phase}, since ${seconds(at - attempt.startedAt)}`}`,
    ...(attempt?.trail ?? []).map((text) => `    ${text}`),
    `  last attempts:${attempts.length === 0 ? " none" : ""}`,
    ...attempts
      .toReversed()
      .flatMap(({ policy, result, reason, endedAt, trail }) => [
        `    ${ago(endedAt)} ${policy}: ${result}: ${reason}`,
        ...trail.map((text) => `      ${text}`),
      ]),
    "  SNR, the latest last:",
    ...signalLines(explanation),
    `  refused by: ${blocked.join(" ") || "none"}`,
  ];
}

function candidateCells(one: CandidateExplanation): readonly string[] {
  const { bssid, vif, band, channel, preference, by, reason, rank, leftOut } = one;
  const offered = rank === null ? (leftOut === null ? "" : `; not offered: ${leftOut}`) : `; offered ${rank}.`;
  const text = preference.toLowerCase().replaceAll("_", "-");
  return [vif ?? "neighbour", bssid, band, `channel ${channel}`, text, `${by}: ${reason}${offered}`];
}

/** A line for each stay on an access point. */
function signalLines({ snr, at }: Explanation): string[] {
  const stays: { vif: string; entries: Explanation["snr"][number][] }[] = [];
  for (const entry of snr) {
    const last = stays.at(-1);
    if (last?.vif === entry.vif) last.entries.push(entry);
    else stays.push({ vif: entry.vif, entries: [entry] });
  }
  return stays.map(({ vif, entries }) => {
    const since = seconds(at - (entries[0]?.at ?? at));
    return `    ${vif}, from ${since} ago: ${entries.map((entry) => entry.snr ?? "unknown").join(" ")} dB`;
  });
}

/** Columns, two spaces apart. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((cells) => cells[index]?.length ?? 0)));
  return rows.map((cells) => `    ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd());
}
