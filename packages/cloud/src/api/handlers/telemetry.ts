import { getLocation } from "../../store/locations.ts";
import type { Api, Handlers } from "../api.ts";
import { reaches } from "../contract/roles.ts";
import type { telemetryRoutes } from "../contract/telemetry.ts";
import type { Span, TelemetryQueries } from "../host.ts";
import { absent, notHere, wrongFields } from "../problems.ts";
import { pageOf, wholeOf } from "./views.ts";

export const telemetryHandlers: Handlers<keyof typeof telemetryRoutes> = {
  async "GET /locations/:location/series/clients/:mac"({ api, params, query }) {
    return queries(api).series(params.location, { kind: "client", mac: params.mac }, spanOf(query));
  },

  async "GET /locations/:location/series/nodes/:node"({ api, params, query }) {
    return queries(api).series(params.location, { kind: "node", node: params.node }, spanOf(query));
  },

  async "GET /locations/:location/series/nodes/:node/radios/:radio"({ api, params, query }) {
    const { location, node, radio } = params;
    return queries(api).series(location, { kind: "radio", node, band: radio }, spanOf(query));
  },

  async "GET /locations/:location/series/nodes/:node/radios/:radio/channels/:channel"({ api, params, query }) {
    const { location, node, radio, channel } = params;
    return queries(api).series(location, { kind: "channel", node, band: radio, channel }, spanOf(query));
  },

  async "GET /locations/:location/talkers"({ api, params, query }) {
    const found = await queries(api).talkers(params.location, spanOf(query), query.limit);
    return wholeOf([...found]);
  },

  async "GET /locations/:location/events"({ api, params, query }) {
    const { to, ...rest } = query;
    const found = await queries(api).events(params.location, {
      ...rest,
      to: to === undefined ? undefined : Date.parse(to),
    });
    return pageOf(found, query.limit, same, ({ id }) => id);
  },

  async "GET /locations/:location/steering/clients/:mac/events"({ api, params, query }) {
    const found = await queries(api).steeringEvents(params.location, params.mac, query.limit);
    return wholeOf([...found]);
  },

  async "GET /alerts"({ api, principal, query }) {
    const { before, limit, open } = query;
    if (query.tenant !== undefined && !reaches(principal, query.tenant)) throw absent("tenant");
    const tenant = query.tenant ?? principal.tenant;
    const found = await queries(api).alerts({ tenant, location: null, onlyOpen: open, before, limit });
    return pageOf(found, limit, same, ({ id }) => id);
  },

  async "GET /locations/:location/alerts"({ api, params, query }) {
    const { before, limit, open } = query;
    const found = await queries(api).alerts({ tenant: null, location: params.location, onlyOpen: open, before, limit });
    return pageOf(found, limit, same, ({ id }) => id);
  },

  async "GET /events/stream"({ api, principal, query, request, reply }) {
    const { location } = query;
    if (location !== undefined) {
      const { tenant } = await getLocation(api.store, location);
      if (!reaches(principal, tenant)) throw absent("location");
    }
    api.streams.checkRoom(principal);
    const lastId = request.headers["last-event-id"];
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      "content-type": "text/event-stream",
      // Proxies would hold it back.
      "x-accel-buffering": "no",
    });
    api.streams.open(raw, {
      principal,
      location: location ?? null,
      lastId: typeof lastId === "string" ? lastId : undefined,
      again: () => api.caller.again(request),
    });
  },
};

function queries({ host }: Api): TelemetryQueries {
  if (!host.telemetry) throw notHere("telemetry");
  return host.telemetry;
}

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly step?: number | undefined;
}

export function spanOf({ from, to, step }: Ends): Span {
  const span = { from: Date.parse(from), to: Date.parse(to) };
  if (span.from >= span.to) throw wrongFields([{ path: "query.to", reason: "is not after 'from'; exchange the two" }]);
  return step === undefined ? span : { ...span, step };
}

function same<T>(entry: T): T {
  return entry;
}
