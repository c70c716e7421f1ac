/** A client's series as its charts. Pure. */

import { columns, type Values } from "../../ui/chart-data.ts";
import { bandColour, bandText } from "../../ui/words.ts";
import type { Series } from "./roams.ts";

type Point = Series["points"][number];

export interface DrawnSeries {
  readonly label: string;
  readonly values: Values;
  readonly colour: string;
}

export interface ClientCharts {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** dB, one of each band. */
  readonly snr: readonly DrawnSeries[];
  /** Of the link, Mbit/s; of several within one step, of that where it was longest. */
  readonly rates: readonly DrawnSeries[];
  /** What went over it, Mbit/s. */
  readonly traffic: readonly DrawnSeries[];
  /** Percent of the time, at the link's rate. */
  readonly airtime: readonly DrawnSeries[];
}

export function clientCharts({ points, step }: Pick<Series, "points" | "step">): ClientCharts {
  const bands = [...new Set(points.flatMap(({ band }) => band ?? []))].sort();
  const mean = (name: string, band: string) => (there: readonly Point[]) => {
    const known = there.flatMap(({ values, band: own }) =>
      own === band && values[name] != null ? [values[name]] : [],
    );
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  // Of two places within one step a mean would be a rate that no link had.
  const ofLongest = (name: string) => (there: readonly Point[]) => {
    const known = there.filter(({ values }) => values[name] != null);
    const seconds = ({ values }: Point) => values.connectedSeconds ?? 0;
    return known.toSorted((a, b) => seconds(b) - seconds(a))[0]?.values[name] ?? null;
  };
  const sum = (name: string) => (there: readonly Point[]) => {
    const known = there.flatMap(({ values }) => values[name] ?? []);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const readers = [
    ...bands.map((band) => mean("snrDb", band)),
    ofLongest("txLinkMbps"),
    ofLongest("rxLinkMbps"),
    sum("txMbps"),
    sum("rxMbps"),
    airtime,
  ];
  const { times, values } = columns(points, step, readers);
  const of = (index: number): Values => values[bands.length + index] ?? [];
  return {
    times,
    snr: bands.map((band, index) => ({ label: bandText(band), values: values[index] ?? [], colour: bandColour(band) })),
    rates: [
      { label: "to it", values: of(0), colour: "--accent" },
      { label: "from it", values: of(1), colour: "--band-2" },
    ],
    traffic: [
      { label: "to it", values: of(2), colour: "--accent" },
      { label: "from it", values: of(3), colour: "--band-2" },
    ],
    airtime: [{ label: "share of the air", values: of(4), colour: "--accent" }],
  };
}

/** What it sends and gets takes so much of the time at the rates of its link, percent. */
function airtime(there: readonly Point[]): number | null {
  let share: number | null = null;
  for (const { values } of there) {
    for (const way of ["rx", "tx"]) {
      const [mbps, link] = [values[`${way}Mbps`], values[`${way}LinkMbps`]];
      if (mbps != null && link != null && link > 0) share = (share ?? 0) + Math.min(1, mbps / link) * 100;
    }
  }
  return share === null ? null : Math.min(100, share);
}
