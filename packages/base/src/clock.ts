/**
 * Time as a service. Nothing in the project calls `setTimeout` or `Date.now` directly: a node, a home or a cloud
 * runs on the real clock, or on a virtual one where twelve hours pass in a moment and every run is alike.
 */

/** A pending callback; `cancel` is idempotent and safe after it has fired. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Monotonic milliseconds; only differences mean something. */
  now(): number;
  /** Wall time, milliseconds since the Unix epoch. */
  wallTime(): number;
  /** Calls `callback` once, when `delayMs` have passed on `now()` (never synchronously; negative counts as 0). */
  setTimer(delayMs: number, callback: () => void): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Calls `callback` every `periodMs`; the next call is planned after the last one returned, so calls never pile up. */
export function every(clock: Clock, periodMs: number, callback: () => void): Timer {
  let cancelled = false;
  let timer: Timer | undefined;
  const arm = () => {
    timer = clock.setTimer(periodMs, () => {
      callback();
      if (!cancelled) arm();
    });
  };
  arm();
  return {
    cancel() {
      cancelled = true;
      timer?.cancel();
    },
  };
}

/** Rejects with an `Error` saying `what` took too long, unless `promise` settles within `limitMs`. */
export async function withDeadline<T>(clock: Clock, promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimer(limitMs, () => reject(new Error(`${what}: no answer within ${limitMs} ms`)));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer?.cancel();
  }
}

function sleepOn(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** The machine's clock. */
export class RealClock implements Clock {
  now(): number {
    return performance.now();
  }

  wallTime(): number {
    return Date.now();
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    if (delayMs <= 0 && typeof setImmediate === "function") {
      // No time is the next turn of the event loop; the shortest time-out of Node.js is a whole millisecond.
      const turn = setImmediate(callback);
      return { cancel: () => clearImmediate(turn) };
    }
    // Time-outs count whole milliseconds from the start of a turn, and so may end a little early.
    const due = this.now() + delayMs;
    const fire = () => {
      const left = due - this.now();
      if (left > 0) handle = setTimeout(fire, timeOut(left));
      else callback();
    };
    let handle = setTimeout(fire, timeOut(delayMs));
    return { cancel: () => clearTimeout(handle) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }
}

/** A longer one than 25 days would end at once. */
function timeOut(ms: number): number {
  return Math.min(Math.ceil(ms), 2 ** 31 - 1);
}

interface VirtualTimer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/**
 * A clock that stands still until told to move. Timers fire in order of time, then of creation. Between two
 * timers all promises that can settle do so, so that a run is the same every time.
 */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #epoch: number;
  /** A binary heap by (at, order). */
  readonly #heap: VirtualTimer[] = [];

  /** `epoch` is the wall time (ms since the Unix epoch) at which the clock starts. */
  constructor(epoch = Date.UTC(2026, 0, 1)) {
    this.#epoch = epoch;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#epoch + this.#now;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer: VirtualTimer = {
      at: this.#now + Math.max(0, delayMs),
      order: this.#order++,
      callback,
      cancelled: false,
    };
    this.#push(timer);
    return {
      cancel() {
        timer.cancelled = true;
      },
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /** Moves time forward by `ms`, firing what falls due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#peek(); next && next.at <= end; next = this.#peek()) {
      await this.#fire(next);
    }
    this.#now = end;
  }

  /** Moves time forward until `condition` holds; throws when `limitMs` of virtual time pass without it. */
  async runUntil(condition: () => boolean, limitMs: number, what = "condition"): Promise<void> {
    const end = this.#now + limitMs;
    await settle();
    while (!condition()) {
      const next = this.#peek();
      if (!next || next.at > end) {
        this.#now = end;
        throw new Error(`${what} did not come true within ${limitMs} ms of virtual time`);
      }
      await this.#fire(next);
    }
  }

  async #fire(timer: VirtualTimer): Promise<void> {
    this.#pop();
    if (timer.cancelled) return;
    this.#now = timer.at;
    timer.callback();
    await settle();
  }

  #peek(): VirtualTimer | undefined {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0];
  }

  #push(timer: VirtualTimer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(timer, heap[parent] as VirtualTimer)) break;
      heap[index] = heap[parent] as VirtualTimer;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as VirtualTimer, heap[child] as VirtualTimer)) child++;
      if (!before(heap[child] as VirtualTimer, last)) break;
      heap[index] = heap[child] as VirtualTimer;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Lets every promise that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
