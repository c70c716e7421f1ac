/** What the API tells of telemetry, from the telemetry that runs in the cloud. */

import type { Mac } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/telemetry/names";
import type { Locations } from "../locations.ts";
import type { TableReader } from "../rows.ts";
import { StoreRefusal } from "../store/errors.ts";
import type { Alert } from "../telemetry/alerts/alerts.ts";
import type { EventKind, TelemetryEvent } from "../telemetry/events/event.ts";
import type { Series as MeasuredSeries } from "../telemetry/queries/series.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { AlertView, ClientNow, EventView, Series, SeriesOf, Span, TelemetryQueries } from "./host.ts";
import { keysUsed } from "./keys-used.ts";
import { livePicture } from "./picture/live-picture.ts";
import { lastHeardOf, presentAt } from "./picture/present.ts";

/** `lastName`: what a client was called last. */
export function liveTelemetry(
  telemetry: Telemetry,
  locations: Locations,
  wallTime: () => number,
  lastName: TelemetryQueries["lastName"] = () => undefined,
): TelemetryQueries {
  const { queries } = telemetry;
  return {
    series: async (location, of, span) => seriesView(await measured(location, of, span)),

    async clientsNow(id) {
      const location = locations.get(id);
      if (!location) return [];
      const now = wallTime();
      const { air, measured, clients, at } = presentAt(queries, location, now);
      const named = addressesAt(id);
      const keyOf = keysUsed(tablesAt(id));
      const reports = new Map(measured.map((client) => [client.mac, client]));
      const heard = new Map(location.nodes.map((node) => [node.id, lastHeardOf(node)]));
      const stations = new Set([...air.values()].flatMap((node) => node.stations.map(({ mac }) => mac)));
      return clients.flatMap(
        ({
          mac,
          node,
          ssid,
          band,
          channel,
          snrDb,
          rxLinkMbps,
          txLinkMbps,
          rxMbps,
          txMbps,
          since,
          key,
        }): readonly ClientNow[] => {
          if (stations.has(mac)) return [];
          const { hostname, address } = named.get(mac) ?? {};
          const report = reports.get(mac);
          const last = heard.get(node) ?? null;
          return [
            {
              ...{ mac, node, ssid, band, channel, snr: snrDb, rxLinkMbps, txLinkMbps, rxMbps, txMbps },
              ...{ hostname: hostname || null, address: address ?? null },
              connectedSeconds: since === null ? null : Math.max(0, Math.round(((last ?? now) - since) / 1000)),
              key: keyOf(mac, node, ssid) ?? key,
              seenAt: iso(report ? at - report.ageMs : (last ?? now)),
              lastKnownAt: last === null ? null : iso(last),
            },
          ];
        },
      );
    },

    lastName,

    picture: (location, home, at) => livePicture({ queries, locations, wallTime, lastName }, location, home, at),

    talkers: async (location, span, limit) => queries.topTalkers(location, spanOf(span), limit),

    async events(location, { kind, node, client, to, before, limit }) {
      const kinds = kind === undefined ? undefined : [kind as EventKind];
      const events = await queries.events({ location, kinds, node, client, to, before, limit });
      return events.map(viewOf);
    },

    radiosHeard: (node) => queries.radiosHeard(node),

    async steeringEvents(location, mac, limit) {
      const found = await queries.steeringEvents({ location, mac: mac as Mac, limit });
      return found.map(({ at, event: { type, offsetMs: _, ...details }, ...where }) => ({
        ...{ ...where, at: iso(at), type, details },
      }));
    },

    async alerts({ tenant, location, onlyOpen, before, limit }) {
      const alerts = await queries.alerts({
        ...(tenant === null ? {} : { tenant }),
        ...(location === null ? {} : { location }),
        ...(onlyOpen ? { open: true } : {}),
        ...(before === undefined ? {} : { before }),
        limit,
      });
      return alerts.map(alertView);
    },

    follow(listener) {
      const stops = [
        telemetry.onEvent((event) => listener({ kind: "event", event: viewOf(event) })),
        telemetry.onAlert((alert) => listener({ kind: "alert", alert: alertView(alert) })),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };

  function measured(location: string, of: SeriesOf, span: Span): Promise<MeasuredSeries<Measured>> {
    const within = spanOf(span);
    switch (of.kind) {
      case "client":
        return queries.clientSeries(location, of.mac as Mac, within);
      case "node":
        return queries.nodeSeries(location, of.node, within);
      case "radio":
        return queries.radioSeries(location, { node: of.node, band: bandOf(of.band) }, within);
      case "channel":
        return queries.channelSeries(location, { node: of.node, band: bandOf(of.band), channel: of.channel }, within);
    }
  }

  function viewOf(event: TelemetryEvent): EventView {
    const { location, client } = event;
    return eventView(event, (location !== null && client !== null && lastName(location, client)) || null);
  }

  /** Of the nodes that are connected. */
  function tablesAt(id: string): (readonly [string, TableReader])[] {
    const location = locations.get(id);
    return (location?.nodes ?? []).flatMap(({ id: node }) => {
      const tables = location?.session(node)?.tables;
      return tables ? [[node, tables] as const] : [];
    });
  }

  /** Who has which address, as the location's nodes have given them out. */
  function addressesAt(id: string): ReadonlyMap<string, { readonly hostname: string; readonly address: string }> {
    const found = new Map<string, { hostname: string; address: string }>();
    for (const session of locations.get(id)?.sessions() ?? []) addLeases(session.tables, found);
    return found;
  }
}

function addLeases(tables: TableReader | undefined, found: Map<string, { hostname: string; address: string }>): void {
  for (const { hwaddr, inet_addr, hostname } of tables?.("DHCP_leased_IP").values() ?? []) {
    if (typeof hwaddr !== "string" || typeof inet_addr !== "string") continue;
    found.set(hwaddr.toLowerCase(), { address: inet_addr, hostname: typeof hostname === "string" ? hostname : "" });
  }
}

/** What all points have; the rest of them is figures. */
interface Measured {
  readonly at: number;
  readonly node: string;
  readonly band?: Band;
  readonly channel?: number | null;
  readonly ssid?: string | null;
}

function seriesView({ from, to, step, points, truncated }: MeasuredSeries<Measured>): Series {
  return {
    ...{ from: iso(from), to: iso(to), step, truncated },
    points: points.map(({ at, node, band, channel, ssid, ...figures }) => ({
      ...{ at: iso(at), node, band: band ?? null, channel: channel ?? null, ssid: ssid ?? null },
      values: Object.fromEntries(Object.entries(figures).flatMap(([name, value]) => flat(name, value))),
    })),
  };
}

/** `snrDb` with its extremes becomes `snrDb`, `snrDbMin` and `snrDbMax`. */
function flat(name: string, value: unknown): readonly (readonly [string, number | null])[] {
  if (typeof value === "number" || value === null) return [[name, value]];
  const { min, mean, max } = value as { readonly min: number; readonly mean: number; readonly max: number };
  return [
    [name, mean],
    [`${name}Min`, min],
    [`${name}Max`, max],
  ];
}

function eventView({ at, details, ...event }: TelemetryEvent, clientName: string | null): EventView {
  return { ...event, at: iso(at), clientName, details: { ...details } };
}

function alertView({ raisedAt, clearedAt, subject, ...alert }: Alert): AlertView {
  return {
    ...alert,
    subject: subject === "" ? null : subject,
    raisedAt: iso(raisedAt),
    clearedAt: clearedAt === null ? null : iso(clearedAt),
  };
}

function spanOf({ from, to, step }: Span) {
  return { from, to, ...(step === undefined ? {} : { step }) };
}

const known: readonly Band[] = ["2.4G", "5G", "5GL", "5GU", "6G"];

function bandOf(text: string): Band {
  const band = known.find((entry) => entry === text);
  if (band) return band;
  throw new StoreRefusal("invalid", `radio: is no band of a radio; use ${known.join(", ")}`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
