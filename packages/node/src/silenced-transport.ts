/**
 * A connection whose packets may be lost for a while: what is written waits, what arrives is not told, and a peer that is
 * left meanwhile does not hear of it until packets pass again.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Transport, TransportHandlers } from "@opensync-ts/ovsdb/transport";

export interface SilencedOptions {
  readonly clock: Clock;
  /** How long a connection that was given up in silence may last on the peer's side. */
  readonly abandonedMs: number;
  /** Written in silence; beyond, the connection ends. */
  readonly maxHeldBytes: number;
  /** Called once, when nothing more will happen. */
  readonly onClosed: () => void;
}

export class SilencedTransport implements Transport {
  readonly name: string;
  readonly #inner: Transport;
  readonly #options: SilencedOptions;
  #handlers: TransportHandlers | undefined;
  #silent = false;
  #paused = false;
  /** Written in silence. */
  #held: string[] = [];
  #heldBytes = 0;
  /** Left by us, in silence: the peer does not know. */
  #abandoned: Timer | undefined;
  #ended = false;

  constructor(inner: Transport, options: SilencedOptions) {
    this.name = inner.name;
    this.#inner = inner;
    this.#options = options;
  }

  get peerCertificate(): Transport["peerCertificate"] {
    return this.#inner.peerCertificate;
  }

  get waiting(): number {
    return this.#inner.waiting + this.#heldBytes;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    this.#inner.start({
      data: (chunk) => {
        if (!this.#abandoned) handlers.data(chunk);
      },
      ended: () => {
        if (!this.#abandoned) handlers.ended();
      },
      drained: () => {
        if (this.waiting === 0 && !this.#abandoned) handlers.drained();
      },
      closed: (error) => this.#closed(error),
    });
  }

  write(text: string, bytes = Buffer.byteLength(text)): void {
    if (this.#ended) return;
    if (!this.#silent) {
      this.#inner.write(text, bytes);
      return;
    }
    this.#held.push(text);
    this.#heldBytes += bytes;
    if (this.#heldBytes > this.#options.maxHeldBytes) this.destroy();
  }

  pause(): void {
    this.#paused = true;
    this.#inner.pause();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#silent) this.#inner.resume();
  }

  close(): boolean {
    if (!this.#silent) return this.#inner.close();
    this.destroy();
    return true;
  }

  destroy(): void {
    if (this.#ended) return;
    if (!this.#silent) {
      this.#inner.destroy();
      return;
    }
    const { clock, abandonedMs } = this.#options;
    this.#abandoned = clock.setTimer(abandonedMs, () => this.#inner.destroy());
    this.#tellClosed(undefined);
  }

  /** Packets vanish from now on, or pass again. */
  setSilent(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    if (silent) this.#inner.pause();
    else if (this.#abandoned) this.#inner.destroy();
    else this.#flush();
  }

  #flush(): void {
    for (const text of this.#held.splice(0)) this.#inner.write(text);
    const held = this.#heldBytes;
    this.#heldBytes = 0;
    if (!this.#paused) this.#inner.resume();
    if (held > 0 && this.#inner.waiting === 0) this.#handlers?.drained();
  }

  /** The peer, or somebody on the way, ends it. */
  reset(): void {
    this.#silent = false;
    this.#inner.destroy();
  }

  #closed(error: Error | undefined): void {
    this.#abandoned?.cancel();
    this.#options.onClosed();
    this.#tellClosed(error);
  }

  #tellClosed(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handlers?.closed(error);
  }
}
