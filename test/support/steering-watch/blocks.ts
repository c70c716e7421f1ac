/** Every block ends: those of attempts with the attempt, those before association on time, and drivers follow. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import type { Explanation } from "@opensync-ts/wireless/steering/explanation";
import { serviceBounds, steeringLimits } from "@opensync-ts/wireless/steering/limits";
import type { ClientSettings } from "@opensync-ts/wireless/steering/settings";
import { explanationOf, Memory, type WatchedHome, type WatchedNode } from "./watched-home.ts";

/** Of a client that an access point refuses although steering lets it in, and of one that is refused before association. */
interface Since {
  at: number | null;
}

export class BlockWatch {
  /** Longest times seen, ms: for whoever sets the bounds. */
  readonly longest = { lag: 0, rejecting: 0 };
  readonly #watched: WatchedHome;
  readonly #stale = new Memory<Since>(() => ({ at: null }));
  readonly #leaving = new Memory<Since>(() => ({ at: null }));
  /** By node and client: since its first probe request that was refused. */
  readonly #knocked = new Memory<Since>(() => ({ at: null }));
  readonly #unsubscribe: readonly Unsubscribe[];

  constructor(watched: WatchedHome) {
    this.#watched = watched;
    this.#unsubscribe = watched.nodes.flatMap((node) => [
      node.steering.events.on("input", ({ station, input }) => {
        if (input.type === "probe" && input.snr >= watched.settingsOf(station).probeSnr)
          this.#knock(node, station, input.vif);
      }),
      node.steering.events.on("decision", ({ station, decision }) => {
        // Let in, or the refusal begins anew by another plan.
        if (decision.transitions.some(({ policy, to }) => policy === "pre_assoc" && to !== "rejecting"))
          this.#knocked.of(node.node.id, station).at = null;
      }),
    ]);
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** Now and then. */
  look(): void {
    for (const node of this.#watched.nodes)
      for (const client of this.#watched.clients) {
        const explanation = explanationOf(node, client);
        if (!explanation) continue;
        this.#lookAtAttempts(node, client, explanation);
        this.#lookBeforeAssociation(node, client, explanation);
        this.#lookAtDriver(node, client, explanation);
      }
  }

  get #now(): number {
    return this.#watched.home.clock.now();
  }

  #broken(node: WatchedNode, client: Mac, words: string): void {
    this.#watched.broken(`${node.node.id} ${client}: ${words}`);
  }

  #lookAtAttempts(node: WatchedNode, client: Mac, { candidates, attempt, blocked }: Explanation): void {
    if (attempt && this.#now - attempt.startedAt > serviceBounds.attempt)
      this.#broken(node, client, `an attempt of ${attempt.policy} takes ${this.#now - attempt.startedAt} ms`);
    for (const vif of blocked)
      if (
        !candidates.some(
          (one) => one.vif === vif && (one.preference === "HARD_BLOCKED" || one.preference === "SOFT_BLOCKED"),
        )
      )
        this.#broken(node, client, `${vif} refuses it, and no policy wants that`);
    for (const { vif, preference, by } of candidates) {
      if (vif === null) continue;
      const leaving = this.#leaving.of(node.node.id, client, vif);
      if (preference !== "HARD_BLOCKED" || by !== "defer_vif_down_deny") leaving.at = null;
      if (preference !== "HARD_BLOCKED") continue;
      if (by === "defer_vif_down_deny") {
        leaving.at ??= this.#now;
        const since = Math.max(leaving.at, node.excusedUntil());
        if (this.#now - since > serviceBounds.vifDown + serviceBounds.driver)
          this.#broken(node, client, `${vif} is going down for ${this.#now - since} ms`);
      } else if (attempt?.policy !== by) {
        this.#broken(
          node,
          client,
          `${vif} refuses it for ${by}, whose attempt is not under way (${attempt?.policy ?? "none is"})`,
        );
      }
    }
  }

  #knock(node: WatchedNode, client: Mac, vif: string): void {
    const explanation = explanationOf(node, client);
    const candidate = explanation?.candidates.find((one) => one.vif === vif);
    if (candidate?.by !== "pre_assoc" || candidate.preference !== "SOFT_BLOCKED" || explanation?.links.length !== 0)
      return;
    this.#knocked.of(node.node.id, client).at ??= this.#now;
  }

  #lookBeforeAssociation(node: WatchedNode, client: Mac, { candidates, links }: Explanation): void {
    const knocked = this.#knocked.of(node.node.id, client);
    const refused = candidates.some(({ by, preference }) => by === "pre_assoc" && preference === "SOFT_BLOCKED");
    if (!refused || links.length > 0) knocked.at = null;
    if (knocked.at === null) return;
    // Another row, or other access points, and it begins anew.
    const since = Math.max(knocked.at, this.#watched.settledAt(client), node.switchedAt(), node.excusedUntil());
    this.longest.rejecting = Math.max(this.longest.rejecting, this.#now - since);
    const bound = longestRejecting(this.#watched.settingsOf(client));
    if (this.#now - since > bound)
      this.#broken(node, client, `refused before association for ${this.#now - since} ms, of ${bound}`);
  }

  /** What drivers really do. */
  #lookAtDriver(node: WatchedNode, client: Mac, { blocked }: Explanation): void {
    const { world, bsses } = this.#watched.home;
    for (const { node: id, bss } of bsses) {
      if (id !== node.node.id || bss.vif === null) continue;
      const stale = this.#stale.of(client, bss.bssid);
      const refuses = world.bss(bss.bssid)?.acl.macs.includes(client) === true;
      if (!refuses || blocked.includes(bss.vif)) {
        stale.at = null;
        continue;
      }
      stale.at ??= this.#now;
      const lag = this.#now - Math.max(stale.at, node.excusedUntil());
      this.longest.lag = Math.max(this.longest.lag, lag);
      if (lag > serviceBounds.driver)
        this.#broken(node, client, `${bss.vif} refuses it for ${lag} ms although it is to be let in`);
    }
  }
}

/** From the first refused probe request on, whichever band is held back. */
export function longestRejecting(settings: ClientSettings): number {
  const { blockTimeout, blockTimeout6g, maxRejects, rejectsTimeout, pref6g } = settings;
  const longest = pref6g === "always" ? Math.max(blockTimeout, blockTimeout6g) : blockTimeout;
  const times = [longest, maxRejects > 0 ? rejectsTimeout : 0].filter((time) => time > 0);
  return Math.min(steeringLimits.longestPreAssocBlock, ...times);
}
