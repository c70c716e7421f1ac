/**
 * RADIUS servers of an access point, for authentication and for accounting. A `Wifi_VIF_Config` row refers to them
 * (`primary_…` first, then `secondary_…`), or spells a single one out: in `radius_srv_addr`, `_port` and `_secret`, in the
 * first generation of the security columns in `security` (`radius_server_ip`, `_port`, `_secret`).
 */

import { isIP } from "node:net";
import type { RadiusServer } from "@opensync-ts/target/radio";
import type { Problem } from "./problems.ts";
import type { RadiusRow, References, VifConfig, VifStateRecord } from "./rows.ts";
import type { ReportVif } from "./vif-context.ts";

export type RadiusKind = "radius" | "accounting";

/** Of RFC 2865; for servers that a row spells out without one. */
const defaultPort = 1812;

type ReportProblem = (problem: Problem) => void;

/** Those the row refers to, in order of preference; what cannot be used is left out and told. */
export function radiusServers(
  row: VifConfig,
  kind: RadiusKind,
  { radius }: References,
  report: ReportProblem,
): readonly RadiusServer[] {
  return referred(row, kind).flatMap(({ column, uuid }) => {
    const server = radius.get(uuid);
    if (server) return serverOf(server, report) ?? [];
    const reason = "there is no such row in RADIUS; the server is left out";
    report({ table: "Wifi_VIF_Config", row: row.if_name, column, value: uuid, reason });
    return [];
  });
}

/** The server that the row itself spells out, where it refers to none. */
export function ownServer(row: VifConfig, report: ReportVif): RadiusServer | null {
  if (referred(row, "radius").length > 0) return null;
  const { server, port, secret } = spelledOut(row);
  if (server === null) return null;
  const column = row.radius_srv_addr === null ? "security" : "radius_srv_addr";
  const wrong = wrongOf(server, port, secret);
  if (wrong === null) return { server, port, secret: secret ?? "" };
  report(column, server, `${wrong}; the server is left out`);
  return null;
}

export type RadiusColumns = Pick<
  VifStateRecord,
  "primary_radius" | "secondary_radius" | "primary_accounting" | "secondary_accounting"
>;

/**
 * The rows that describe the servers in use. Those that the configuration refers to keep their place; for others the
 * first row of the same address, port and secret stands, the first of them as `primary_…`.
 */
export function radiusColumns(
  servers: Readonly<Record<RadiusKind, readonly RadiusServer[]>>,
  config: VifConfig | null,
  references: References,
): RadiusColumns {
  const radius = columnsOf("radius", servers.radius, config, references);
  const accounting = columnsOf("accounting", servers.accounting, config, references);
  return {
    primary_radius: radius.primary,
    secondary_radius: radius.secondary,
    primary_accounting: accounting.primary,
    secondary_accounting: accounting.secondary,
  };
}

type OwnServerColumns = Pick<VifStateRecord, "radius_srv_addr" | "radius_srv_port" | "radius_srv_secret">;

/** As far as the row's own server is in use. */
export function ownServerColumns(servers: readonly RadiusServer[], config: VifConfig | null): OwnServerColumns {
  const asked = config && ownServer(config, () => {});
  const used = asked && servers.some((server) => same(server, asked));
  if (!used) return { radius_srv_addr: null, radius_srv_port: null, radius_srv_secret: null };
  const portIsSet = config.radius_srv_port !== null || config.security.has("radius_server_port");
  return {
    radius_srv_addr: asked.server,
    radius_srv_port: portIsSet ? asked.port : null,
    radius_srv_secret: asked.secret,
  };
}

function referred(row: VifConfig, kind: RadiusKind): readonly { readonly column: string; readonly uuid: string }[] {
  const primary = row[`primary_${kind}`];
  return [
    ...(primary === null ? [] : [{ column: `primary_${kind}`, uuid: primary }]),
    ...row[`secondary_${kind}`].map((uuid) => ({ column: `secondary_${kind}`, uuid })),
  ];
}

function serverOf(row: RadiusRow, report: ReportProblem): RadiusServer | null {
  const wrong = wrongOf(row.ip_addr, row.port, row.secret);
  if (wrong === null) return { server: row.ip_addr ?? "", port: row.port ?? 0, secret: row.secret ?? "" };
  const name = row.name || row.ip_addr || row._uuid;
  const column = wrong.split(" ", 1)[0] ?? "";
  const value = { ip_addr: row.ip_addr, port: row.port }[column] ?? "";
  const reason = `${wrong.slice(column.length + 1)}; the server is left out`;
  report({ table: "RADIUS", row: name, column, value: String(value), reason });
  return null;
}

/**
 * What keeps a server from being used, its column first; never the secret. Nobody resolves names for an access point, and
 * control characters end lines in drivers' files.
 */
function wrongOf(server: string | null, port: number | null, secret: string | null): string | null {
  if (!server) return "ip_addr is not set";
  if (isIP(server) === 0) return "ip_addr is no address";
  if (port === null || port === 0) return "port is not set";
  if (port < 1 || port > 65_535) return "port is none from 1 to 65535";
  if (!secret) return "secret is not set";
  return /\p{Cc}/u.test(secret) ? "secret has control characters" : null;
}

function spelledOut(row: VifConfig): { server: string | null; port: number; secret: string | null } {
  const { security } = row;
  if (row.radius_srv_addr) {
    return { server: row.radius_srv_addr, port: row.radius_srv_port ?? defaultPort, secret: row.radius_srv_secret };
  }
  const port = security.get("radius_server_port");
  return {
    server: security.get("radius_server_ip") ?? null,
    port: port === undefined ? defaultPort : Number.parseInt(port, 10) || -1,
    secret: security.get("radius_server_secret") ?? null,
  };
}

function columnsOf(
  kind: RadiusKind,
  servers: readonly RadiusServer[],
  config: VifConfig | null,
  { radius }: References,
): { readonly primary: RadiusColumns["primary_radius"]; readonly secondary: RadiusRow["_uuid"][] } {
  const own = config && kind === "radius" ? ownServer(config, () => {}) : null;
  const remaining = servers.filter((server) => !own || !same(server, own));
  const take = (row: RadiusRow | undefined) => {
    const server = row && serverOf(row, () => {});
    const index = server ? remaining.findIndex((other) => same(other, server)) : -1;
    if (index >= 0) remaining.splice(index, 1);
    return index >= 0;
  };
  let primary: RadiusRow["_uuid"] | null = null;
  const secondary: RadiusRow["_uuid"][] = [];
  const hasPrimary = config !== null && config[`primary_${kind}`] !== null;
  for (const { column, uuid } of config ? referred(config, kind) : []) {
    const row = radius.get(uuid);
    if (!row || !take(row)) continue;
    if (column === `primary_${kind}`) primary = row._uuid;
    else secondary.push(row._uuid);
  }
  const unspoken = config === null || referred(config, kind).length === 0;
  for (const server of [...remaining]) {
    const row = [...radius.values()].sort(byUuid).find((each) => {
      const described = serverOf(each, () => {});
      return described !== null && same(described, server);
    });
    if (!row) continue;
    if (primary === null && (unspoken || hasPrimary)) primary = row._uuid;
    else secondary.push(row._uuid);
  }
  return { primary, secondary: [...new Set(secondary)].sort() };
}

function same(a: RadiusServer, b: RadiusServer): boolean {
  return a.server === b.server && a.port === b.port && a.secret === b.secret;
}

function byUuid(a: { readonly _uuid: string }, b: { readonly _uuid: string }): number {
  return a._uuid < b._uuid ? -1 : a._uuid > b._uuid ? 1 : 0;
}
