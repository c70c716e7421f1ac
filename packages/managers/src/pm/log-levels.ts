/** The logs of a node's processes by name, and the severities that `AW_Debug` gives them. */

import { defaultLevels, disabledLevels, type Log, type LogLevels, parseLogLevels } from "@opensync-ts/base/log";

/**
 * `AW_Debug` by process name (`CM`, `OW` …; `DEFAULT` for those without an entry). `REMOTE_CM`, or `REMOTE`: of the lines
 * that QM publishes, none unless there is such an entry.
 */
export type LogState = ReadonlyMap<string, string>;

export class ProcessLogs {
  readonly #root: Log;
  readonly #logs = new Map<string, Log>();
  #levels: ReadonlyMap<string, LogLevels> = new Map();

  constructor(root: Log) {
    this.#root = root;
  }

  /** The log of process `name`; the same object each time. */
  of(name: string): Log {
    const known = this.#logs.get(name);
    if (known) return known;
    const log = this.#root.process(name);
    this.#setLevels(name, log);
    this.#logs.set(name, log);
    return log;
  }

  /**
   * Applies the severities to all logs, also those to come. Returns what is wrong with entries that name no severity;
   * these processes keep the default.
   */
  apply(state: LogState): readonly string[] {
    const problems: string[] = [];
    const levels = new Map<string, LogLevels>();
    for (const [name, severity] of state) {
      try {
        levels.set(name, parseLogLevels(severity));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        problems.push(`AW_Debug ${name}: ${error.message}`);
      }
    }
    this.#levels = levels;
    for (const [name, log] of this.#logs) this.#setLevels(name, log);
    return problems;
  }

  #setLevels(name: string, log: Log): void {
    log.setLevels(this.#levels.get(name) ?? this.#levels.get("DEFAULT") ?? defaultLevels);
    log.setRemoteLevels(this.#levels.get(`REMOTE_${name}`) ?? this.#levels.get("REMOTE") ?? disabledLevels);
  }
}
