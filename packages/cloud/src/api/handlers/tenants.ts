import { createLocation, getLocation, listLocations, removeLocation, renameLocation } from "../../store/locations.ts";
import { createTenant, getTenant, listTenants, removeTenant, renameTenant, type Tenant } from "../../store/tenants.ts";
import type { Handlers } from "../api.ts";
import { reaches } from "../contract/roles.ts";
import type { tenantRoutes } from "../contract/tenants.ts";
import { absent } from "../problems.ts";
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
    const { after = "", limit } = query;
    if (query.tenant !== undefined && !reaches(principal, query.tenant)) throw absent("tenant");
    const tenant = query.tenant ?? principal.tenant;
    const found = await listLocations(api.store, { after, limit, ...(tenant === null ? {} : { tenant }) });
    return pageOf(
      found,
      limit,
      (location) => locationView(location, api.host),
      ({ id }) => id,
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

function tenantView({ id, name, createdAt }: Tenant) {
  return { id, name, createdAt: createdAt.toISOString() };
}
