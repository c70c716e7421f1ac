/** What telemetry kept of a time, as a picture takes it. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import * as telemetryLimits from "../../telemetry/limits.ts";
import { type ClientNow, clientsNow } from "../../telemetry/queries/clients-now.ts";
import type { Past } from "../../telemetry/queries/past.ts";
import type { Averages, Stay, Stays } from "../../telemetry/queries/then.ts";
import type { Picture } from "../host.ts";
import { type ClientThen, reported } from "./clients.ts";
import { radiosReported, shares } from "./radios.ts";

type Told = Pick<Picture, "from" | "stepSeconds" | "unknown"> & {
  readonly clients: readonly ClientThen[];
  readonly radios: Picture["radios"];
};

const widths = "how wide channels were, and what was known of radar";

export function pastTold({ latest, stays, averages }: Past, at: number): Told {
  if (latest.size > 0) {
    const nodes = { node: (id: string) => withLatest(latest.get(id)) };
    const present = clientsNow(latest.keys(), nodes, (mac) => stays.here.get(mac)?.from, at);
    return {
      ...{ from: "reports", stepSeconds: null, unknown: [widths] },
      clients: placed(present, stays, at),
      radios: [...latest].flatMap(([node, { radios }]) => [...radiosReported(node, radios)]),
    };
  }
  if (averages || stays.here.size > 0) {
    const ofStep = averages ? [] : ["how well clients were heard, and what went over the air"];
    return {
      ...{ from: "averages", stepSeconds: averages?.step ?? null, unknown: [...ofStep, widths] },
      clients: averagedClients(stays.here, averages?.clients ?? []),
      radios: (averages?.radios ?? []).map((row) => ({
        ...{ node: row.node_id, band: row.band, channel: row.channel, widthMhz: null, dfs: null },
        ...shares(row.listen_ms > 0 ? percentages(row) : undefined),
      })),
    };
  }
  return { ...{ from: "nothing", stepSeconds: null, clients: [], radios: [] }, unknown: ["who was connected to what"] };
}

/** What has been reported until then is of a moment before: who had just come, gone or roamed is told by later reports, and so by stays. */
function placed(present: readonly ClientNow[], { here, left }: Stays, at: number): readonly ClientThen[] {
  const clients = present.flatMap((client): readonly ClientThen[] => {
    const then = reported(client);
    const stay = here.get(client.mac);
    if (!then || (!stay && left.has(client.mac))) return [];
    const isThere = !stay || (stay.node === then.node && (then.links > 1 || stay.band === then.band));
    return [isThere ? then : arrived(stay)];
  });
  const known = new Set(present.map(({ mac }) => mac));
  const come = [...here.values()].filter(({ mac, from }) => !known.has(mac) && from > at - telemetryLimits.replayMs);
  return [...clients, ...come.map(arrived)].sort((a, b) => (a.mac < b.mac ? -1 : 1));
}

function arrived({ mac, node, band, ssid, from }: Stay): ClientThen {
  return {
    ...{ mac, node, band, ssid, channel: null, snrDb: null, rxLinkMbps: null, txLinkMbps: null },
    ...{ rxMbps: null, txMbps: null, links: 1, since: from, key: null },
  };
}

function withLatest<T>(latest: T | undefined): { readonly latest: T } | undefined {
  return latest && { latest };
}

/** Where stays say they were; of who has none, where the most of the step was spent. */
function averagedClients(stays: ReadonlyMap<Mac, Stay>, rows: Averages["clients"]): readonly ClientThen[] {
  const best = new Map<string, Averages["clients"][number]>();
  for (const row of rows) {
    if (row.connected_ms <= 0) continue;
    const stay = stays.get(row.mac as Mac);
    if (stay && (row.node_id !== stay.node || row.band !== stay.band)) continue;
    const known = best.get(row.mac);
    if (!known || row.connected_ms > known.connected_ms) best.set(row.mac, row);
  }
  const macs = new Set([...stays.keys(), ...best.keys()]);
  return [...macs].sort().flatMap((mac): ClientThen[] => {
    const row = best.get(mac);
    const stay = stays.get(mac as Mac);
    const [node, band] = [stay?.node ?? row?.node_id, stay?.band ?? row?.band];
    if (node === undefined || band === undefined) return [];
    const mbps = (bytes: number) => (row && row.connected_ms > 0 ? (bytes * 8) / row.connected_ms / 1000 : null);
    return [
      {
        ...{ mac: mac as Mac, node, band, ssid: stay?.ssid ?? row?.ssid ?? "", channel: null },
        snrDb: mean(row?.snr_sum, row?.snr_count),
        rxLinkMbps: mean(row?.rx_link_sum, row?.rx_link_count),
        txLinkMbps: mean(row?.tx_link_sum, row?.tx_link_count),
        rxMbps: mbps(row?.rx_bytes ?? 0),
        txMbps: mbps(row?.tx_bytes ?? 0),
        ...{ links: 1, since: stay?.from ?? null, key: null },
      },
    ];
  });
}

function percentages(row: Averages["radios"][number]) {
  const percent = (ms: number) => (ms / row.listen_ms) * 100;
  return { busyPercent: percent(row.busy_ms), txPercent: percent(row.tx_ms), selfPercent: percent(row.self_ms) };
}

function mean(sum: number | undefined, count: number | undefined): number | null {
  return sum !== undefined && count !== undefined && count > 0 ? sum / count : null;
}
