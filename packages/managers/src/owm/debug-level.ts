/**
 * `AW_Debug` → log levels of OWM. Deployed devices go through a file that PM writes and OWM polls each second; here the
 * table is followed directly, so that a level acts at once.
 */

import { messageOf } from "@opensync-ts/base/errors";
import { defaultLevels, type Log, parseLogLevels } from "@opensync-ts/base/log";
import type { Row } from "@opensync-ts/schema/opensync";

/** The process name in `AW_Debug.name`, and on log lines. */
export const processName = "OW";

export class DebugLevel {
  readonly #log: Log;
  #current: string | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** To be called after each change of the table. The row `DEFAULT` holds where there is none for OWM. */
  apply(rows: Iterable<Row<"AW_Debug">>): void {
    const byName = new Map([...rows].map((row) => [row.name, row.log_severity]));
    const text = byName.get(processName) ?? byName.get("DEFAULT") ?? null;
    if (text === this.#current) return;
    this.#current = text;
    try {
      this.#log.setLevels(text === null ? defaultLevels : parseLogLevels(text));
    } catch (error) {
      this.#log.warning(`AW_Debug '${processName}': ${messageOf(error)}; the level stays as it is`);
    }
  }
}
