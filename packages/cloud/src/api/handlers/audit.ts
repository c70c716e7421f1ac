import { type AuditEntry, type AuditQuestion, readAudit } from "../../store/audit.ts";
import { listSettings, setSetting } from "../../store/settings.ts";
import type { Api, Handlers } from "../api.ts";
import type { auditRoutes } from "../contract/audit.ts";
import { pageOf } from "./views.ts";

export const auditHandlers: Handlers<keyof typeof auditRoutes> = {
  async "GET /audit"({ api, query }) {
    return trail(api, query);
  },
  async "GET /tenants/:tenant/audit"({ api, params, query }) {
    return trail(api, { ...query, tenant: params.tenant });
  },
  async "GET /locations/:location/audit"({ api, params, query }) {
    return trail(api, { ...query, location: params.location });
  },

  async "GET /settings"({ api }) {
    return { settings: await listSettings(api.store, "cloud") };
  },
  async "PUT /settings/:settingKey"({ api, params, body, by }) {
    await setSetting(api.store, "cloud", params.settingKey, body.value, by);
    return null;
  },
  async "DELETE /settings/:settingKey"({ api, params, by }) {
    await setSetting(api.store, "cloud", params.settingKey, undefined, by);
    return null;
  },

  async "GET /tenants/:tenant/settings"({ api, params }) {
    return { settings: await listSettings(api.store, params.tenant) };
  },
  async "PUT /tenants/:tenant/settings/:settingKey"({ api, params, body, by }) {
    await setSetting(api.store, params.tenant, params.settingKey, body.value, by);
    return null;
  },
  async "DELETE /tenants/:tenant/settings/:settingKey"({ api, params, by }) {
    await setSetting(api.store, params.tenant, params.settingKey, undefined, by);
    return null;
  },

  async "GET /locations/:location/settings"({ api, params }) {
    return { settings: await listSettings(api.store, params.location) };
  },
  async "PUT /locations/:location/settings/:settingKey"({ api, params, body, by }) {
    await setSetting(api.store, params.location, params.settingKey, body.value, by);
    return null;
  },
  async "DELETE /locations/:location/settings/:settingKey"({ api, params, by }) {
    await setSetting(api.store, params.location, params.settingKey, undefined, by);
    return null;
  },
};

type Asked = { readonly [K in keyof AuditQuestion]: AuditQuestion[K] | undefined } & { readonly limit: number };

async function trail(api: Api, { tenant, location, actor, before, limit }: Asked) {
  const found = await readAudit(api.store, {
    ...(tenant === undefined ? {} : { tenant }),
    ...(location === undefined ? {} : { location }),
    ...(actor === undefined ? {} : { actor }),
    ...(before === undefined ? {} : { before }),
    limit,
  });
  return pageOf(found, limit, entryView, ({ id }) => id);
}

function entryView({ by, at, details, ...entry }: AuditEntry) {
  return { ...entry, at: at.toISOString(), actor: by.actor, why: by.why, details: [...details] };
}
