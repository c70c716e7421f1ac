/**
 * An ACL keeps stations out; drivers leave those alone that are in already. Here (`ow_acl_kick`) they are deauthenticated:
 * every station that the *configured* ACL of its vif bans, when that changes and when it appears. What steering adds to
 * the driver's ACL for a while is not configured and throws nobody out.
 *
 * A station gets its kick when the driver's ACL has taken the ban up, or it would be back at once, at the latest after
 * `kickGrace`. Should it come back or stay all the same (an ACL beyond what the hardware holds), `kickPause` passes first.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Mac } from "@opensync-ts/base/units";
import type { AclPolicy, VifState } from "@opensync-ts/target/radio";
import type { WirelessState } from "@opensync-ts/wireless/contract";
import { kickGrace, kickPause, maxKicks } from "./limits.ts";

export interface Acl {
  readonly policy: AclPolicy;
  readonly macs: ReadonlySet<Mac>;
}

/** IEEE 802.11-2020 §9.4.1.7: unspecified reason. */
const reason = 1;

export function bans({ policy, macs }: Acl, station: Mac): boolean {
  switch (policy) {
    case "none":
      return false;
    case "allow":
      return !macs.has(station);
    case "deny":
      return macs.has(station);
  }
}

export interface AclKickOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: Pick<WirelessState, "vifs" | "stations" | "events">;
  readonly deauth: (phy: string, vif: string, station: Mac, reason: number) => void;
}

/** A station to be kicked, or kicked lately. */
interface Kick {
  readonly vif: string;
  readonly station: Mac;
  readonly kicked: boolean;
  /** When it may be kicked; monotonic milliseconds. */
  readonly due: number;
}

export class AclKick {
  readonly #options: AclKickOptions;
  readonly #unsubscribe: readonly (() => void)[];
  /** By vif and station. */
  readonly #kicks = new Map<string, Kick>();
  #acls: ReadonlyMap<string, Acl> = new Map();
  #timer: Timer | null = null;
  #stopped = false;

  constructor(options: AclKickOptions) {
    this.#options = options;
    const { events } = options.state;
    this.#unsubscribe = [
      events.on("station", (event) => {
        if (event.new && this.#acls.has(event.vif)) this.#lookIn(0);
      }),
      events.on("vif", ({ name }) => {
        if (this.#acls.has(name)) this.#lookIn(0);
      }),
    ];
  }

  /** The ACLs that rows ask for, by vif; a vif without an opinion bans nobody. */
  configured(acls: ReadonlyMap<string, Acl>): void {
    this.#acls = acls;
    if (acls.size > 0) this.#lookIn(0);
  }

  stop(): void {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#timer?.cancel();
    this.#kicks.clear();
  }

  /** Later, so that what comes together is seen together. */
  #lookIn(delay: number): void {
    this.#timer?.cancel();
    if (!this.#stopped) this.#timer = this.#options.clock.setTimer(delay, () => this.#look());
  }

  #look(): void {
    const now = this.#options.clock.now();
    this.#forget(now);
    for (const [vif, acl] of this.#acls) {
      const state = this.#options.state.vifs.get(vif);
      if (state?.type !== "ap") continue;
      const enforced: Acl = { policy: state.ap.aclPolicy, macs: new Set(state.ap.acl) };
      for (const station of this.#options.state.stations.get(vif)?.keys() ?? []) {
        if (bans(acl, station)) this.#consider(state, station, bans(enforced, station), now);
      }
    }
    const next = Math.min(...[...this.#kicks.values()].map(({ due }) => due));
    if (next !== Infinity) this.#lookIn(next - now);
  }

  /** Pauses that are over, and kicks that are not needed any more. */
  #forget(now: number): void {
    for (const [key, { vif, station, kicked, due }] of this.#kicks) {
      const acl = this.#acls.get(vif);
      const present = this.#options.state.stations.get(vif)?.has(station) ?? false;
      const needed = present && acl !== undefined && bans(acl, station);
      if (kicked ? due <= now : !needed) this.#kicks.delete(key);
    }
  }

  #consider(vif: VifState, station: Mac, enforced: boolean, now: number): void {
    const key = `${vif.name} ${station}`;
    const known = this.#kicks.get(key);
    if (known?.kicked || (!known && this.#kicks.size >= maxKicks)) return;
    const due = enforced ? now : (known?.due ?? now + kickGrace);
    const kicked = due <= now;
    this.#kicks.set(key, { vif: vif.name, station, kicked, due: kicked ? now + kickPause : due });
    if (!kicked) return;
    this.#options.log.info(`ow: acl_kick: ${vif.name}: ${station}: banned by the configured ACL; deauthenticated`);
    this.#options.deauth(vif.phy, vif.name, station, reason);
  }
}
