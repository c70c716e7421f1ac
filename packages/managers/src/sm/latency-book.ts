/** Latency between two reports: what several polls have found of one host, as one sample or as one for each poll. */

import type { Mac } from "@opensync-ts/base/units";
import { mergedHosts, separateSamples } from "./limits.ts";
import type { LatencyConfig } from "./row-config.ts";

/** Whose packets: those of a host behind an interface, with one DSCP where these are told apart. */
export interface Flow {
  readonly ifName: string;
  readonly mac: Mac;
  readonly dscp?: number | "none";
}

/** Times in ms; `sum` is the average by the number of packets. */
export interface Delays {
  readonly least: number;
  readonly most: number;
  readonly sum: number;
  readonly last: number;
  readonly packets: number;
}

export interface Measured {
  readonly flow: Flow;
  readonly delays: Delays;
}

/** One sample of a report; `timestamp` of its last poll, wall clock in ms. */
export interface TimedDelays {
  readonly timestamp: number;
  readonly delays: Delays;
}

export interface FlowSamples {
  readonly flow: Flow;
  readonly samples: readonly TimedDelays[];
}

export interface LatencyBook {
  /** Samples for which there is no room: those of hosts too many, or of the oldest polls. */
  readonly dropped: number;
  add(timestamp: number, poll: readonly Measured[]): void;
  /** What has come together, by interface, host and DSCP; it begins anew. */
  take(): readonly FlowSamples[];
}

export function latencyBook(policy: LatencyConfig["policy"]): LatencyBook {
  return policy === "merge" ? new MergedBook() : new SeparateBook();
}

/** `later` comes after `earlier`. The average of both is weighted by packets. */
export function mergeDelays(earlier: Delays, later: Delays): Delays {
  return {
    least: Math.min(earlier.least, later.least),
    most: Math.max(earlier.most, later.most),
    sum: earlier.sum + later.sum,
    last: later.last,
    packets: earlier.packets + later.packets,
  };
}

/** Each flow once: links of one multi-link device are one interface, and DSCP may not be told apart. */
export function mergeFlows(poll: readonly Measured[]): readonly Measured[] {
  const merged = new Map<string, Measured>();
  for (const { flow, delays } of poll) {
    const known = merged.get(keyOf(flow));
    merged.set(keyOf(flow), { flow, delays: known ? mergeDelays(known.delays, delays) : delays });
  }
  return [...merged.values()];
}

class MergedBook implements LatencyBook {
  dropped = 0;
  #flows = new Map<string, { readonly flow: Flow; readonly sample: TimedDelays }>();

  add(timestamp: number, poll: readonly Measured[]): void {
    for (const { flow, delays } of mergeFlows(poll)) {
      const key = keyOf(flow);
      const known = this.#flows.get(key);
      if (!known && this.#flows.size >= mergedHosts) {
        this.dropped++;
        continue;
      }
      const sample = { timestamp, delays: known ? mergeDelays(known.sample.delays, delays) : delays };
      this.#flows.set(key, { flow, sample });
    }
  }

  take(): readonly FlowSamples[] {
    const all = [...this.#flows].map(([key, { flow, sample }]) => ({ key, flow, samples: [sample] }));
    this.#flows = new Map();
    return inOrder(all);
  }
}

class SeparateBook implements LatencyBook {
  dropped = 0;
  #polls: { readonly timestamp: number; readonly measured: readonly Measured[] }[] = [];
  #samples = 0;

  add(timestamp: number, poll: readonly Measured[]): void {
    const measured = mergeFlows(poll);
    if (measured.length === 0) return;
    this.#polls.push({ timestamp, measured });
    this.#samples += measured.length;
    while (this.#samples > separateSamples) {
      const lost = this.#polls.shift()?.measured.length ?? 0;
      this.#samples -= lost;
      this.dropped += lost;
    }
  }

  take(): readonly FlowSamples[] {
    const flows = new Map<string, { readonly key: string; readonly flow: Flow; readonly samples: TimedDelays[] }>();
    for (const { timestamp, measured } of this.#polls) {
      for (const { flow, delays } of measured) {
        const key = keyOf(flow);
        const entry = flows.get(key) ?? { key, flow, samples: [] };
        entry.samples.push({ timestamp, delays });
        flows.set(key, entry);
      }
    }
    this.#polls = [];
    this.#samples = 0;
    return inOrder([...flows.values()]);
  }
}

function inOrder(flows: readonly (FlowSamples & { readonly key: string })[]): readonly FlowSamples[] {
  return flows.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ flow, samples }) => ({ flow, samples }));
}

/** Sorts as it names; no interface has a space in its name. */
function keyOf({ ifName, mac, dscp }: Flow): string {
  return `${ifName} ${mac} ${typeof dscp === "number" ? String(dscp).padStart(2, "0") : (dscp ?? "")}`;
}
