/** Links that sign somebody in without a password: a code in each, good once and for a short time. In memory only; a restart ends all. */

import { timingSafeEqual } from "node:crypto";
import type { Clock } from "@opensync-ts/base/clock";
import * as limits from "../limits.ts";
import { digestOf, newLinkCode } from "./secrets.ts";

export interface Linked {
  readonly id: string;
  readonly name: string;
}

export interface SignInLink {
  readonly code: string;
  /** ms since 1970. */
  readonly expiresAt: number;
}

export type Taken =
  | { readonly kind: "good"; readonly user: Linked }
  | { readonly kind: "used" }
  | { readonly kind: "over" }
  | { readonly kind: "unknown" };

interface Kept {
  readonly digest: Buffer;
  readonly user: Linked;
  readonly until: number;
  isUsed: boolean;
}

export class SignInLinks {
  readonly #clock: Clock;
  /** The oldest first. Those that are used or over stay as long as there is room, so that it can be said of them. */
  readonly #kept: Kept[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  make(user: Linked): SignInLink {
    const code = newLinkCode();
    const until = this.#clock.now() + limits.linkLifeMs;
    this.#kept.push({ digest: Buffer.from(digestOf(code)), user, until, isUsed: false });
    if (this.#kept.length > limits.links) this.#kept.shift();
    return { code, expiresAt: this.#clock.wallTime() + limits.linkLifeMs };
  }

  /** A code that is good is used up by that. */
  take(code: string): Taken {
    const digest = Buffer.from(digestOf(code));
    let found: Kept | undefined;
    // All of them, each in constant time: how long it takes tells nothing.
    for (const link of this.#kept) if (timingSafeEqual(link.digest, digest)) found = link;
    if (!found) return { kind: "unknown" };
    if (found.isUsed) return { kind: "used" };
    if (this.#clock.now() >= found.until) return { kind: "over" };
    found.isUsed = true;
    return { kind: "good", user: found.user };
  }
}
