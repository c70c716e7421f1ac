/** Where the TLS files, protocols and ciphers are named: on the command line, or in columns of a database (`db:DB,TABLE,COLUMN`). */

import { UserError } from "@opensync-ts/base/errors";
import type { Datum } from "./datum.ts";
import type { Engine } from "./engine.ts";
import { formatRemote, parseRemote } from "./remote.ts";
import type { TlsFiles } from "./tls-files.ts";

/** Each what it is, or `db:DB,TABLE,COLUMN`: a string column of the table's first row that holds one. */
export type TlsSources = TlsFiles;

/** The paths as they are now. Throws a `UserError` for a column that does not exist; an unset one gives an empty path. */
export function resolveTls(sources: TlsSources, databases: (name: string) => Engine | undefined): TlsFiles {
  return {
    privateKey: resolveSource(sources.privateKey, databases),
    certificate: resolveSource(sources.certificate, databases),
    caCert: resolveSource(sources.caCert, databases),
    protocols: sources.protocols && resolveSource(sources.protocols, databases),
    ciphers: sources.ciphers && resolveSource(sources.ciphers, databases),
  };
}

function resolveSource(source: string, databases: (name: string) => Engine | undefined): string {
  if (!source.startsWith("db:")) return source;
  const place = parseRemote(source);
  if (place.kind !== "db") return source;
  const engine = databases(place.database);
  const column = engine?.schema.tables.get(place.table)?.columns.get(place.column);
  if (!engine || column?.key.type !== "string" || column.value) {
    throw new UserError(`'${formatRemote(place)}' names no string column of a database that is served`);
  }
  const [row] = engine.rows(place.table).values();
  return firstString(row?.[place.column] ?? null);
}

function firstString(datum: Datum): string {
  const value = Array.isArray(datum) ? datum[0] : datum;
  return typeof value === "string" ? value : "";
}
