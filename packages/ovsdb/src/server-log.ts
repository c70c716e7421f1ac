/** Where a server's log goes: the console, a file, or both, each from a level of its own. */

import { closeSync, openSync, writeSync } from "node:fs";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { formatRecord, Log, type LogRecord, type Severity, severities } from "@opensync-ts/base/log";
import type { LogDestinations } from "./open-vswitch-options.ts";

export class ServerLog {
  readonly log: Log;
  readonly #path: string | undefined;
  #destinations: LogDestinations;
  #fd: number | undefined;

  /** Throws a `UserError` when the file cannot be opened. */
  constructor(clock: Clock, destinations: LogDestinations, path: string | undefined) {
    this.#path = path;
    this.#destinations = destinations;
    this.log = Log.create({ name: "OVSDB", sink: (record) => this.#write(record), wallTime: () => clock.wallTime() });
    this.setDestinations(destinations);
    this.reopen();
  }

  get destinations(): LogDestinations {
    return this.#destinations;
  }

  setDestinations(destinations: LogDestinations): void {
    const { console, file } = destinations;
    this.#destinations = destinations;
    const base = rank(console) > rank(file) || this.#path === undefined ? console : file;
    this.log.setLevels({ base, modules: new Map() });
  }

  /** Opens the file anew, under its name, after it was moved away. */
  reopen(): void {
    if (this.#path === undefined) return;
    try {
      const fd = openSync(this.#path, "a", 0o600);
      this.close();
      this.#fd = fd;
    } catch (error) {
      throw new UserError(`the log file cannot be opened: ${messageOf(error)}`);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #write(record: LogRecord): void {
    const line = `${formatRecord(record)}\n`;
    const { console, file } = this.#destinations;
    if (rank(record.severity) <= rank(console)) process.stderr.write(line);
    if (this.#fd === undefined || rank(record.severity) > rank(file)) return;
    try {
      writeSync(this.#fd, line);
    } catch {
      // A full disk must not stop the server; the line is lost.
    }
  }
}

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
