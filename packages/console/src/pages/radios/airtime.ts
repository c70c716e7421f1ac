/** Who took the air of a channel, over time. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { columns, type Values } from "../../ui/chart-data.ts";

export type RadioSeries = AnswerTo<"GET /locations/:location/series/nodes/:node/radios/:radio">;

export interface Airtime {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** Percent of the time, each by itself. */
  readonly sources: readonly { readonly label: string; readonly values: Values; readonly colour: string }[];
  /** When it went to another channel, ms since 1970. */
  readonly moves: readonly { readonly at: number; readonly text: string }[];
}

type Point = RadioSeries["points"][number];

export function airtimeOf({ points, step }: Pick<RadioSeries, "points" | "step">): Airtime {
  const readers = [
    (there: readonly Point[]) => part(there, ({ txPercent }) => txPercent),
    (there: readonly Point[]) => part(there, ({ selfPercent }) => selfPercent),
    (there: readonly Point[]) => part(there, ({ rxPercent, selfPercent }) => rest(rxPercent, selfPercent ?? 0)),
    (there: readonly Point[]) =>
      part(there, ({ busyPercent, txPercent, rxPercent }) => rest(busyPercent, (txPercent ?? 0) + (rxPercent ?? 0))),
  ];
  const { times, values } = columns(points, step, readers);
  const labels = ["sent by this radio", "from its own clients", "other networks", "noise and what is no Wi-Fi"];
  const colours = ["--accent", "--good", "--band-2", "--soft"];
  return {
    times,
    sources: labels.map((label, index) => ({
      label,
      values: values[index] ?? [],
      colour: colours[index] ?? "--soft",
    })),
    moves: movesOf(points),
  };
}

function movesOf(points: readonly Point[]): Airtime["moves"] {
  const moves: { at: number; text: string }[] = [];
  let last: number | null = null;
  for (const { at, channel } of points) {
    if (channel === null) continue;
    if (last !== null && channel !== last) moves.push({ at: Date.parse(at), text: `channel ${last} → ${channel}` });
    last = channel;
  }
  return moves;
}

type Figures = Readonly<Record<string, number | null | undefined>>;

function part(there: readonly Point[], read: (values: Figures) => number | null | undefined): number | null {
  const [first] = there;
  const value = first && read(first.values);
  return value === null || value === undefined ? null : Math.min(100, Math.max(0, value));
}

/** What is left of a whole that is known. */
function rest(whole: number | null | undefined, known: number): number | null {
  return whole === null || whole === undefined ? null : Math.max(0, whole - known);
}
