/** Where clients go, and which of their moves somebody asked for. */

import type { Mac } from "@opensync-ts/base/units";
import type { LiveHome } from "./live-home.ts";
import type { SteerLog } from "./steerer.ts";

/** Back within this time is a ping-pong. */
const returnTime = 300_000;
/** A client that is steered is elsewhere after this time, or the steer has failed. */
const steerTime = 30_000;

interface Move {
  readonly from: Mac;
  readonly to: Mac;
  readonly at: number;
  readonly sent: boolean;
}

interface Steer {
  readonly station: Mac;
  readonly from: Mac | null;
  readonly at: number;
  /** BSSIDs that it was offered; null: it was sent away. */
  readonly offered: readonly Mac[] | null;
  moved: boolean;
}

export class Moves implements SteerLog {
  readonly #home: LiveHome;
  readonly #where = new Map<Mac, Mac>();
  readonly #steers = new Map<Mac, Steer>();
  readonly #moves = new Map<Mac, Move[]>();
  #results: Record<string, number> = {};
  #begun = false;
  #count = { steers: 0, failed: 0, pingPong: 0, leftAgain: 0, moves: 0, returns: 0 };

  constructor(home: LiveHome) {
    this.#home = home;
    home.world.events.on("associated", ({ mac, bssid }) => this.#associated(mac, bssid));
  }

  begin(): void {
    this.#begun = true;
  }

  asked(station: Mac, offered: readonly Mac[]): void {
    this.#steer(station, offered);
  }

  kicked(station: Mac): void {
    this.#steer(station, null);
  }

  ended(_: Mac, result: string, reason: string): void {
    if (!this.#begun) return;
    const words = `${result}: ${reason.replaceAll(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/g, "…")}`;
    this.#results[words] = (this.#results[words] ?? 0) + 1;
  }

  /** All that is still open has failed. */
  counts() {
    const now = this.#home.clock.now();
    for (const steer of this.#steers.values()) if (now - steer.at >= steerTime) this.#close(steer);
    return { ...this.#count, results: this.#results };
  }

  /** What follows a steer of the same client within its time is part of it. */
  #steer(station: Mac, offered: readonly Mac[] | null): void {
    const now = this.#home.clock.now();
    const open = this.#steers.get(station);
    if (open && !open.moved && now - open.at < steerTime) return;
    if (open) this.#close(open);
    this.#steers.set(station, { station, from: this.#where.get(station) ?? null, at: now, offered, moved: false });
    if (this.#begun) this.#count.steers++;
  }

  #close(steer: Steer): void {
    this.#steers.delete(steer.station);
    if (!steer.moved && this.#begun) this.#count.failed++;
  }

  #associated(station: Mac, bssid: Mac): void {
    const now = this.#home.clock.now();
    const from = this.#where.get(station);
    this.#where.set(station, bssid);
    if (from === undefined || from === bssid) return;
    const steer = this.#steers.get(station);
    const steered = steer !== undefined && !steer.moved && steer.from === from && now - steer.at < steerTime;
    if (steered && steer) steer.moved = true;
    // Where it was sent, not merely when.
    const sent = steered && (steer?.offered?.includes(bssid) ?? true);
    const before = (this.#moves.get(station) ?? []).filter(({ at }) => now - at < returnTime);
    const back = before.find((move) => move.from === bssid && move.to === from);
    const same = (move: Move) => (move.from === from && move.to === bssid) || (move.from === bssid && move.to === from);
    const again = sent && before.some((move) => move.sent && same(move));
    this.#moves.set(station, [...before, { from, to: bssid, at: now, sent }]);
    if (!this.#begun) return;
    this.#count.moves++;
    if (back) this.#count.returns++;
    if (back?.sent && !again) this.#count.leftAgain++;
    if (again) this.#count.pingPong++;
  }
}
