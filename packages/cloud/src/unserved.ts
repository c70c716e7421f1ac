/** Those who call and cannot be served, through what they send or are: each is a line, not too many of them, and is shown among the callers. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { addressOf } from "./admission.ts";
import type { ClaimedIdentity } from "./identity.ts";
import * as limits from "./limits.ts";
import type { Locations } from "./locations.ts";
import { Troubles } from "./troubles.ts";

export interface UnservedOptions {
  readonly locations: Locations;
  readonly clock: Clock;
  readonly log: Log;
}

export interface UnservedPeer {
  /** For logs: `ssl:10.0.0.7:40312`. */
  readonly peer: string;
  /** Of its certificate; undefined: it has none, or none that is trusted. */
  readonly commonName: string | undefined;
  /** What it has said of itself by then. */
  readonly said?: (ClaimedIdentity & { readonly model: string | null }) | undefined;
  /** What it was, and what to do where that is known. */
  readonly reason: string;
}

export class Unserved {
  readonly #options: UnservedOptions;
  readonly #troubles: Troubles;

  constructor(options: UnservedOptions) {
    this.#options = options;
    this.#troubles = new Troubles(options.clock, options.log);
  }

  tell({ peer, commonName, said, reason: text }: UnservedPeer): void {
    const { locations, clock } = this.#options;
    const reason = withoutName(text, peer).slice(0, limits.troubleLength);
    const isTold = this.trouble(peer, reason);
    const { id = null, serialNumber = null, model = null } = said ?? {};
    const caller = { id, serialNumber, model, commonName: commonName ?? null };
    locations.stranger({ ...caller, peer, reason, seenAt: clock.wallTime() }, isTold);
  }

  /** A line alone, of what says nothing about who calls; whether there is one now. */
  trouble(peer: string, reason: string): boolean {
    const text = withoutName(reason, peer);
    return this.#troubles.tell(`${addressOf(peer)} ${text}`, `${peer}: refused: ${text}`);
  }
}

/** Errors of a connection begin with its name. */
function withoutName(text: string, name: string): string {
  return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text;
}
