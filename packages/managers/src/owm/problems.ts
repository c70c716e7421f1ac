/**
 * What is wrong with configuration rows. A bad value never stops the rest of its row: the mapping functions leave it out
 * and say so; the log tells each problem once, and again only after it had gone.
 */

import type { Log } from "@opensync-ts/base/log";
import type { LineBudget } from "../line-budget.ts";

export interface Problem {
  readonly table:
    | "Wifi_Radio_Config"
    | "Wifi_VIF_Config"
    | "Wifi_Credential_Config"
    | "Wifi_VIF_Neighbors"
    | "RADIUS"
    | "Wifi_Stats_Config"
    | "Band_Steering_Config"
    | "Band_Steering_Clients"
    | "Passpoint_Config";
  /** Names the row for people: its `if_name`, `ssid`, or what it is about. */
  readonly row: string;
  readonly column: string;
  /** As it stands in the row; never a secret. */
  readonly value: string;
  /** Why it cannot be applied and what OWM does instead. */
  readonly reason: string;
  /** Likely half of something, whose other half is to come: no reason for a warning. */
  readonly inert?: true;
}

/** The result of mapping a row: what could be made of it, and what could not. */
export interface Mapped<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

export function problemText({ table, row, column, value, reason }: Problem): string {
  return `${table} '${row}': ${column} '${value}': ${reason}`;
}

/** Logs each problem when it comes up, not each time the rows are looked at. */
export class ProblemLog {
  readonly #log: Log;
  readonly #budget: LineBudget | undefined;
  #current = new Set<string>();

  /** `budget`: where rows can come and go in masses. */
  constructor(log: Log, budget?: LineBudget) {
    this.#log = log;
    this.#budget = budget;
  }

  /** `problems`: all there are now. */
  update(problems: readonly Problem[]): void {
    const next = new Map(problems.map((problem) => [problemText(problem), problem]));
    for (const [text, { inert }] of next) {
      if (this.#current.has(text)) continue;
      const line = this.#budget?.take() ?? "line";
      if (line === "last")
        this.#log.warning("ow: conf: more problems are not logged for a while; the dump has them all");
      if (line !== "line") continue;
      if (inert) this.#log.notice(`ow: conf: ${text}`);
      else this.#log.warning(`ow: conf: ${text}`);
    }
    this.#current = new Set(next.keys());
  }

  get current(): readonly string[] {
    return [...this.#current].sort();
  }
}
