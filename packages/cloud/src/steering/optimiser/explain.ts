/** Decisions in words. */

import type { Mac } from "@opensync-ts/base/units";
import type { Alternative, Prospect } from "./assess.ts";
import type { Decision } from "./decide.ts";
import type { JournalEntry } from "./journal.ts";
import type { Snapshot } from "./snapshot.ts";

/** Line by line what an entry has decided, and why; of one client where `only` names it. */
export function explain(entry: Pick<JournalEntry, "at" | "snapshot" | "decisions">, only?: Mac): string {
  const decisions = entry.decisions.filter(({ mac, kind }) => (only ? mac === only : kind !== "stay"));
  const staying = only ? 0 : entry.decisions.length - decisions.length;
  return [
    new Date(entry.at).toISOString(),
    ...decisions.flatMap((decision) => explainDecision(decision, entry.snapshot)),
    ...(decisions.length === 0 && only ? [`${only}: not among the clients`] : []),
    ...(staying > 0
      ? [`${staying} ${staying === 1 ? "client stays where it is" : "clients stay where they are"}`]
      : []),
  ].join("\n");
}

function explainDecision(decision: Decision, snapshot: Snapshot): string[] {
  const { mac } = decision;
  const client = snapshot.clients.find((each) => each.mac === mac);
  const who = client ? `${mac} (${client.class}, ${client.mobility})` : mac;
  const at = (bssid: Mac) => placeText(bssid, snapshot);
  switch (decision.kind) {
    case "move": {
      const { present, target, others } = decision;
      return [
        `${who}: from ${at(present.bssid)} to ${at(target.bssid)}`,
        `  has ${prospectText(present)}`,
        `  would have ${prospectText(target)}`,
        ...others.map((other) => `  not ${at(other.bssid)}: ${alternativeText(other)}`),
      ];
    }
    case "outcome": {
      const { move, result, scoreAfter, surpriseDb, failures, notBefore } = decision;
      const figures = `${mbps(move.scoreBefore)} before, ${mbps(move.scorePredicted)} promised`;
      const after = scoreAfter === null ? "" : `, ${mbps(scoreAfter)} now`;
      const surprise = surpriseDb === null ? "" : `; heard ${signed(surpriseDb)} than predicted`;
      const next = `no more before ${new Date(notBefore).toISOString()}`;
      return [
        `${who}: move from ${at(move.from)} to ${at(move.to)}: ${result} (${figures}${after}${surprise})`,
        `  ${failures > 0 ? `failed ${failures} times in a row; ` : ""}${next}`,
      ];
    }
    case "stay": {
      const { why, present, others } = decision;
      return [
        `${who}: stays: ${why}`,
        ...(present ? [`  on ${at(present.bssid)} with ${prospectText(present)}`] : []),
        ...others.map((other) => `  not ${at(other.bssid)}: ${alternativeText(other)}`),
      ];
    }
  }
}

function placeText(bssid: Mac, { bsses }: Snapshot): string {
  const bss = bsses.find((each) => each.bssid === bssid);
  return bss ? `${bss.node} ${bss.band} (${bss.ifName}, channel ${bss.channel})` : bssid;
}

function prospectText({ scoreMbps, capacityMbps, linkMbps, snrDb, by, free, bottleneck }: Prospect): string {
  const where = bottleneck === 0 ? "its own link" : `hop ${bottleneck} of the backhaul`;
  const heard = by === "link" ? "" : ` (by ${by})`;
  const air = `${Math.round(free * 100)} % of the air of ${where} left`;
  const more = capacityMbps > scoreMbps * 1.05 ? `, all it wants (${mbps(capacityMbps)} end to end)` : " end to end";
  return `${mbps(scoreMbps)}${more}: link ${mbps(linkMbps)} at ${Math.round(snrDb)} dB${heard}, ${air}`;
}

function alternativeText(other: Alternative): string {
  if (other.fit) return `would do: ${prospectText(other)}`;
  const { why, scoreMbps, capacityMbps, linkMbps, snrDb, by, free, bottleneck } = other;
  if (
    scoreMbps !== undefined &&
    capacityMbps !== undefined &&
    linkMbps !== undefined &&
    snrDb !== undefined &&
    by &&
    free !== undefined &&
    bottleneck !== undefined
  ) {
    return `${why}: ${prospectText({ ...other, rawDb: other.rawDb ?? snrDb, scoreMbps, capacityMbps, linkMbps, snrDb, by, free, bottleneck })}`;
  }
  return snrDb === undefined ? why : `${why}: ${Math.round(snrDb)} dB`;
}

function mbps(value: number): string {
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} Mbit/s`;
}

function signed(value: number): string {
  return `${Math.abs(Math.round(value))} dB ${value < 0 ? "worse" : "better"}`;
}
