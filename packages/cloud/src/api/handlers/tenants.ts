import { z } from "zod";
import {
  createLocation,
  getLocation,
  type LocationCursor,
  removeLocation,
  renameLocation,
  searchLocations,
} from "../../store/locations.ts";
import { createTenant, getTenant, listTenants, removeTenant, renameTenant, type Tenant } from "../../store/tenants.ts";
import type { Handlers } from "../api.ts";
import { reaches } from "../contract/roles.ts";
import type { tenantRoutes } from "../contract/tenants.ts";
import type { LiveLocation } from "../host.ts";
import { absent, wrongFields } from "../problems.ts";
import { locationView, pageOf, wholeOf } from "./views.ts";

export const tenantHandlers: Handlers<keyof typeof tenantRoutes> = {
  async "GET /tenants"({ api, principal, query }) {
    const { after = "", limit } = query;
    if (principal.tenant !== null) {
      const own = await getTenant(api.store, principal.tenant);
      return wholeOf(own.name > after ? [tenantView(own)] : []);
    }
    return pageOf(await listTenants(api.store, { after, limit }), limit, tenantView, ({ name }) => name);
  },

  async "POST /tenants"({ api, by, body }) {
    return tenantView(await createTenant(api.store, body.name, by));
  },

  async "GET /tenants/:tenant"({ api, params }) {
    return tenantView(await getTenant(api.store, params.tenant));
  },

  async "PATCH /tenants/:tenant"({ api, params, by, body }) {
    return tenantView(await renameTenant(api.store, params.tenant, body.name, by));
  },

  async "DELETE /tenants/:tenant"({ api, params, by }) {
    await removeTenant(api.store, params.tenant, by);
    void api.streams.recheck();
    return null;
  },

  async "GET /locations"({ api, principal, query }) {
    const { limit, find } = query;
    if (query.tenant !== undefined && !reaches(principal, query.tenant)) throw absent("tenant");
    const tenant = query.tenant ?? principal.tenant;
    const ids = query.attention ? [...api.host.locations.all()].filter(needsAttention).map(({ id }) => id) : undefined;
    const after = query.after === undefined ? undefined : cursorOf(query.after);
    const found = await searchLocations(api.store, { after, limit, find, ids, tenant: tenant ?? undefined });
    return pageOf(
      found,
      limit,
      ({ cursor, ...location }) => locationView(location, api.host),
      ({ cursor: { name, id } }) => Buffer.from(JSON.stringify([name, id])).toString("base64url"),
    );
  },

  async "POST /tenants/:tenant/locations"({ api, params, by, body }) {
    return locationView(await createLocation(api.store, params.tenant, body.name, by), api.host);
  },

  async "GET /locations/:location"({ api, params }) {
    return locationView(await getLocation(api.store, params.location), api.host);
  },

  async "PATCH /locations/:location"({ api, params, by, body }) {
    return locationView(await renameLocation(api.store, params.location, body.name, by), api.host);
  },

  async "DELETE /locations/:location"({ api, params, by }) {
    await removeLocation(api.store, params.location, by);
    return null;
  },
};

function needsAttention({ settled, nodes }: LiveLocation): boolean {
  return !settled || nodes.some(({ connection, note }) => connection !== "connected" || note !== null);
}

const cursorShape = z.tuple([z.string(), z.string()]);

function cursorOf(text: string): LocationCursor {
  try {
    const [name, id] = cursorShape.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    return { name, id };
  } catch {
    throw wrongFields([{ path: "after", reason: "is not of an answer of this list; give its 'next' as it is" }]);
  }
}

function tenantView({ id, name, createdAt }: Tenant) {
  return { id, name, createdAt: createdAt.toISOString() };
}
