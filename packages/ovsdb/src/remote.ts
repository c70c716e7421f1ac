/**
 * Where a connection goes or comes from, in Open vSwitch's notation (ovsdb(7), "OVSDB Connection Methods"):
 * `unix:PATH punix:PATH tcp:HOST:PORT ptcp:PORT[:IP] ssl:HOST:PORT pssl:PORT[:IP] db:DB,TABLE,COLUMN`.
 * An IP address may stand in brackets; an IPv6 address must.
 */

import { UserError } from "@opensync-ts/base/errors";

/** `p…` kinds listen, the others dial; `db` names the column of a database that holds further remotes. */
export type Remote = UnixRemote<"unix"> | UnixRemote<"punix"> | DialRemote | ListenRemote | DatabaseRemote;

export interface UnixRemote<Kind extends "unix" | "punix"> {
  readonly kind: Kind;
  readonly path: string;
}

export interface DialRemote {
  readonly kind: "tcp" | "ssl";
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface ListenRemote {
  readonly kind: "ptcp" | "pssl";
  /** 0 lets the system choose. */
  readonly port: number;
  /** The address to listen on; undefined: all of IPv4. */
  readonly host: string | undefined;
}

export interface DatabaseRemote {
  readonly kind: "db";
  readonly database: string;
  readonly table: string;
  readonly column: string;
}

export type ActiveRemote = DialRemote | UnixRemote<"unix">;
export type PassiveRemote = ListenRemote | UnixRemote<"punix">;

/** The port that IANA gave to OVSDB (RFC 7047 §6); used where a remote names none. */
export const defaultPort = 6640;

/** The longest path a unix socket can have on Linux (`sun_path` less its terminating zero). */
const maxSocketPath = 107;

const forms = "unix:PATH punix:PATH tcp:HOST:PORT ptcp:PORT[:IP] ssl:HOST:PORT pssl:PORT[:IP] db:DB,TABLE,COLUMN";

/** Throws a `UserError` that names the remote and what is wrong with it. */
export function parseRemote(text: string): Remote {
  const colon = text.indexOf(":");
  const kind = text.slice(0, Math.max(0, colon));
  const rest = text.slice(colon + 1);
  switch (kind) {
    case "unix":
    case "punix":
      return { kind, path: socketPath(text, rest) };
    case "tcp":
    case "ssl": {
      const { host, port } = splitHost(text, rest);
      if (host === "") throw bad(text, `the host is missing; write ${kind}:HOST:PORT`);
      return { kind, host, port: portNumber(text, port, 1) };
    }
    case "ptcp":
    case "pssl": {
      const { host: port, port: host } = splitPort(rest);
      return { kind, port: portNumber(text, port, 0), host: host === "" ? undefined : unbracket(text, host) };
    }
    case "db": {
      const [database = "", table = "", column = "", ...more] = rest.split(",");
      if (database === "" || table === "" || column === "" || more.length > 0) {
        throw bad(text, "write db:DB,TABLE,COLUMN");
      }
      return { kind, database, table, column };
    }
    default:
      throw bad(text, `it must be one of ${forms}`);
  }
}

/** The notation of a remote; an address with colons is put in brackets. */
export function formatRemote(remote: Remote): string {
  switch (remote.kind) {
    case "unix":
    case "punix":
      return `${remote.kind}:${remote.path}`;
    case "tcp":
    case "ssl":
      return `${remote.kind}:${bracket(remote.host)}:${remote.port}`;
    case "ptcp":
    case "pssl":
      return `${remote.kind}:${remote.port}${remote.host === undefined ? "" : `:${bracket(remote.host)}`}`;
    case "db":
      return `db:${remote.database},${remote.table},${remote.column}`;
  }
}

export function isActive(remote: Remote): remote is ActiveRemote {
  return remote.kind === "unix" || remote.kind === "tcp" || remote.kind === "ssl";
}

export function isPassive(remote: Remote): remote is PassiveRemote {
  return remote.kind === "punix" || remote.kind === "ptcp" || remote.kind === "pssl";
}

function bad(remote: string, problem: string): UserError {
  return new UserError(`remote '${remote}': ${problem}`);
}

function socketPath(remote: string, path: string): string {
  if (path === "") throw bad(remote, "the path of the socket is missing");
  if (path.includes("\0")) throw bad(remote, "the path holds a zero byte");
  if (Buffer.byteLength(path) > maxSocketPath) {
    throw bad(
      remote,
      `the path is longer than the ${maxSocketPath} bytes of a unix socket; choose a shorter directory`,
    );
  }
  return path;
}

/** `HOST[:PORT]`, where a host with colons is bracketed. */
function splitHost(remote: string, text: string): { host: string; port: string } {
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    const after = text.slice(end + 1);
    if (end < 0 || (after !== "" && !after.startsWith(":"))) throw bad(remote, "the brackets do not match");
    return { host: text.slice(1, end), port: after.slice(1) };
  }
  const colon = text.indexOf(":");
  if (colon < 0) return { host: text, port: "" };
  if (text.includes(":", colon + 1)) throw bad(remote, "put the IPv6 address in brackets");
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function splitPort(text: string): { host: string; port: string } {
  const colon = text.indexOf(":");
  return colon < 0 ? { host: text, port: "" } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function unbracket(remote: string, host: string): string {
  if (!host.startsWith("[")) return host;
  if (!host.endsWith("]")) throw bad(remote, "the brackets do not match");
  return host.slice(1, -1);
}

function bracket(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function portNumber(remote: string, text: string, least: number): number {
  if (text === "") return defaultPort;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < least || port > 65535) {
    throw bad(remote, `'${text}' is not a port number (${least} to 65535)`);
  }
  return port;
}
