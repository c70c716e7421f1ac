/**
 * What steering of one location remembers, kept in the store: clients, the optimiser's state, the journal, moves and counts. What is
 * to be asked for is written here first.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Mac } from "@opensync-ts/base/units";
import { audited, type By } from "../../store/audit.ts";
import { StoreUnavailable } from "../../store/errors.ts";
import { getSetting, setSetting } from "../../store/settings.ts";
import type { Store, StoreTransaction } from "../../store/store.ts";
import type { Indicators } from "../indicators/indicators.ts";
import * as limits from "../limits.ts";
import { dayOf } from "../mobility/calendar.ts";
import type { JournalEntry } from "../optimiser/journal.ts";
import { emptyState, type OptimiserState } from "../optimiser/state.ts";
import type { Profiles } from "../profiles.ts";
import { appendEntry, pruneJournal } from "./journal-store.ts";
import type { Knowledge } from "./knowledge.ts";
import { withDaysClosed } from "./known-client.ts";
import { withoutBackoff } from "./recommend.ts";
import { loadRecords, pruneRecords, readIndicators, saveDay, saveMove } from "./records-store.ts";
import { checkSettings, type SteeringMode, type SteeringSettings, steeringSetting } from "./settings.ts";
import { forgetClients, loadSteering, saveSteering } from "./steering-store.ts";

export interface SteeringMemoryOptions {
  /** The location's id in the store. */
  readonly location: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly profiles: Profiles;
  readonly knowledge: Knowledge;
}

const dayMs = 86_400_000;

export class SteeringMemory {
  readonly #options: SteeringMemoryOptions;
  readonly #location: string;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #knowledge: Knowledge;
  #settings: SteeringSettings = {};
  #state: OptimiserState = emptyState;
  /** The last night whose work is done: the day that goes on since. */
  #night: string | null = null;
  #last: { readonly number: number; readonly digest: string } | null = null;
  #savedAt: number;

  constructor(options: SteeringMemoryOptions) {
    this.#options = options;
    this.#location = options.location;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#knowledge = options.knowledge;
    this.#savedAt = options.clock.now();
  }

  get settings(): SteeringSettings {
    return this.#settings;
  }

  get state(): OptimiserState {
    return this.#state;
  }

  /** A state from which nothing follows that has to be written. */
  set state(state: OptimiserState) {
    this.#state = state;
  }

  /** Digest of the newest entry of the journal. */
  get digest(): string | null {
    return this.#last?.digest ?? null;
  }

  get isDue(): boolean {
    return this.#clock.now() - this.#savedAt >= limits.saveMs;
  }

