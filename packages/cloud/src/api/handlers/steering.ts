import type { Api, Handlers } from "../api.ts";
import type { steeringRoutes } from "../contract/steering.ts";
import type { SteeringQueries } from "../host.ts";
import { absent, notHere } from "../problems.ts";
import { spanOf } from "./telemetry.ts";
import { pageOf } from "./views.ts";

export const steeringHandlers: Handlers<keyof typeof steeringRoutes> = {
  async "GET /locations/:location/steering"({ api, params }) {
    return { mode: await steering(api).mode(params.location) };
  },

  async "PUT /locations/:location/steering"({ api, params, body, by }) {
    await steering(api).setMode(params.location, body.mode, by);
    return body;
  },

  async "GET /locations/:location/steering/clients/:mac"({ api, params }) {
    const explanation = await steering(api).explain(params.location, params.mac);
    if (!explanation) throw absent("client");
    return explanation;
  },

  async "POST /locations/:location/steering/clients/:mac/reset"({ api, params, by }) {
    if (!(await steering(api).resetBackoff(params.location, params.mac, by))) throw absent("client");
    return null;
  },

  async "GET /locations/:location/steering/journal"({ api, params, query }) {
    const { mac, limit } = query;
    const found = await steering(api).journal(params.location, { ...spanOf(query), mac, limit });
    return pageOf(
      found,
      limit,
      (entry) => entry,
      ({ at }) => at,
    );
  },

  async "GET /locations/:location/steering/indicators"({ api, params, query }) {
    return steering(api).indicators(params.location, spanOf(query));
  },
};

function steering({ host }: Api): SteeringQueries {
  if (!host.steering) throw notHere("steering");
  return host.steering;
}
