/**
 * What is under way on the radios and is not to be disturbed: vifs that are coming up, channel availability checks, MBSS
 * roles that move. Each ends with a report or, at the latest, with its time.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import { CacWatch } from "./cac.ts";
import type { DiffContext, DiffResult, ObjectChange } from "./diff.ts";
import { limits } from "./limits.ts";

/** What its timers tell. */
export type UnderWayEvent = "CAC took too long" | "MBSS freeze is over" | "enable grace is over";

export class UnderWay {
  readonly #clock: Clock;
  readonly #tell: (event: UnderWayEvent) => void;
  readonly #cac: CacWatch;
  /** Phys whose MBSS roles are moving. */
  readonly #mbss = new Map<string, Timer>();
  /** Vifs asked to come up, by object; running ones only. */
  readonly #graces = new Map<string, { readonly phy: string; readonly timer: Timer }>();
  /** Vifs asked to come up that have a CAC to wait for first; it outlasts IDLE. */
  readonly #checking = new Map<string, { readonly phy: string }>();

  constructor(clock: Clock, tell: (event: UnderWayEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#cac = new CacWatch(clock, () => tell("CAC took too long"));
  }

  context(learned: Pick<DiffContext, "refusing" | "withholds">): DiffContext {
    return {
      cac: this.#cac.ongoing,
      mbss: new Set(this.#mbss.keys()),
      comingUp: new Set(this.#graces.keys()),
      ...learned,
    };
  }

  /** When a CAC ends, the vifs that were asked to come up before it are about to do so on their own. */
  phyReported(name: string, phy: PhyState | null): void {
    const ended = this.#cac.update(name, phy);
    if (!ended && phy !== null) return;
    for (const [object, waiting] of this.#checking) {
      if (waiting.phy !== name) continue;
      this.#checking.delete(object);
      if (phy !== null) this.#startGrace(object, name);
    }
  }

  vifReported(object: string, vif: VifState | null): void {
    if (vif === null) this.#endGrace(object);
    if (vif?.status !== "disabled") this.#checking.delete(object);
  }

  asked(changes: readonly ObjectChange[]): void {
    for (const change of changes) {
      if (change.vif !== null && change.bringsUp) this.#startGrace(change.object, change.phy);
      if (change.differences.some(({ attribute }) => attribute === "mbss_mode")) this.#freeze(change.phy);
    }
  }

  /** No driver took it. */
  notAsked(changes: readonly ObjectChange[]): void {
    for (const { object } of changes) this.#endGrace(object);
  }

  /** A grace lasts while its vif is coming up; a CAC interrupts it. */
  compared(found: DiffResult): void {
    const comingUp = new Set(found.comingUp.map(({ object }) => object));
    for (const [object, { phy }] of this.#graces) {
      if (comingUp.has(object)) continue;
      this.#endGrace(object);
      if (this.#cac.ongoing.has(phy)) this.#checking.set(object, { phy });
    }
  }

  settled(): void {
    for (const object of this.#graces.keys()) this.#endGrace(object);
  }

  stop(): void {
    this.settled();
    for (const timer of this.#mbss.values()) timer.cancel();
    this.#cac.stop();
  }

  #startGrace(object: string, phy: string): void {
    this.#endGrace(object);
    const timer = this.#clock.setTimer(limits.enableGrace, () => {
      this.#graces.delete(object);
      this.#tell("enable grace is over");
    });
    this.#graces.set(object, { phy, timer });
  }

  #endGrace(object: string): void {
    this.#graces.get(object)?.timer.cancel();
    this.#graces.delete(object);
  }

  #freeze(phy: string): void {
    this.#mbss.get(phy)?.cancel();
    const timer = this.#clock.setTimer(limits.mbssFreeze, () => {
      this.#mbss.delete(phy);
      this.#tell("MBSS freeze is over");
    });
    this.#mbss.set(phy, timer);
  }
}
