/** Who fails waits, and the longer the more often it has. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import type { KickState } from "@opensync-ts/wireless/steering/kick-machine";
import type { ClientSettings } from "@opensync-ts/wireless/steering/settings";
import { Memory, type WatchedHome, type WatchedNode } from "./watched-home.ts";

interface Wait {
  readonly failures: number;
  readonly ms: number;
  readonly settings: ClientSettings;
}

/** The clock counts fractions. */
const rounding = 1;

export class BackoffWatch {
  /** Waits that were longer than the one before. */
  grown = 0;
  readonly #watched: WatchedHome;
  readonly #waits = new Memory<{ last: Wait | null; failures: number }>(() => ({ last: null, failures: 0 }));
  readonly #unsubscribe: readonly Unsubscribe[];

  constructor(watched: WatchedHome) {
    this.#watched = watched;
    this.#unsubscribe = watched.nodes.map((node) =>
      node.steering.events.on("decision", ({ station, decision }) => {
        const { hwm, lwm, bottomLwm } = decision.state.policies;
        const failed = new Set(
          decision.outcomes.filter(({ result }) => result === "failed").map(({ policy }) => policy),
        );
        const moved = new Set(
          decision.outcomes.filter(({ result }) => result === "moved" || result === "left").map(({ policy }) => policy),
        );
        for (const [policy, kick] of [
          ["hwm_2g", hwm],
          ["snr_xing_lwm", lwm.kick],
          ["snr_xing_bottom_lwm", bottomLwm.kick],
        ] as const)
          this.#look(node, station, policy, kick, failed.has(policy), moved.has(policy));
      }),
    );
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #look(
    node: WatchedNode,
    station: Mac,
    policy: string,
    { phase, until, failures, recheck }: KickState,
    failed: boolean,
    moved: boolean,
  ): void {
    const waits = this.#waits.of(node.node.id, station, policy);
    const says = (words: string) => this.#watched.broken(`${node.node.id} ${station}: ${policy} ${words}`);
    if (failures !== waits.failures + (failed ? 1 : 0) && !(moved && failures === 0))
      says(`counts ${failures} failures in a row after ${waits.failures}`);
    waits.failures = failures;
    if (failures === 0) waits.last = null;
    if (!failed) return;
    const settings = this.#watched.settingsOf(station);
    if (phase !== "backoff" || until === null) {
      // Steering during back-off begins anew at once.
      if (!(settings.steerDuringBackoff && phase === "enforce")) says(`does not wait after a failure (${phase})`);
      return;
    }
    // … and waits for somewhere to go where it finds nowhere.
    if (settings.steerDuringBackoff && recheck) return;
    const ms = until - this.#watched.home.clock.now();
    const { last } = waits;
    // Settings of another row are another measure.
    if (last?.settings === settings && ms < last.ms - rounding)
      says(`waits ${ms} ms after ${failures} failures, ${last.ms} ms before`);
    if (last?.settings === settings && ms > last.ms + rounding) this.grown++;
    if (ms < settings.backoff - rounding) says(`waits only ${ms} ms`);
    waits.last = { failures, ms, settings };
  }
}
