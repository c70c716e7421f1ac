/** What the collectors of the single types have in common. */

import type { Clock } from "@opensync-ts/base/clock";
import type { AuthFailuresReport } from "@opensync-ts/telemetry/auth-failures";
import type { CapacityReport } from "@opensync-ts/telemetry/capacity";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import type { DeviceReport } from "@opensync-ts/telemetry/device";
import type { Band } from "@opensync-ts/telemetry/names";
import type { NeighborReport } from "@opensync-ts/telemetry/neighbor";
import type { RssiReport } from "@opensync-ts/telemetry/rssi";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { SurveyReport } from "@opensync-ts/telemetry/survey";
import type { WirelessState } from "@opensync-ts/wireless/contract";
import type { StatsBus, StatsRecord } from "@opensync-ts/wireless/stats/contract";
import type { StatsName } from "@opensync-ts/wireless/stats/definitions";
import type { DropKind } from "./drops.ts";
import type { StatsPlan } from "./plan.ts";
import type { Radios } from "./radios.ts";

/** One message of a report, under the name of the list it belongs in. */
export type ReportItem =
  | { readonly kind: "surveys"; readonly message: SurveyReport }
  | { readonly kind: "neighbors"; readonly message: NeighborReport }
  | { readonly kind: "clients"; readonly message: ClientsReport }
  | { readonly kind: "devices"; readonly message: DeviceReport }
  | { readonly kind: "rssi"; readonly message: RssiReport }
  | { readonly kind: "capacities"; readonly message: CapacityReport }
  | { readonly kind: "authFailures"; readonly message: AuthFailuresReport }
  | { readonly kind: "steering"; readonly message: SteeringReport };

/** The moment of a report on both clocks: offsets are taken from the monotonic one, which nobody sets. */
export interface ReportTime {
  readonly now: number;
  /** Wall clock, ms since 1970. */
  readonly wall: number;
}

export interface CollectorContext {
  readonly clock: Clock;
  readonly stats: StatsBus;
  readonly state: WirelessState;
  readonly radios: Radios;
  /** For the row that it collects for. */
  readonly dropped: (kind: DropKind, count?: number) => void;
}

export interface Collector {
  /** What came together since the last report, if it is worth one; it begins anew. */
  take(time: ReportTime): readonly ReportItem[];
  /** What the bus delivers to it; absent where there is nothing to wait for. */
  readonly feed?: Feed;
  /** When it is to `tick` next, monotonic ms. */
  readonly nextTick?: number;
  tick?(now: number): void;
  stop(): void;
}

/** A subscription, and what a report has to know to wait for it. */
export class Feed {
  /** The last time; monotonic ms. Of the beginning, until something has come. */
  deliveredAt: number;
  readonly #unsubscribe: () => void;

  /** Throws a `RangeError` where there are too many subscribers already. */
  constructor(
    name: string,
    { clock, stats }: Pick<CollectorContext, "clock" | "stats">,
    { sampling, reporting }: Pick<StatsPlan, "sampling" | "reporting">,
    wanted: readonly StatsName[],
    take: (records: readonly StatsRecord[]) => void,
  ) {
    this.deliveredAt = clock.now();
    this.#unsubscribe = stats.subscribe({
      name,
      stats: wanted,
      pollPeriod: sampling,
      reportPeriod: Math.min(sampling, reporting),
      report: (records) => {
        this.deliveredAt = clock.now();
        take(records);
      },
    });
  }

  stop(): void {
    this.#unsubscribe();
  }
}

/** Plans of all types but `device` name one. */
export function bandOf({ band }: StatsPlan): Band {
  if (band === null) throw new TypeError("a plan without a band");
  return band;
}

/** Of a list that is only ever appended to. */
export function dropOldest(list: unknown[], bound: number): number {
  const surplus = Math.max(0, list.length - bound);
  if (surplus > 0) list.splice(0, surplus);
  return surplus;
}
