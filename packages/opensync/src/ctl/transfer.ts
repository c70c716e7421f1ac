/** `ctl` commands that take data along: export, import, backup. */

import { type FileHandle, open, rm } from "node:fs/promises";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { jsonText } from "../json-text.ts";
import { locationOf, tenantOf } from "./places.ts";
import { Ctl, type CtlOptions, jsonOf } from "./session.ts";

export interface ExportOptions extends CtlOptions {
  readonly tenant?: string;
  readonly secrets?: boolean;
  readonly out?: string;
}

/** A location, or a tenant with all its locations. */
export async function exportData(named: string | undefined, options: ExportOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const query = { secrets: options.secrets ?? false };
  const exported =
    options.tenant === undefined
      ? await ctl.ask("GET /locations/:location/export", {
          params: { location: (await locationOf(ctl, named)).id },
          query,
        })
      : await ctl.ask("GET /tenants/:tenant/export", {
          params: { tenant: (await tenantOf(ctl, options.tenant)).id },
          query,
        });
  const text = `${jsonText(exported, 2)}\n`;
  if (options.out === undefined) process.stdout.write(text);
  else await intoNewFile(options.out, (file) => file.writeFile(text));
}

export interface ImportOptions extends CtlOptions {
  /** Takes the export as a draft. */
  readonly location?: string;
  /** Gets it as a new location. */
  readonly tenant?: string;
}

export async function importData(file: string, options: ImportOptions): Promise<void> {
  const data = jsonOf(file);
  const format = (data as { format?: unknown } | null)?.format;
  if (format !== "opensync-location" && format !== "opensync-tenant") {
    throw new UserError(`${file}: is no export; give what 'opensync cloud ctl export' has written`);
  }
  const exported = data as Record<string, unknown>;
  const ctl = Ctl.open(options);
  if (format === "opensync-tenant") {
    const made = await ctl.ask("POST /import", { body: { export: exported } });
    return ctl.tell(made, () => [`tenant ${made.tenant}; its locations have drafts, which 'apply' lets hold`]);
  }
  if (options.location === undefined) {
    const tenant = await tenantOf(ctl, options.tenant);
    const params = { tenant: tenant.id };
    const made = await ctl.ask("POST /tenants/:tenant/import", { params, body: { export: exported } });
    return ctl.tell(made, () => [
      `location '${made.name}' of tenant '${tenant.name}': ${made.id}; 'apply' lets it hold`,
    ]);
  }
  const { id, head } = await locationOf(ctl, options.location);
  const call = { params: { location: id }, body: { export: exported, basedOn: head } };
  const made = await ctl.ask("POST /locations/:location/import", call);
  if (made.version === head) return ctl.tell(made, () => [`nothing changes: version ${head} says the same`]);
  ctl.tell(made, () => [`version ${made.version} is a draft; 'apply' lets it hold`]);
}

/** All that is in the store; a file that is there is left alone. */
export async function backup(file: string, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  let bytes = 0;
  await intoNewFile(file, async (into) => {
    const stream = ctl.taken(await ctl.client.backup());
    for await (const part of stream) {
      bytes += part.length;
      await into.writeFile(part);
    }
    await into.sync();
  });
  ctl.tell({ file, bytes }, () => [
    `${file}: ${bytes} bytes; secrets in it are sealed: keep the cloud's store.key elsewhere, they cannot be opened without it`,
  ]);
}

/** Only its owner may read it; what is not whole does not stay. */
async function intoNewFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    const why = isThere ? "is there already" : `cannot be made (${messageOf(error)})`;
    throw new UserError(`${path}: ${why}; name another file`);
  }
  try {
    await write(file);
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error instanceof UserError ? error : new UserError(`${path}: not written (${messageOf(error)}); try again`);
  }
}
