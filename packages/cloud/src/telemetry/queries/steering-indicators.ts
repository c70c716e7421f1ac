/** What steering did at a location in a stretch of time, put together from what is kept of it. */

import type { Mac } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/telemetry/names";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import {
  type AskedMove,
  type Indicators,
  indicators,
  type Stay,
  type SteeringRecord,
  type Throughput,
} from "../../steering/indicators/indicators.ts";
import { indicatorEvents } from "../../steering/limits.ts";
import { StoreRefusal } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";

export interface IndicatorQuestion {
  readonly location: string;
  /** ms since 1970; `to` is not included, and not later than now. */
  readonly from: number;
  readonly to: number;
  /** What the cloud has asked for in that time. */
  readonly moves: readonly AskedMove[];
  readonly classOf: (mac: Mac) => string;
  /** As `AccessPoints` has it: undefined where there is none such (any more). Stays there are left out. */
  readonly bssidOf: (node: string, band: Band, ssid: string) => Mac | undefined;
}

/** Around a move is looked at so far. */
const around = 600_000;

/** Throughput is known for as long as rows of a minute are kept; harm before that is not told. */
export async function steeringIndicators(store: Store, question: IndicatorQuestion): Promise<Indicators> {
  const { location, from, to, moves, classOf, bssidOf } = question;
  if (!(from < to)) throw new StoreRefusal("invalid", "from, to: are no stretch of time; give the earlier first");
  const steered = [...new Set(moves.map(({ mac }) => mac))].slice(0, 1_000);
  const { events, stays, series } = await store.run("read what steering did", async (transaction) => ({
    events: await transaction
      .selectFrom("steering_events")
      .select(["at_ms", "mac", "event"])
      .where("location_id", "=", location)
      .where("at_ms", ">=", from)
      .where("at_ms", "<", to)
      .orderBy("at_ms")
      .limit(indicatorEvents)
      .execute(),
    stays: await transaction
      .selectFrom("client_stays")
      .select(["mac", "node_id", "band", "ssid", "from_ms", "to_ms"])
      .where("location_id", "=", location)
      .where("from_ms", "<", to + around)
      .where((builder) => builder.or([builder("to_ms", "is", null), builder("to_ms", ">=", from - around)]))
      .orderBy("from_ms")
      .limit(indicatorEvents)
      .execute(),
    series:
      steered.length === 0
        ? []
        : await transaction
            .selectFrom("rollup_clients")
            .select(["at", "mac", "rx_bytes", "tx_bytes", "connected_ms"])
            .where("location_id", "=", location)
            .where("step", "=", 60)
            .where("mac", "in", steered)
            .where("at", ">=", from - around)
            .where("at", "<", to)
            .orderBy("at")
            .limit(indicatorEvents)
            .execute(),
  }));
  return indicators({
    from,
    to,
    moves,
    classOf,
    clients: stays
      .filter(({ from_ms, to_ms }) => from_ms < to && (to_ms === null || to_ms > from))
      .map(({ mac }) => mac as Mac),
    stays: stays.flatMap((row): Stay[] => {
      const bssid = bssidOf(row.node_id, row.band as Band, row.ssid);
      return bssid === undefined ? [] : [{ mac: row.mac as Mac, bssid, from: row.from_ms, to: row.to_ms }];
    }),
    events: events.map(
      ({ at_ms, mac, event }): SteeringRecord => ({ at: at_ms, mac: mac as Mac, event: event as SteeringEvent }),
    ),
    throughput: throughputOf(series),
  });
}

/** Of all links of a client together. */
function throughputOf(
  rows: readonly {
    readonly at: number;
    readonly mac: string;
    readonly rx_bytes: number;
    readonly tx_bytes: number;
    readonly connected_ms: number;
  }[],
): Throughput[] {
  const minutes = new Map<string, { at: number; mac: Mac; bytes: number; ms: number }>();
  for (const { at, mac, rx_bytes, tx_bytes, connected_ms } of rows) {
    const minute = minutes.get(`${mac} ${at}`) ?? { at: at + 60_000, mac: mac as Mac, bytes: 0, ms: 0 };
    minute.bytes += rx_bytes + tx_bytes;
    minute.ms = Math.max(minute.ms, connected_ms);
    minutes.set(`${mac} ${at}`, minute);
  }
  return [...minutes.values()].flatMap(({ at, mac, bytes, ms }) =>
    ms > 0 ? [{ at, mac, mbps: (bytes * 8) / ms / 1000 }] : [],
  );
}
