/**
 * One life of one manager inside a shared process. Whatever runs on the manager's behalf (timers, database listeners,
 * driver reports) enters through its scope, so that a throw is the manager's end and nobody else's, and nothing of it
 * runs once the scope has ended.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock, Timer } from "@opensync-ts/base/clock";

const current = new AsyncLocalStorage<ManagerScope>();

/**
 * Charges an error that nobody caught to the manager on whose behalf the code ran. False when it was no manager's:
 * then it is the process's own.
 */
export function chargeToManager(error: unknown): boolean {
  const scope = current.getStore();
  if (!scope) return false;
  scope.fail(asError(error));
  return true;
}

export class ManagerScope {
  readonly #abort = new AbortController();
  readonly #cleanups = new Set<() => void>();
  readonly #onFailure: (reason: Error) => void;
  #failed = false;

  /** `onFailure` is called for the first failure, at most once and never after the end. */
  constructor(onFailure: (reason: Error) => void) {
    this.#onFailure = onFailure;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get ended(): boolean {
    return this.#abort.signal.aborted;
  }

  fail(reason: Error): void {
    if (this.#failed || this.ended) return;
    this.#failed = true;
    this.#onFailure(reason);
  }

  /** Runs `work` on the manager's behalf; what it throws is handed on to the caller. */
  run<T>(work: () => T): T {
    return current.run(this, work);
  }

  /** A callback to give away: it does nothing once the scope has ended, and what it throws ends the manager. */
  wrap<A extends readonly unknown[]>(callback: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      if (this.ended) return;
      current.run(this, () => {
        try {
          callback(...args);
        } catch (error) {
          this.fail(asError(error));
        }
      });
    };
  }

  /** Registers what has to be undone at the end; returns a function that undoes it now. */
  onEnd(cleanup: () => void): () => void {
    const once = () => {
      if (this.#cleanups.delete(once)) cleanup();
    };
    this.#cleanups.add(once);
    return once;
  }

  /** Undoes everything that was registered, whatever fails of it; returns what failed. */
  end(reason: Error): readonly unknown[] {
    if (this.ended) return [];
    this.#abort.abort(reason);
    const problems: unknown[] = [];
    for (const cleanup of [...this.#cleanups]) {
      try {
        cleanup();
      } catch (error) {
        problems.push(error);
      }
    }
    return problems;
  }
}

/** `clock`, with every timer belonging to the scope. */
export class ScopedClock implements Clock {
  readonly #clock: Clock;
  readonly #scope: ManagerScope;

  constructor(clock: Clock, scope: ManagerScope) {
    this.#clock = clock;
    this.#scope = scope;
  }

  now(): number {
    return this.#clock.now();
  }

  wallTime(): number {
    return this.#clock.wallTime();
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    if (this.#scope.ended) return { cancel() {} };
    const timer = this.#clock.setTimer(
      delayMs,
      this.#scope.wrap(() => {
        cancel();
        callback();
      }),
    );
    const cancel = this.#scope.onEnd(() => timer.cancel());
    return { cancel };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const own = this.#scope.signal;
    return this.#clock.sleep(delayMs, signal ? AbortSignal.any([signal, own]) : own);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
