/** `ovsdb serve`: one database file behind any number of remotes, until a signal says stop. */

import { existsSync } from "node:fs";
import { RealClock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import { formatRecord, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { readSchema } from "./file-commands.ts";
import { formatRemote, parseRemote } from "./remote.ts";
import { schemaFromJson } from "./schema.ts";
import { OvsdbServer } from "./server.ts";
import { DatabaseFile } from "./storage.ts";
import type { TlsSources } from "./tls-sources.ts";

export interface ServeOptions {
  readonly schema?: string;
  readonly remote: readonly string[];
  readonly privateKey?: string;
  readonly certificate?: string;
  readonly caCert?: string;
  readonly verbose: boolean;
}

/** Resolves after a signal, when all is closed. Rejects with a `UserError` when it cannot serve as asked; nothing then runs. */
export async function serve(path: string, options: ServeOptions): Promise<void> {
  const remotes = options.remote.map(parseRemote);
  const tls = tlsSources(options);
  const clock = new RealClock();
  const random = new SystemRandom();
  const log = Log.create({
    name: "OVSDB",
    sink: (record) => process.stderr.write(`${formatRecord(record)}\n`),
    wallTime: () => clock.wallTime(),
    levels: { base: options.verbose ? "DEBUG" : "INFO", modules: new Map() },
  });
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve(signal));
  });
  // At a limit on the size of files, writing shall fail as on a full disk, not end the process.
  process.on("SIGXFSZ", () => {});
  const schemaJson = options.schema === undefined ? undefined : readSchema(options.schema);
  if (schemaJson !== undefined && !existsSync(path)) DatabaseFile.create(path, schemaJson);
  const schema = schemaJson === undefined ? undefined : schemaFromJson(schemaJson);
  const file = await DatabaseFile.open(path, { clock, random, log, schema });
  const server = new OvsdbServer({
    databases: [file.served],
    clock,
    random,
    log,
  });
  try {
    for (const remote of remotes) {
      const served = await server.listen(remote, tls);
      process.stdout.write(`serving ${file.database.name} on ${formatRemote(served.remote)}\n`);
    }
    log.info(`${await stopped}: stopping`);
  } finally {
    await server.close();
    await file.close();
  }
}

function tlsSources({ privateKey, certificate, caCert }: ServeOptions): TlsSources | undefined {
  if (privateKey === undefined && certificate === undefined && caCert === undefined) return undefined;
  if (privateKey === undefined || certificate === undefined || caCert === undefined) {
    throw new UserError("TLS needs all three of --private-key, --certificate and --ca-cert");
  }
  return { privateKey, certificate, caCert };
}
