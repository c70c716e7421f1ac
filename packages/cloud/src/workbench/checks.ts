/** What the cloud itself can tell of whether a node is well: its certificate, its clock, its schema, its rows. Pure. */

import type { PeerSchema } from "@opensync-ts/ovsdb/peer-schema";
import type { PeerCertificate } from "@opensync-ts/ovsdb/transport";
import { isDone, type RowStatus } from "../row-status.ts";
import * as limits from "./limits.ts";

export interface Check {
  readonly id: "certificate" | "clock" | "schema" | "rows";
  /** `unknown`: it cannot be told now; `text` says why. */
  readonly status: "good" | "warn" | "bad" | "unknown";
  readonly text: string;
  /** One by one, bounded. */
  readonly details: readonly string[];
}

export interface Checked {
  /** Wall clock, ms. */
  readonly now: number;
  readonly certificate: PeerCertificate | undefined;
  /** By how much the node's clock is behind ours, ms, about; undefined: it has not said. */
  readonly behindMs: number | undefined;
  /** What its schema lacks of ours, or why that is not known. */
  readonly lacks: PeerSchema | { readonly unknown: string };
  readonly rows: readonly RowStatus[];
}

export function checksOf(checked: Checked): readonly Check[] {
  return [certificateCheck(checked), clockCheck(checked), schemaCheck(checked), rowsCheck(checked)];
}

function certificateCheck({ certificate, now }: Checked): Check {
  const check = (status: Check["status"], text: string): Check => ({ id: "certificate", status, text, details: [] });
  if (!certificate) return check("unknown", "the node shows no certificate: it is connected without TLS");
  const { commonName, issuer, validUntil } = certificate;
  const whose = `'${commonName}', issued by '${issuer}'`;
  if (validUntil === undefined || !Number.isFinite(validUntil)) return check("unknown", `${whose}; it has no end`);
  const days = Math.floor((validUntil - now) / 86_400_000);
  if (days < 0) return check("bad", `${whose}, is over: its next connection will be refused; give it another one`);
  const left = `${whose}, ${days} ${days === 1 ? "day" : "days"} left`;
  return days < limits.certificateDays
    ? check("warn", `${left}: give it another one before that`)
    : check("good", left);
}

function clockCheck({ behindMs }: Checked): Check {
  const check = (status: Check["status"], text: string): Check => ({ id: "clock", status, text, details: [] });
  if (behindMs === undefined) {
    return check("unknown", "known as soon as the node publishes its next statistics; none has come while you look");
  }
  const seconds = Math.round(Math.abs(behindMs) / 1000);
  if (Math.abs(behindMs) <= limits.clockTolerance) return check("good", `within ${seconds} s of the cloud's`);
  const direction = behindMs > 0 ? "behind" : "ahead of";
  return check(
    "bad",
    `${seconds} s ${direction} the cloud's (or its reports were on their way so long): certificates and times of reports go by it`,
  );
}

function schemaCheck({ lacks }: Checked): Check {
  if ("unknown" in lacks) return { id: "schema", status: "unknown", text: lacks.unknown, details: [] };
  const tables = [...lacks.lacksTables].map((table) => `no table ${table}`);
  const columns = [...lacks.lacksColumns].map(([table, names]) => `${table} has no ${[...names].join(", ")}`);
  const all = [...tables, ...columns];
  if (all.length === 0) {
    return { id: "schema", status: "good", text: "has all tables and columns that the cloud knows", details: [] };
  }
  const text = `another than the cloud's: ${tables.length} tables and columns of ${columns.length} others are lacking; what needs them is refused with that reason`;
  return { id: "schema", status: "warn", text, details: bounded(all) };
}

function rowsCheck({ rows }: Checked): Check {
  const open = rows.filter((row) => !isDone(row));
  const unprovable = rows.filter(({ status }) => status === "unprovable");
  const said = (status: RowStatus["status"]) => (status === "unprovable" ? "written, not reported back" : status);
  const line = ({ id, status, reason }: RowStatus) => `${id}: ${said(status)}${reason === null ? "" : `: ${reason}`}`;
  const details = bounded([...open, ...unprovable].map(line));
  if (rows.length === 0) {
    return { id: "rows", status: "unknown", text: "nothing is written to it now; its own page says why", details };
  }
  const failed = open.some(({ status }) => status !== "pending" && status !== "applied");
  return open.length === 0
    ? { id: "rows", status: "good", text: doneText(rows.length, unprovable.length), details }
    : {
        ...{ id: "rows", status: failed ? "bad" : "warn", details },
        text: `${open.length} of ${rows.length} are not as the document states`,
      };
}

/** The console's page of a node says the same. */
function doneText(all: number, unprovable: number): string {
  if (unprovable === 0) return `all ${all} that the cloud wrote are there, and the node shows that they are so`;
  return `all ${all} that the cloud wrote are there: for ${all - unprovable} the node shows that they are so, the other ${unprovable} are of a kind that nodes do not report back`;
}

function bounded(lines: readonly string[]): readonly string[] {
  const cut = lines.slice(0, limits.details).map((line) => line.slice(0, limits.detailText));
  return lines.length > cut.length ? [...cut, `and ${lines.length - cut.length} more`] : cut;
}
