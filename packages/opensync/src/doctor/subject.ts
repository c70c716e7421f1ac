/** Whom and what the doctor examines: the address, the files and the identity, from options and from the node that they name. */

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { Random } from "@opensync-ts/base/random";
import { parseCloudAddress } from "@opensync-ts/managers/cm/address";
import { nodeDirectory } from "@opensync-ts/node/directory";
import { checkedTlsFiles } from "@opensync-ts/node/tls-paths";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { NodeChoice } from "../node-files.ts";
import type { NodeIdentity } from "./node-double.ts";
import { directoryOf, type Rows, runningRows, storedRows } from "./node-rows.ts";
import type { RunningConnection } from "./running-node.ts";
import { simulatedOutage } from "./simulation.ts";

export interface SubjectOptions extends NodeChoice {
  readonly address?: string;
  readonly privateKey?: string;
  readonly certificate?: string;
  readonly caCert?: string;
  readonly id?: string;
}

export interface Subject {
  readonly title: string;
  readonly redirector: string;
  readonly tls: TlsFiles;
  readonly identity: NodeIdentity;
  /** Undefined where the node does not run, or where the doctor comes as another one. */
  readonly running: RunningConnection | undefined;
  /** It runs, and its redirector is another. */
  readonly isForeign: boolean;
}

const tables = ["AWLAN_Node", "Connection_Manager_Uplink", "Manager", "Node_State", "SSL"] as const;
type Table = (typeof tables)[number];

export interface SubjectWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly environment: { readonly [name: string]: string | undefined };
}

/** Throws a `UserError` where there is neither an address nor a node that has one. */
export async function findSubject(options: SubjectOptions, world: SubjectWorld): Promise<Subject> {
  const directory = directoryOf(options, world.environment);
  const live = await runningRows(directory, tables, world);
  const rows = live ?? storedRows(directory, tables, world.random);
  const node = rows?.AWLAN_Node[0];
  const redirector = options.address ?? node?.redirector_addr ?? "";
  if (options.address === undefined && !rows) {
    const how = "give the redirector's address (ssl:HOST:PORT), or --dir of a node";
    throw new UserError(`${directory}: there is no node there that could say where its cloud is; ${how}`);
  }
  const tls = filesOf(options, directory, rows);
  const isOwn = options.certificate === undefined && options.privateKey === undefined;
  const own = isOwn ? node : undefined;
  const id = options.id ?? own?.id ?? commonNameOf(tls.certificate) ?? "opensync-doctor";
  const isNode = own?.id === id;
  const identity: NodeIdentity = {
    id,
    serialNumber: isNode ? own.serial_number : id,
    model: isNode ? own.model : null,
    firmwareVersion: isNode ? own.firmware_version : "",
    redirectorAddress: redirector,
  };
  const running =
    live && isNode ? { ...connectionOf(live), outage: await simulatedOutage(directory, world) } : undefined;
  const isForeign = running !== undefined && !isSameAddress(redirector, node?.redirector_addr ?? "");
  const place = running ? ", which runs" : "";
  const way = isForeign ? "the way to another cloud than its own" : "the way to its cloud";
  return {
    title: `node '${id}'${place}: ${way} by redirector ${redirector || "(none)"}; nothing is changed on the node`,
    redirector,
    tls,
    identity,
    running,
    isForeign,
  };
}

/** However they are written. */
export function isSameAddress(a: string, b: string): boolean {
  const [one, other] = [parseCloudAddress(a), parseCloudAddress(b)];
  if (!one || !other) return a === b;
  const isSameHost = one.host.toLowerCase() === other.host.toLowerCase();
  return one.protocol === other.protocol && isSameHost && one.port === other.port;
}

function filesOf(options: SubjectOptions, directory: string, rows: Rows<Table> | undefined): TlsFiles {
  const [row] = rows?.SSL ?? [];
  const base = nodeDirectory(directory);
  const files = checkedTlsFiles(
    {
      ...pick("privateKey", options.privateKey, row?.private_key),
      ...pick("certificate", options.certificate, row?.certificate),
      ...pick("ca", options.caCert, row?.ca_cert),
    },
    base.certificates,
  );
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(path));
  return {
    privateKey: absolute(files.privateKey),
    certificate: absolute(files.certificate),
    caCert: absolute(files.caCert),
  };
}

function pick<K extends string>(
  name: K,
  option: string | undefined,
  column: string | undefined,
): { readonly [key in K]?: string } {
  const path = option ?? (column === "" ? undefined : column);
  return (path === undefined ? {} : { [name]: path }) as { readonly [key in K]?: string };
}

/** The common name of a certificate file; undefined where there is none. What is wrong with it the steps say. */
function commonNameOf(path: string): string | undefined {
  try {
    return /^CN=(.+)$/m.exec(new X509Certificate(readFileSync(path)).subject)?.[1];
  } catch {
    return undefined;
  }
}

function connectionOf(rows: Rows<Table>): RunningConnection {
  const [manager] = rows.Manager;
  return {
    managerAddress: rows.AWLAN_Node[0]?.manager_addr ?? "",
    target: manager?.target ?? "",
    isConnected: manager?.is_connected ?? false,
    status: manager?.status ?? new Map(),
    uplinks: rows.Connection_Manager_Uplink,
    isOffline: rows.Node_State.some(
      ({ module, key, value }) => module === "PM" && key === "gw_offline_status" && value === "active",
    ),
  };
}
