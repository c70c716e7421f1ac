/** For tests: connections between a node and its controller that fail as lines do, at a message that is stated beforehand. */

import type { Clock } from "@opensync-ts/base/clock";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import type { Transport, TransportHandlers } from "@opensync-ts/ovsdb/transport";

/**
 * | kind     | what becomes of the message and of those after it in its direction                         |
 * |----------|---------------------------------------------------------------------------------------------|
 * | `cut`    | lost; the connection is gone, and both sides know                                           |
 * | `silent` | lost, and nobody is told                                                                    |
 * | `late`   | they arrive `ms` later, in order, even where the sender has given up the connection by then |
 */
export interface Fault {
  readonly kind: "cut" | "silent" | "late";
  /** Whose messages: `request` goes to the node, `reply` (and updates) to the controller. */
  readonly on: "request" | "reply";
  /** The first message that it hits; 0: the first of the connection. */
  readonly at: number;
  /** Of `late`. */
  readonly ms: number;
}

export interface FlakyLine {
  readonly controller: Transport;
  readonly node: Transport;
  /** Resolves when either side has given it up or learned of its end. */
  readonly gone: Promise<void>;
  /** From now on nothing more goes wrong. */
  mend(): void;
}

/** One connection, whole but for its fault. `name`: the node's address as the controller sees it. */
export function flakyLine(clock: Clock, name: string, fault: Fault | undefined): FlakyLine {
  const [near, far] = memoryTransportPair(name, "node");
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const controller = new FlakyTransport(clock, near, fault?.on === "request" ? fault : undefined, resolve);
  const node = new FlakyTransport(clock, far, fault?.on === "reply" ? fault : undefined, resolve);
  const mend = () => {
    controller.mend();
    node.mend();
  };
  return { controller, node, gone, mend };
}

/** The end whose messages meet the fault. */
class FlakyTransport implements Transport {
  readonly #clock: Clock;
  readonly #line: Transport;
  readonly #gone: () => void;
  #fault: Fault | undefined;
  #written = 0;
  /** Messages that are late; the end of the connection waits for them. */
  #late = 0;
  #end: (() => void) | undefined;

  constructor(clock: Clock, line: Transport, fault: Fault | undefined, gone: () => void) {
    this.#clock = clock;
    this.#line = line;
    this.#fault = fault;
    this.#gone = gone;
  }

  get name(): string {
    return this.#line.name;
  }

  get peerCertificate() {
    return this.#line.peerCertificate;
  }

  get waiting(): number {
    return this.#line.waiting;
  }

  /** What was lost stays lost; a direction that has fallen silent stays so, as what came after would make no sense. */
  mend(): void {
    if (this.#fault && this.#written <= this.#fault.at) this.#fault = undefined;
  }

  start(handlers: TransportHandlers): void {
    const closed = (error: Error | undefined) => {
      this.#gone();
      handlers.closed(error);
    };
    this.#line.start({
      data: (chunk) => handlers.data(chunk),
      ended: () => handlers.ended(),
      drained: () => handlers.drained(),
      closed,
    });
  }

  write(text: string): void {
    const fault = this.#fault;
    if (!fault || this.#written++ < fault.at) this.#line.write(text);
    else if (fault.kind === "cut") this.#line.destroy();
    else if (fault.kind === "late") this.#deliver(text, fault.ms);
  }

  #deliver(text: string, ms: number): void {
    this.#late++;
    this.#clock.setTimer(ms, () => {
      this.#line.write(text);
      if (--this.#late === 0) this.#end?.();
    });
  }

  pause(): void {
    this.#line.pause();
  }

  resume(): void {
    this.#line.resume();
  }

  close(): boolean {
    this.#gone();
    if (this.#late === 0) return this.#line.close();
    this.#end ??= () => void this.#line.close();
    return false;
  }

  destroy(): void {
    this.#gone();
    // What is on its way arrives: the peer does not know yet that nobody waits for its answer.
    if (this.#late > 0) this.#end ??= () => void this.#line.close();
    else this.#line.destroy();
  }
}
