/** The account of one client on one access point, from one record to the next. */

import type { Mac } from "@opensync-ts/base/units";
import type { StationState } from "@opensync-ts/target/radio";
import type { ClientRecord, ClientStats } from "@opensync-ts/telemetry/clients";
import type { StatsValues } from "@opensync-ts/wireless/stats/definitions";

/** Sums; what is momentary is an average of the samples, or the latest. */
const counters = {
  txBytes: "tx_bytes",
  txFrames: "tx_frames",
  txRetries: "tx_retries",
  txErrors: "tx_errors",
  rxBytes: "rx_bytes",
  rxFrames: "rx_frames",
  rxRetries: "rx_retries",
  rxErrors: "rx_errors",
} as const;

const momentary = { snrDb: "snr_db", txRateMbps: "tx_rate_mbps", rxRateMbps: "rx_rate_mbps" } as const;

type Counter = keyof typeof counters;
type Momentary = keyof typeof momentary;

const counterNames = Object.keys(counters) as readonly Counter[];
const momentaryNames = Object.keys(momentary) as readonly Momentary[];

interface Seen {
  latest: number;
  sum: number;
  samples: number;
}

export class Link {
  readonly mac: Mac;
  /** As it was when the client was first seen. */
  readonly #ssid: string;
  #mld: Mac | null = null;
  #connected = false;
  #connects = 0;
  #disconnects = 0;
  #connectedAt: number | null = null;
  #disconnectedAt: number | null = null;
  /** From when on the time connected is not in a record yet; monotonic ms, as all here. */
  #unrecordedSince = 0;
  #unrecorded = 0;
  #sampled = false;
  #sums = zeroSums();
  readonly #seen: Partial<Record<Momentary, Seen>> = {};
  #told: Partial<Record<Momentary, number>> | null = null;

  constructor(mac: Mac, ssid: string) {
    this.mac = mac;
    this.#ssid = ssid;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** `since`: time before it is of no concern. */
  connect({ connectedAt, mldAddr }: Pick<StationState, "connectedAt" | "mldAddr">, now: number, since: number): void {
    this.#mld = mldAddr;
    if (this.#connected) this.disconnect(now);
    this.#connected = true;
    this.#connects++;
    this.#connectedAt = Math.min(connectedAt, now);
    this.#unrecordedSince = Math.max(since, this.#connectedAt);
  }

  disconnect(now: number): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#disconnects++;
    this.#disconnectedAt = now;
    this.#unrecorded += now - this.#unrecordedSince;
  }

  add(values: StatsValues<"STA">): void {
    this.#sampled = true;
    for (const name of counterNames) this.#sums[name] += values[counters[name]] ?? 0;
    for (const name of momentaryNames) {
      const value = values[momentary[name]];
      if (value === undefined) continue;
      const { sum, samples } = this.#seen[name] ?? { sum: 0, samples: 0 };
      this.#seen[name] = { latest: value, sum: sum + value, samples: samples + 1 };
    }
  }

  /** It was sampled, came or went since the last record. */
  get hasNews(): boolean {
    return this.#sampled || this.#connects > 0 || this.#disconnects > 0;
  }

  /** It came or went, something was sent or received, or it is heard otherwise than the last record said. */
  get hasChanged(): boolean {
    if (this.#connects > 0 || this.#disconnects > 0) return true;
    if (counterNames.some((name) => this.#sums[name] > 0)) return true;
    const told = this.#told;
    return this.#sampled && momentaryNames.some((name) => this.#seen[name]?.latest !== told?.[name]);
  }

  /** What came together since the last one. */
  record(now: number, values: "latest" | "average"): ClientRecord {
    const of = (name: Momentary) => {
      const seen = this.#seen[name];
      if (!seen) return 0;
      return values === "latest" ? seen.latest : Math.round(seen.sum / seen.samples);
    };
    const stats: ClientStats = {
      ...this.#sums,
      snrDb: of("snrDb"),
      txRateMbps: of("txRateMbps"),
      rxRateMbps: of("rxRateMbps"),
      rxRatePerceivedMbps: 0,
      txRatePerceivedMbps: 0,
    };
    const whileConnected = this.#connected ? Math.max(0, now - this.#unrecordedSince) : 0;
    const record: ClientRecord = {
      mac: this.mac,
      ...(this.#mld !== null && { mldMac: this.#mld }),
      ssid: this.#ssid,
      connected: this.#connected,
      connectCount: this.#connects,
      disconnectCount: this.#disconnects,
      ...(this.#connectedAt !== null && { connectOffsetMs: now - this.#connectedAt }),
      ...(this.#disconnectedAt !== null && { disconnectOffsetMs: now - this.#disconnectedAt }),
      durationMs: Math.round(this.#unrecorded + whileConnected),
      stats,
      rx: [],
      tx: [],
      tids: [],
      uapsd: 0,
    };
    this.#beginAnew(now);
    return record;
  }

  #beginAnew(now: number): void {
    this.#told = {};
    for (const name of momentaryNames) {
      const seen = this.#seen[name];
      if (seen) this.#told[name] = seen.latest;
      delete this.#seen[name];
    }
    this.#connects = 0;
    this.#disconnects = 0;
    this.#connectedAt = null;
    this.#disconnectedAt = null;
    this.#unrecorded = 0;
    this.#unrecordedSince = now;
    this.#sampled = false;
    this.#sums = zeroSums();
  }
}

function zeroSums(): Record<Counter, number> {
  return Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<Counter, number>;
}
