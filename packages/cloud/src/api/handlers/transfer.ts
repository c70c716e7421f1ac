import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { audited, type By } from "../../store/audit.ts";
import { backupToFile } from "../../store/backup.ts";
import { exportLocation, exportTenant, importDraft, importLocation, importTenant } from "../../store/transfer.ts";
import type { Api, Handlers } from "../api.ts";
import type { transferRoutes } from "../contract/transfer.ts";
import * as limits from "../limits.ts";
import { openApi } from "../openapi.ts";
import { ApiProblem } from "../problems.ts";
import { locationView } from "./views.ts";

export const transferHandlers: Handlers<keyof typeof transferRoutes> = {
  async "GET /locations/:location/export"({ api, params, query, by }) {
    return exportLocation(api.store, params.location, query, by);
  },

  async "POST /locations/:location/import"({ api, params, body, by }) {
    const { number } = await importDraft(api.store, params.location, body.basedOn, body.export, by);
    return { version: number };
  },

  async "GET /tenants/:tenant/export"({ api, params, query, by }) {
    return exportTenant(api.store, params.tenant, query, by);
  },

  async "POST /tenants/:tenant/import"({ api, params, body, by }) {
    return locationView(await importLocation(api.store, params.tenant, body.export, by), api.host);
  },

  async "POST /import"({ api, body, by }) {
    return { tenant: (await importTenant(api.store, body.export, by)).id };
  },

  async "GET /backup"({ api, by, reply }) {
    const file = await backupFile(api, by);
    const late = api.clock.setTimer(limits.backupMs, () => reply.raw.destroy());
    try {
      // Resolves when it has been read, or the reader has left.
      await reply
        .type("application/x-ndjson")
        .header("content-disposition", 'attachment; filename="opensync-store.ndjson"')
        .header("content-length", (await file.stat()).size)
        .send(file.createReadStream());
    } finally {
      late.cancel();
      await file.close();
    }
  },

  async "GET /connection"({ api }) {
    return api.host.connection;
  },

  async "GET /openapi.json"({ api }) {
    return openApi(api.caller.cookie);
  },
};

/** Which clouds are making one now. */
const busy = new WeakSet<object>();

/** A file without a name: it is gone when it is closed. The store is not held up by who reads it slowly. */
async function backupFile({ store, host, random }: Api, by: By): Promise<FileHandle> {
  if (busy.has(store)) {
    throw new ApiProblem(429, "limit", "a backup is being made already; try again later", { retryAfterMs: 10_000 });
  }
  busy.add(store);
  const path = join(host.directory, `backup-${random.uuid()}.ndjson`);
  try {
    await audited(store, by, { action: "store.backup" }, async () => ({ result: undefined }));
    await backupToFile(store, path);
    return await open(path, "r");
  } finally {
    await rm(path, { force: true });
    busy.delete(store);
  }
}
