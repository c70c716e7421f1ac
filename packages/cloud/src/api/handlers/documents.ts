import { homeSchema } from "../../home.ts";
import { fillSecrets } from "../../model/fill-secrets.ts";
import { mapSecrets } from "../../model/secrets.ts";
import { audited, type By } from "../../store/audit.ts";
import { getLocation } from "../../store/locations.ts";
import { appliedVersion, diffVersions, getVersion, listVersions, type Version } from "../../store/read-versions.ts";
import { applyVersion, discardDraft, revert, saveDraft } from "../../store/versions.ts";
import type { Api, Handlers } from "../api.ts";
import type { documentRoutes } from "../contract/documents.ts";
import { absent, misshapen, wrongFields } from "../problems.ts";
import { plannedNode } from "./planned-view.ts";
import { pageOf, summaryView, versionView } from "./views.ts";

export const documentHandlers: Handlers<keyof typeof documentRoutes> = {
  async "GET /locations/:location/document"({ api, params, query, by, tenant }) {
    const version = await appliedVersion(api.store, params.location);
    if (!version) throw absent("version that holds; apply one");
    return shown(api, tenant, version, query.secrets, by);
  },

  async "PUT /locations/:location/draft"({ api, params, body, by }) {
    const { store } = api;
    const { basedOn, secretsOf = basedOn } = body;
    const { head } = await getLocation(store, params.location);
    // What stands in the place of secrets means those of a version that the author has seen; where there is another by now, it is refused below.
    const known = secretsOf > 0 && secretsOf <= head ? await getVersion(store, params.location, secretsOf) : undefined;
    const document = checkedDocument(body.document, known?.document);
    return versionView(await saveDraft(store, params.location, document, { basedOn }, by), false);
  },

  async "GET /locations/:location/versions"({ api, params, query }) {
    const { before, limit } = query;
    const found = await listVersions(api.store, params.location, {
      limit,
      ...(before === undefined ? {} : { before }),
    });
    return pageOf(found, limit, summaryView, ({ number }) => number);
  },

  async "GET /locations/:location/versions/:version"({ api, params, query, by, tenant }) {
    return shown(api, tenant, await getVersion(api.store, params.location, params.version), query.secrets, by);
  },

  async "GET /locations/:location/versions/:version/rows"({ api, params }) {
    const { document } = await getVersion(api.store, params.location, params.version);
    const live = api.host.locations.get(params.location);
    const items = document.nodes.map(({ id }) =>
      plannedNode(id, live?.node(id), live?.wouldWrite(id, document), live?.wouldWrite(id, live.home)),
    );
    return { items };
  },

  async "GET /locations/:location/diff"({ api, params, query }) {
    const { head, applied } = await getLocation(api.store, params.location);
    const { from = applied ?? 0, to = head } = query;
    if (to === 0) throw absent("version; save a draft");
    const changes = await diffVersions(api.store, params.location, from, to);
    return { from, to, changes: [...changes] };
  },

  async "POST /locations/:location/versions/:version/apply"({ api, params, by }) {
    return summaryOf(await applyVersion(api.store, params.location, params.version, by));
  },

  async "POST /locations/:location/versions/:version/discard"({ api, params, by }) {
    await discardDraft(api.store, params.location, params.version, by);
    return null;
  },

  async "POST /locations/:location/revert"({ api, params, body, by }) {
    return summaryOf(await revert(api.store, params.location, body.to, { basedOn: body.basedOn }, by));
  },
};

function summaryOf({ document: _, ...summary }: Version) {
  return summaryView(summary);
}

/** Who has seen secrets is asked later. */
async function shown(api: Api, tenant: string | null, version: Version, secrets: boolean, by: By) {
  const { location, number } = version;
  if (secrets) {
    const deed = { action: "version.reveal", tenant, location, target: `version ${number}` };
    await audited(api.store, by, deed, async () => ({ result: undefined }));
  }
  return versionView(version, secrets);
}

function checkedDocument(document: unknown, from: unknown): unknown {
  // Before anything else looks into it: it may be nested too deep.
  mapSecrets(document, (secret) => secret);
  const { document: filled, missing } = fillSecrets(document, from);
  if (missing.length > 0) {
    const reason = "is null, and the version that secrets are taken from has none in its place; give it";
    throw wrongFields(missing.map((path) => ({ path: `body.document.${path}`, reason })));
  }
  const result = homeSchema.safeParse(filled);
  if (!result.success) throw misshapen("body.document", result.error);
  return result.data;
}
