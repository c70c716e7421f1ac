/**
 * For tests: what a world has moved to and from the clients of one device, and how much of it the device's drivers have told by
 * when. It takes its figures from the world, not from the drivers.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { SimTarget } from "@opensync-ts/target-sim/sim-target";
import { frameSize } from "@opensync-ts/target-sim/station-counters";
import { type Band, sensitivity } from "@opensync-ts/world/spectrum";
import type { LeaveReason, World } from "@opensync-ts/world/world";

/** `tx` is towards the clients. */
export interface Moved {
  readonly txBytes: number;
  readonly rxBytes: number;
  readonly txFrames: number;
  readonly rxFrames: number;
}

interface Told extends Moved {
  readonly at: number;
}

/** One association. */
interface Stay {
  readonly mac: Mac;
  readonly band: Band;
  readonly from: number;
  to: number | null;
  readonly start: Volume;
  /** Of the client, when drivers told last. */
  lastDelivered: Volume;
  /** Since when the driver's counters count, and what it had told before that. */
  counted: Volume;
  before: Moved;
  /** All that has been told by then, ascending. */
  readonly told: Told[];
}

interface Volume {
  readonly down: number;
  readonly up: number;
}

const nothing: Moved = { txBytes: 0, rxBytes: 0, txFrames: 0, rxFrames: 0 };

export class ByteLedger {
  /** How associations ended. */
  readonly ends: LeaveReason[] = [];
  /** When somebody was refused (ms). */
  readonly refusals: { readonly at: number; readonly band: Band; readonly wrongKey: boolean }[] = [];
  /** When drivers were asked for channels, by phy. */
  readonly surveys = new Map<string, number[]>();
  /** Bytes that drivers lost as their counters began anew. */
  lost = 0;
  readonly #clock: Clock;
  readonly #world: World;
  readonly #stays: Stay[] = [];

  /** Before the device serves anybody. */
  constructor(world: World, target: SimTarget, clock: Clock) {
    this.#clock = clock;
    this.#world = world;
    const site = target.unit.id;
    world.events.on("associated", ({ mac, bssid }) => {
      const bss = world.bss(bssid);
      if (bss?.site !== site) return;
      const start = this.#delivered(mac);
      const { band } = bss.channel;
      this.#stays.push({
        ...{ mac, band, start },
        from: clock.now(),
        to: null,
        lastDelivered: start,
        counted: start,
        before: nothing,
        told: [],
      });
    });
    world.events.on("disassociated", ({ mac, reason }) => {
      const stay = this.#open().find((each) => each.mac === mac);
      if (!stay) return;
      this.#tell(stay);
      stay.to = clock.now();
      this.ends.push(reason);
    });
    world.events.on("failed", ({ bssid, mac, reason }) => {
      const bss = world.bss(bssid);
      // Whom an access point cannot hear, it does not refuse.
      if (bss?.site !== site || (world.heardAt(bssid, mac) ?? Number.NEGATIVE_INFINITY) < sensitivity) return;
      this.refusals.push({ at: clock.now(), band: bss.channel.band, wrongKey: reason === "wrong_key" });
    });
    this.#watchReads(target);
  }

  /** Associations that began, and that ended, by then. */
  connections(band: Band, until: number): { readonly connects: number; readonly disconnects: number } {
    const stays = this.#stays.filter((stay) => stay.band === band);
    return {
      connects: stays.filter(({ from }) => from <= until).length,
      disconnects: stays.filter(({ to }) => to !== null && to <= until).length,
    };
  }

  /** What went over the air in all associations: whole ones, and those that last, up to where drivers have told of them. */
  get movedBytesTold(): number {
    return this.#stays.reduce((sum, { start, lastDelivered: { down, up } }) => {
      return sum + Math.round(down - start.down) + Math.round(up - start.up);
    }, 0);
  }

  /** Associations that moved more in one direction than 32 bits can count. */
  get wraps(): number {
    return this.#stays.filter(({ told }) => (told.at(-1)?.txBytes ?? 0) >= 2 ** 32).length;
  }

  /** What drivers told until `until`, all associations from their beginning. */
  toldUntil(band: Band, until: number): Moved {
    return sumOf(this.#stays.filter((stay) => stay.band === band).map((stay) => toldBy(stay, until)));
  }

  /**
   * The same of what was told after `since`, to somebody who began to listen then: of those who were there already he can only
   * tell what came after their first counters that he was told.
   */
  toldSince(band: Band, since: number, until: number): Moved {
    const parts = this.#stays
      .filter((stay) => stay.band === band)
      .map((stay) => {
        if (stay.from >= since) return toldBy(stay, until);
        const first = stay.told.find(({ at }) => at >= since);
        return first && first.at <= until ? difference(toldBy(stay, until), first) : nothing;
      });
    return sumOf(parts);
  }

  /** The counters of all radios begin anew now: what they counted since they were last read is lost. */
  resetCounters(target: SimTarget): void {
    for (const stay of this.#open()) {
      const told = stay.told.at(-1) ?? { ...nothing, at: stay.from };
      const { txBytes, rxBytes } = this.#countedNow(stay);
      this.lost += txBytes - told.txBytes + rxBytes - told.rxBytes;
      stay.before = told;
      stay.counted = this.#delivered(stay.mac);
    }
    for (const phy of target.radio.phyNames()) target.radio.resetCounters(phy);
  }

  #open(): Stay[] {
    return this.#stays.filter(({ to }) => to === null);
  }

  #watchReads(target: SimTarget): void {
    const { radio } = target;
    const bandOf = new Map(radio.phyNames().map((phy) => [phy, radio.phyState(phy)?.capabilities.band]));
    const read = radio.requestStatistics.bind(radio);
    radio.requestStatistics = (request) => {
      const { phy, stations, survey } = request;
      if (stations) for (const stay of this.#open()) if (stay.band === bandOf.get(phy)) this.#tell(stay);
      if (survey) this.surveys.set(phy, [...(this.surveys.get(phy) ?? []), this.#clock.now()]);
      read(request);
    };
  }

  #tell(stay: Stay): void {
    stay.lastDelivered = this.#delivered(stay.mac);
    stay.told.push({ ...this.#countedNow(stay), at: this.#clock.now() });
  }

  #countedNow({ mac, counted, before }: Stay): Moved {
    const { down, up } = this.#delivered(mac);
    const txBytes = Math.round(down - counted.down);
    const rxBytes = Math.round(up - counted.up);
    return sumOf([
      before,
      { txBytes, rxBytes, txFrames: Math.ceil(txBytes / frameSize), rxFrames: Math.ceil(rxBytes / frameSize) },
    ]);
  }

  #delivered(mac: Mac): Volume {
    const client = this.#world.client(mac);
    client?.account();
    return client?.traffic.delivered ?? { down: 0, up: 0 };
  }
}

function toldBy({ told }: Stay, until: number): Moved {
  return told.findLast(({ at }) => at <= until) ?? nothing;
}

export function sumOf(all: readonly Moved[]): Moved {
  const sum = (of: (each: Moved) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    txBytes: sum(({ txBytes }) => txBytes),
    rxBytes: sum(({ rxBytes }) => rxBytes),
    txFrames: sum(({ txFrames }) => txFrames),
    rxFrames: sum(({ rxFrames }) => rxFrames),
  };
}

export function difference(a: Moved, b: Moved): Moved {
  return {
    txBytes: a.txBytes - b.txBytes,
    rxBytes: a.rxBytes - b.rxBytes,
    txFrames: a.txFrames - b.txFrames,
    rxFrames: a.rxFrames - b.rxFrames,
  };
}