  /** Rejects with `StoreUnavailable`: then it may be tried again. */
  async load(): Promise<void> {
    const { log, profiles } = this.#options;
    const saved = await loadSteering(this.#store, this.#location, profiles);
    const records = await loadRecords(this.#store, this.#location, this.#clock.wallTime());
    this.#settings = await this.#readSettings();
    for (const fault of saved.faults) log.warning(`steering: what was written cannot be read: ${fault}; left out`);
    this.#knowledge.restore(saved);
    this.#knowledge.records.restore(records.open, records.day, records.counts);
    this.#state = saved.state;
    this.#night = saved.night;
    this.#last = saved.last;
  }

  /** In the audit trail. Throws a `UserError`, `StoreUnavailable`. */
  async configure(change: SteeringSettings, by: By): Promise<void> {
    const settings = checkSettings({ ...this.#settings, ...change });
    await setSetting(this.#store, this.#location, steeringSetting, settings, by);
    this.#settings = settings;
  }

  /** A client is as good as new for the optimiser; in the audit trail. */
  async resetBackoff(mac: Mac, by: By): Promise<void> {
    const state = withoutBackoff(this.#state, mac);
    const deed = { action: "steering.reset", location: this.#location, target: `client ${mac}` };
    await this.#saving(state, (write) =>
      audited(this.#store, by, deed, async (transaction) => {
        await write(transaction);
        return { result: undefined };
      }),
    );
  }

  /** What follows from a decision. `entry`: null where it tells of nothing but that somebody has arrived. */
  async decided(state: OptimiserState, entry: JournalEntry | null, mode: SteeringMode): Promise<void> {
    const number = (this.#last?.number ?? 0) + 1;
    const moves = entry && mode === "on" ? askedMoves(entry) : [];
    await this.#saving(state, (write) =>
      this.#store.run("write a decision of steering", async (transaction) => {
        await write(transaction);
        if (entry) await appendEntry(transaction, this.#location, number, mode, entry);
        for (const move of moves) await saveMove(transaction, this.#location, move, null);
      }),
    );
    if (entry) this.#last = { number, digest: entry.digest };
    for (const move of moves) this.#knowledge.records.asked(move);
  }

  /** Moves of which all is known that there will be. */
  async judge(): Promise<void> {
    const { records, presence } = this.#knowledge;
    const over = records.over(presence, this.#clock.wallTime());
    if (over.length === 0) return;
    await this.#store.run("write what moves came to", async (transaction) => {
      for (const { move, judged } of over) await saveMove(transaction, this.#location, move, judged);
    });
    records.done(over);
  }

  indicators(from: number, to: number): Promise<Indicators> {
    const { records, presence } = this.#knowledge;
    const open = records.open(presence, this.#clock.wallTime());
    return readIndicators(this.#store, this.#location, from, to, open);
  }

  /** Whether the work of the last night is still to be done. `zone`: of the home. */
  isNightOpen(zone: string): boolean {
    return this.#night !== dayOf(this.#clock.wallTime(), zone);
  }

  /** Days end, what is old is forgotten, and lists are put in order. */
  async night(zone: string): Promise<void> {
    const { clients, nodes } = this.#knowledge;
    const now = this.#clock.wallTime();
    const oldest = now - limits.nightsKept * dayMs;
    for (const client of [...clients]) {
      if (client.seenAt < oldest) this.#knowledge.forget(client.mac);
      else clients.replace(withDaysClosed(client, now, zone));
    }
    nodes.settleHears(true);
    this.#night = dayOf(now, zone);
    await this.save();
    await this.#store.run("forget what is old", async (transaction) => {
      await forgetClients(transaction, this.#location, new Date(oldest));
      await pruneJournal(transaction, this.#location, new Date(now - limits.journalLifeMs));
      await pruneRecords(transaction, this.#location, now - limits.recordsLifeMs);
    });
  }

  async save(): Promise<void> {
    await this.#saving(this.#state, (write) => this.#store.run("write what steering knows", write));
  }

  /** `state` holds once it is written. Whatever fails, and be it at the very end: what was to be written is still to be. */
  async #saving(
    state: OptimiserState,
    work: (write: (transaction: StoreTransaction) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { clients, nodes, observations, records } = this.#knowledge;
    const now = this.#clock.wallTime();
    const changes = clients.takeChanges();
    const changed = changes.changed.map((client) => ({ client, observation: observations.save(client.mac) ?? null }));
    const { forgotten } = changes;
    const days = records.days(now);
    const parts = { changed, forgotten, state, nodes: nodes.saved(), night: this.#night };
    try {
      await work(async (transaction) => {
        await saveSteering(transaction, this.#location, parts, new Date(now));
        for (const { day, counts } of days) await saveDay(transaction, this.#location, day, counts);
      });
    } catch (error) {
      clients.unwritten(changes);
      throw error;
    }
    this.#state = state;
    this.#savedAt = this.#clock.now();
    for (const { day } of days) records.written(day);
  }

  async #readSettings(): Promise<SteeringSettings> {
    try {
      return checkSettings((await getSetting(this.#store, this.#location, steeringSetting)) ?? {});
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.#options.log.warning(`${messageOf(error)}; steering is off until that is set right`);
      return { mode: "off" };
    }
  }
}

function askedMoves({ at, decisions, snapshot }: JournalEntry) {
  return decisions.flatMap((decision) => {
    if (decision.kind !== "move") return [];
    const { mac, present, target } = decision;
    const name = snapshot.clients.find((client) => client.mac === mac)?.class ?? "unknown";
    return [{ at, mac, from: present.bssid, to: target.bssid, class: name }];
  });
}
