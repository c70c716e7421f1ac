/** A server and the database files that it serves; both may come and go while it runs. */

import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { JsonValue } from "./json.ts";
import { formatRemote, parseRemote, type Remote } from "./remote.ts";
import type { DatabaseSchema } from "./schema.ts";
import { OvsdbServer, type ServedRemote } from "./server.ts";
import { DatabaseFile } from "./storage.ts";
import type { TlsSources } from "./tls-sources.ts";
import type { ServedState } from "./watchdog.ts";

export interface ServedFilesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly tls: TlsSources | undefined;
}

export class ServedFiles {
  readonly #options: ServedFilesOptions;
  readonly #server: OvsdbServer;
  readonly #files = new Map<string, DatabaseFile>();
  /** As they were given. */
  readonly #remotes = new Map<string, ServedRemote>();
  #changed: () => void = () => {};

  constructor(options: ServedFilesOptions) {
    this.#options = options;
    this.#server = new OvsdbServer(options);
  }

  /** Names of the databases, in order of opening. */
  get databases(): readonly string[] {
    return [...this.#files.keys()];
  }

  get remotes(): readonly string[] {
    return [...this.#remotes.keys()];
  }

  /** What another process needs to serve the same. */
  get state(): ServedState {
    return { databases: [...this.#files.values()].map(({ path }) => path), remotes: this.remotes };
  }

  /** `listener` is called after each change of `state`. */
  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  create(path: string, schemaJson: JsonValue): void {
    DatabaseFile.create(path, schemaJson);
  }

  /** Serves a file, converted to `schema` where it has another. Rejects with a `UserError`. */
  async open(path: string, schema?: DatabaseSchema): Promise<void> {
    const { clock, random, log } = this.#options;
    if ([...this.#files.values()].some((file) => file.path === path)) throw new UserError(`${path}: already open`);
    const file = await DatabaseFile.open(path, { clock, random, log, schema });
    const { name } = file.database;
    const other = this.#files.get(name);
    if (other) {
      await file.close();
      throw new UserError(`${name}: duplicate database name: ${path} holds it, and ${other.path}, which is served`);
    }
    this.#files.set(name, file);
    this.#server.addDatabase(file.served);
    this.#changed();
  }

  /** Serves a database no more. Rejects with a `UserError` for an unknown one. */
  async remove(name: string): Promise<void> {
    const file = this.#file(name);
    this.#files.delete(name);
    this.#server.removeDatabase(name);
    await file.close();
    this.#changed();
  }

  /** Ends all connections; clients are expected to come back. */
  reconnect(): void {
    this.#server.disconnectClients("asked for by ovsdb-server/reconnect");
  }

  /** Whether the file of a database can be written: `ok`, or what is wrong. Throws a `UserError` for an unknown one. */
  storageStatus(name: string): string {
    return this.#file(name).failure?.message ?? "ok";
  }

  /** What is held in memory, as `memory/show` tells it. */
  usage(): string {
    let cells = 0;
    for (const { database } of this.#files.values()) {
      for (const [table, { columns }] of database.schema.tables)
        cells += database.rows(table).size * (columns.size + 2);
    }
    return `cells:${cells} sessions:${this.#server.connections}`;
  }

  /** Compacts one database, or all. Rejects with a `UserError`, or with the file system's error. */
  async compact(name?: string): Promise<void> {
    const files = name === undefined ? [...this.#files.values()] : [this.#file(name)];
    for (const file of files) await file.compact();
  }

  /** Gives the remote as it is served, with the port that the system chose. A remote that is served already stays. */
  async addRemote(text: string, remote: Remote = parseRemote(text)): Promise<string> {
    const served = this.#remotes.get(text) ?? (await this.#server.listen(remote, this.#options.tls));
    this.#remotes.set(text, served);
    this.#changed();
    return formatRemote(served.remote);
  }

  /** Rejects with a `UserError` for a remote that is not served. */
  async removeRemote(text: string): Promise<void> {
    const served = this.#remotes.get(text);
    if (!served) throw new UserError("no such remote");
    this.#remotes.delete(text);
    await served.close();
    this.#changed();
  }

  async close(): Promise<void> {
    await this.#server.close();
    for (const file of this.#files.values()) await file.close();
  }

  #file(name: string): DatabaseFile {
    const file = this.#files.get(name);
    if (!file) throw new UserError(`"${name}" is no database that is served from a file`);
    return file;
  }
}
