/** The node's own log on its way to QM: a sink that is there before QM is, and goes nowhere until QM takes it. */

import type { LogRecord, LogSink } from "@opensync-ts/base/log";
import { qmLimits } from "./limits.ts";

export class RemoteLog {
  #take: ((line: string) => void) | undefined;

  readonly sink: LogSink = (record) => this.#take?.(remoteLine(record));

  /** Hands every line to `take`, until the result is called. */
  attach(take: (line: string) => void): () => void {
    this.#take = take;
    return () => {
      if (this.#take === take) this.#take = undefined;
    };
  }
}

/** `[<thread, width 5>] <time> <process>: <module>: <text>`. The managers of a node have no threads of their own: 0. */
export function remoteLine({ time, name, module, text }: LogRecord): string {
  const stamp = new Date(time).toISOString().slice(0, 23).replace("T", " ");
  const line = `[    0] ${stamp} ${name}: ${module}: ${text.replaceAll("\n", "\\n")}`;
  return line.length < qmLimits.logLine ? line : line.slice(0, qmLimits.logLine - 1);
}
