/**
 * A DHCP client by the states of RFC 2131 §4.4: INIT, SELECTING, REBOOTING, BOUND, RENEWING, REBINDING. It sets a timer
 * only for what is due, and remembers its last address to ask for it again.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Random } from "@opensync-ts/base/random";
import type { DhcpAnswer, DhcpRequest, Grant } from "./dhcp-message.ts";

export type DhcpClientState = "INIT" | "SELECTING" | "REBOOTING" | "BOUND" | "RENEWING" | "REBINDING";

/** Milliseconds: from one try to the next, and from the last of them to the first of the next series. */
export interface Backoff {
  readonly tries: readonly number[];
  readonly pause: number;
}

export interface DhcpClientOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly backoff: Backoff;
  /**
   * Sends a request; `answered` is called once, later: with the answer, or `null` when none will come. Returns what takes the
   * request back; `null`: nobody has heard it, and `answered` is not called.
   */
  readonly send: (request: DhcpRequest, answered: (answer: DhcpAnswer | null) => void) => Timer | null;
  /** Its lease has come, changed or gone. */
  readonly onLease: () => void;
}

/** Who reboots asks so often for what it had, ms from one try to the next, before it takes anything. */
const rebootTries = [2000, 4000];
/** No retry sooner, while there is a lease (RFC 2131 §4.4.5). */
const leastRetry = 60_000;
/** Parts of a lease after which it is renewed, and after which any server will do. */
const renewAfter = 1 / 2;
const rebindAfter = 7 / 8;

export class DhcpClient {
  readonly #options: DhcpClientOptions;
  #state: DhcpClientState = "INIT";
  #grant: Grant | null = null;
  /** Clock time of the grant, ms. */
  #since = 0;
  /** Of the last acknowledgement, likewise. */
  #granted = 0;
  #last: number | null = null;
  #tries = 0;
  #request: Timer | null = null;
  #timer: Timer | null = null;

  constructor(options: DhcpClientOptions) {
    this.#options = options;
  }

  get state(): DhcpClientState {
    return this.#state;
  }

  get grant(): Grant | null {
    return this.#grant;
  }

  /** Clock time at which it got what it has, ms. */
  get since(): number {
    return this.#since;
  }

  /** The link is there. No effect on a client that runs. */
  start(): void {
    if (this.#state === "INIT") this.#enter(this.#last === null ? "SELECTING" : "REBOOTING");
  }

  /** The link is gone, and the lease with it. */
  stop(): void {
    this.#reset("INIT");
    this.#lose();
  }

  /** Asks anew, now; a request under way is not doubled. Who asks twice without an answer starts over. No effect before `start`. */
  renew(): void {
    if (this.#state === "INIT" || this.#request) return;
    if (this.#state === "BOUND") {
      this.#enter("RENEWING");
      return;
    }
    this.#reset("SELECTING");
    this.#lose();
    this.#ask();
  }

  /** The link leads elsewhere: asks whether what it has holds there. */
  moved(): void {
    if (this.#state !== "INIT") this.#enter(this.#last === null ? "SELECTING" : "REBOOTING");
  }

  #enter(state: DhcpClientState): void {
    this.#reset(state);
    if (state === "REBOOTING") this.#lose();
    this.#ask();
  }

  #reset(state: DhcpClientState): void {
    this.#state = state;
    this.#tries = 0;
    this.#request?.cancel();
    this.#request = null;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #ask(): void {
    const request = this.#nextRequest();
    if (!request) return;
    this.#request?.cancel();
    this.#request = this.#options.send(request, (answer) => {
      this.#request = null;
      if (answer) this.#answered(answer);
    });
    const wait = this.#wait();
    this.#tries++;
    this.#timer = this.#options.clock.setTimer(wait, () => this.#unanswered());
  }

  #nextRequest(): DhcpRequest | null {
    const grant = this.#grant;
    switch (this.#state) {
      case "SELECTING":
        return { kind: "discover", address: this.#last };
      case "REBOOTING":
        return this.#last === null ? null : { kind: "reboot", address: this.#last };
      case "RENEWING":
        return grant && { kind: "renew", address: grant.address, server: grant.server };
      case "REBINDING":
        return grant && { kind: "rebind", address: grant.address };
      default:
        return null;
    }
  }

  /** ms until the next try. */
  #wait(): number {
    const { backoff, clock } = this.#options;
    const { tries } = backoff;
    const left = this.#until() - clock.now();
    switch (this.#state) {
      case "REBOOTING":
        return rebootTries[this.#tries] ?? 0;
      case "RENEWING":
        // At least one more try before any server will do.
        return Math.max(0, Math.min(Math.max(left / 2, leastRetry), this.#at(rebindAfter) - clock.now()));
      case "REBINDING":
        return Math.max(0, Math.min(Math.max(left / 2, leastRetry), left));
      default:
        return this.#jittered(tries[this.#tries % (tries.length + 1)] ?? backoff.pause);
    }
  }

  #unanswered(): void {
    const now = this.#options.clock.now();
    if (this.#grant && now >= this.#until()) {
      this.#expired();
    } else if (this.#state === "REBOOTING" && this.#tries >= rebootTries.length) {
      this.#enter("SELECTING");
    } else if (this.#state === "RENEWING" && now >= this.#at(rebindAfter)) {
      this.#enter("REBINDING");
    } else {
      this.#ask();
    }
  }

  #answered(answer: DhcpAnswer): void {
    if (answer.kind === "nak") {
      if (this.#state === "SELECTING") return;
      this.#last = null;
      this.#reset("SELECTING");
      this.#lose();
      this.#ask();
      return;
    }
    this.#reset("BOUND");
    const before = this.#grant;
    this.#grant = answer.grant;
    this.#last = answer.grant.address;
    if (!before) this.#since = this.#options.clock.now();
    this.#granted = this.#options.clock.now();
    if (Number.isFinite(this.#until())) {
      const due = this.#at(renewAfter) - this.#options.clock.now();
      this.#timer = this.#options.clock.setTimer(due, () => this.#enter("RENEWING"));
    }
    if (!before || !sameGrant(before, answer.grant)) this.#options.onLease();
  }

  #expired(): void {
    this.#reset("SELECTING");
    this.#lose();
    this.#ask();
  }

  #lose(): void {
    if (!this.#grant) return;
    this.#grant = null;
    this.#options.onLease();
  }

  #until(): number {
    return this.#at(1);
  }

  #at(part: number): number {
    return this.#grant ? this.#granted + this.#grant.leaseTime * 1000 * part : Number.POSITIVE_INFINITY;
  }

  /** One tenth either way, so that many do not ask in step. */
  #jittered(ms: number): number {
    return ms * (0.9 + 0.2 * this.#options.random.next());
  }
}

function sameGrant(a: Grant, b: Grant): boolean {
  return JSON.stringify([a, [...a.options]]) === JSON.stringify([b, [...b.options]]);
}
