/** Everything that a person needs to look into a problem, as one gzipped tar archive without secrets. */

import { closeSync, fstatSync, openSync as openFile, readSync } from "node:fs";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf } from "@opensync-ts/base/errors";
import type { Client } from "@opensync-ts/ovsdb/client";
import { type OpenSync, type OpenSyncTable, openSync } from "@opensync-ts/schema/opensync";
import { pmLimits } from "../limits.ts";
import { createMasker, maskRow, type PlainRow } from "./secrets.ts";
import { type TarEntry, tarArchive } from "./tar.ts";

/** What a node has to show. */
export interface LogSources {
  /** Paths of log files, the newest first. */
  logFiles(): readonly string[];
  /** What every manager knows, as text. */
  dump(): string;
}

export interface CollectOptions {
  readonly client: Client<OpenSync>;
  readonly sources: LogSources;
  /** `AWLAN_Node.id`. */
  readonly id: string;
  /** Wall time, ms since the Unix epoch. */
  readonly time: number;
}

/**
 * `log/…`, `dump.txt`, `database.json`, and `contents.txt`, which says what was left out. Rejects when the database does not
 * answer; whatever else is missing is told in `contents.txt`.
 */
export async function collectLogs({ client, sources, id, time }: CollectOptions): Promise<Uint8Array> {
  const notes = [`node ${id}`, `collected ${new Date(time).toISOString()}`];
  const secrets = new Set<string>();
  const database = await readDatabase(client, secrets, notes);
  const masker = createMasker(secrets);
  const texts = new Map<string, string>([["database.json", database]]);
  try {
    texts.set("dump.txt", cut(sources.dump(), pmLimits.pullDumpBytes, "dump.txt", notes));
  } catch (error) {
    notes.push(`dump.txt: left out: ${messageOf(error)}`);
  }
  for (const [name, text] of readLogs(sources, notes)) texts.set(name, text);
  const entries = [...texts].map(([name, text]): TarEntry => ({ name, content: Buffer.from(masker(text)), time }));
  const contents = { name: "contents.txt", content: Buffer.from(masker(`${notes.join("\n")}\n`)), time };
  return promisify(gzip)(tarArchive([contents, ...entries]));
}

const tables = Object.keys(openSync.tables) as OpenSyncTable[];

async function readDatabase(client: Client<OpenSync>, secrets: Set<string>, notes: string[]): Promise<string> {
  const wanted = Object.fromEntries(tables.map((table) => [table, {}])) as { [T in OpenSyncTable]: object };
  const replica = await client.replicate(wanted);
  replica.cancel();
  const rows = tables.map((table) => {
    const all = [...replica.table(table).rows.values()] as unknown as readonly PlainRow[];
    return [table, all.map((row) => maskRow(row, secrets))] as const;
  });
  const parts = rows.flatMap(([table, all]) => (all.length === 0 ? [] : [`${JSON.stringify(table)}: ${json(all)}`]));
  let bytes = 0;
  const fitting = parts.filter((part) => {
    bytes += Buffer.byteLength(part);
    return bytes <= pmLimits.pullDatabaseBytes;
  });
  if (fitting.length < parts.length)
    notes.push(`database.json: ${parts.length - fitting.length} tables left out: too large`);
  return `{\n${fitting.join(",\n")}\n}\n`;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

/** As much of the newest files as fits, in their own names. */
function readLogs(sources: LogSources, notes: string[]): readonly (readonly [string, string])[] {
  let room: number = pmLimits.pullLogBytes;
  const files = sources.logFiles();
  if (files.length > pmLimits.pullLogFiles)
    notes.push(`${files.length - pmLimits.pullLogFiles} older log files left out`);
  const names = new Set<string>();
  return files.slice(0, pmLimits.pullLogFiles).flatMap((path) => {
    const name = `log/${(path.split("/").at(-1) ?? "").replaceAll(/[^\w.-]/g, "_").slice(-80)}`;
    try {
      if (names.has(name)) throw new Error("another file has this name");
      if (room <= 0) throw new Error("no room left");
      const { text, whole } = readEnd(path, room);
      names.add(name);
      room -= Buffer.byteLength(text);
      if (!whole) notes.push(`${name}: only its end`);
      return [[name, text] as const];
    } catch (error) {
      notes.push(`${name}: left out: ${messageOf(error)}`);
      return [];
    }
  });
}

/** The last `most` bytes of a file, from the beginning of a line: half a line may hold half a secret. */
function readEnd(path: string, most: number): { readonly text: string; readonly whole: boolean } {
  const file = openFile(path, "r");
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - most);
    const bytes = Buffer.alloc(size - from);
    let read = 0;
    for (let got = -1; got !== 0 && read < bytes.length; read += got) {
      got = readSync(file, bytes, read, bytes.length - read, from + read);
    }
    const text = bytes.subarray(0, read).toString("utf8");
    return from === 0 ? { text, whole: true } : { text: text.slice(text.indexOf("\n") + 1), whole: false };
  } finally {
    closeSync(file);
  }
}

/** The beginning of a text, up to the end of a line. */
function cut(text: string, most: number, name: string, notes: string[]): string {
  if (Buffer.byteLength(text) <= most) return text;
  notes.push(`${name}: only its beginning`);
  const part = Buffer.from(text).subarray(0, most).toString("utf8");
  return part.slice(0, part.lastIndexOf("\n") + 1);
}
