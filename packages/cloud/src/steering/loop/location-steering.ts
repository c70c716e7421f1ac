/**
 * Steering of one location: takes what its nodes' tables show and what they report, remembers it, decides from time to time, and says
 * how each node shall steer. What it asks for it has written first: a cloud that is restarted goes on where it was.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import type { DesiredState } from "../../desired.ts";
import type { Home } from "../../home.ts";
import { documentAt } from "../../model/document-at.ts";
import { LocalCalendar } from "../../model/time-zone.ts";
import { steeringTables, type TableReader } from "../../rows.ts";
import type { Publication } from "../../statistics/statistics.ts";
import { audited, type By } from "../../store/audit.ts";
import { getSetting, setSetting } from "../../store/settings.ts";
import type { Store, StoreTransaction } from "../../store/store.ts";
import { Troubles } from "../../troubles.ts";
import type { Indicators } from "../indicators/indicators.ts";
import * as limits from "../limits.ts";
import { dayOf, nightHour } from "../mobility/calendar.ts";
import { decide } from "../optimiser/decide.ts";
import { explain } from "../optimiser/explain.ts";
import { decideAndTell, type JournalEntry, type Replay } from "../optimiser/journal.ts";
import { type OptimiserPolicy, policySchema } from "../optimiser/policy.ts";
import { type Snapshot, snapshotSchema } from "../optimiser/snapshot.ts";
import { emptyState, type OptimiserState } from "../optimiser/state.ts";
import { defaultProfiles, type Profiles } from "../profiles.ts";
import { type SteeringNode, steeringRows } from "../steering-rows.ts";
import { type ClientView, clientView } from "./client-view.ts";
import {
  appendEntry,
  type JournalQuestion,
  pruneJournal,
  readJournal,
  replayJournal,
  type ToldEntry,
} from "./journal-store.ts";
import { inOurTime, Knowledge } from "./knowledge.ts";
import { withDaysClosed } from "./known-client.ts";
import { withoutBackoff, withoutMoves } from "./recommend.ts";
import { loadRecords, pruneRecords, readIndicators, saveDay, saveMove } from "./records-store.ts";
import { checkSettings, type SteeringMode, type SteeringSettings, steeringSetting } from "./settings.ts";
import { snapshotOf } from "./snapshot-of.ts";
import { type Steered, steeredDevices } from "./steered-devices.ts";
import { forgetClients, loadSteering, saveSteering } from "./steering-store.ts";
import { Turns } from "./turns.ts";

/** What sessions have. */
export interface NodeTables {
  /** The tables of a node as its session mirrors them; undefined while it has none. */
  rows(node: string): TableReader | undefined;
}

export interface LocationSteeringOptions {
  /** The location's id in the store. */
  readonly location: string;
  /** The document that holds; its nodes are those that are steered. */
  readonly home: () => Home;
  readonly nodes: NodeTables;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly profiles?: Profiles;
  /** Where the location's setting says nothing; else `on`. */
  readonly mode?: SteeringMode;
}

const dayMs = 86_400_000;

export class LocationSteering {
  readonly location: string;
  readonly #options: LocationSteeringOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #store: Store;
  readonly #profiles: Profiles;
  readonly #troubles: Troubles;
  readonly #events = new Emitter<{ change: string }>();
  readonly #turns = new Turns();
  readonly #knowledge: Knowledge;
  readonly #startedAt: number;
  readonly #dirty = new Set<string>();
  #timers: { look?: Timer; gather?: Timer; tell?: Timer; night?: Timer } = {};
  #phase: "new" | "serving" | "stopped" = "new";
  #settings: SteeringSettings = {};
  #state: OptimiserState = emptyState;
  #night: string | null = null;
  #last: { readonly number: number; readonly digest: string } | null = null;
  #savedAt: number;
  #isLooking = false;
  #steered: { readonly home: Home; readonly until: number; readonly value: Steered } | undefined;
  /** What nodes have been told last. */
  #told = "";

  constructor(options: LocationSteeringOptions) {
    const { clock, log, store, profiles = defaultProfiles } = options;
    this.#options = options;
    this.location = options.location;
    this.#clock = clock;
    this.#log = log;
    this.#store = store;
    this.#profiles = profiles;
    this.#troubles = new Troubles(clock, log);
    this.#knowledge = new Knowledge(profiles, clock.wallTime());
    this.#startedAt = clock.now();
    this.#savedAt = clock.now();
  }

  get mode(): SteeringMode {
    return this.#settings.mode ?? this.#options.mode ?? "on";
  }

  get settings(): SteeringSettings {
    return this.#settings;
  }

  /** Reads what is remembered; until then nothing is said of any node. Rejects with `StoreUnavailable`: then it may be tried again. */
  async start(): Promise<void> {
    if (this.#phase !== "new") return;
    const now = this.#clock.wallTime();
    const saved = await loadSteering(this.#store, this.location, this.#profiles);
    const records = await loadRecords(this.#store, this.location, now);
    this.#settings = await this.#readSettings();
    for (const fault of saved.faults)
      this.#log.warning(`steering: what was written cannot be read: ${fault}; left out`);
    this.#knowledge.restore(saved);
    this.#knowledge.records.restore(records.open, records.day, records.counts);
    this.#state = saved.state;
    this.#night = saved.night;
    this.#last = saved.last;
    this.#phase = "serving";
    for (const { id } of this.#options.home().nodes) this.#dirty.add(id);
    this.#gather();
    // The cloud was off in the night, or several.
    if (this.#night !== dayOf(now, this.#zone)) await this.#turns.take(() => this.#doNight());
    this.#armNight();
    this.#armLook();
    this.#tell(0);
  }

  /** Writes what is known. Nodes keep what they were given. */
  async stop(): Promise<void> {
    if (this.#phase !== "serving") return;
    this.#phase = "stopped";
    for (const timer of Object.values(this.#timers)) timer.cancel();
    this.#timers = {};
    await this.#turns.take(() => this.#save());
  }

  /** Resolves when what it is at is done: a decision, and writing it. */
  settled(): Promise<void> {
    return this.#turns.take(async () => undefined);
  }

  /** `listener` is called with the id of a node that shall steer in another way: its session looks again. */
  onChange(listener: (node: string) => void): Unsubscribe {
    return this.#events.on("change", listener);
  }

  /** The tables of a node show something else, or are there no more. */
  rowsChanged(node: string): void {
    if (this.#phase !== "serving") return;
    this.#dirty.add(node);
    this.#timers.gather ??= this.#clock.setTimer(limits.gatherMs, () => {
      delete this.#timers.gather;
      this.#gather();
      // Who was asked has gone: nobody has to be asked any more.
      if (this.#state.clients.some((client) => this.#isGone(client))) this.#armLook(0);
    });
    this.#armLook();
  }

  /** What a node of this location has published. */
  take(publication: Publication): void {
    if (this.#phase !== "serving" || publication.kind !== "stats") return;
    if (!this.#options.home().nodes.some(({ id }) => id === publication.node)) return;
    const placed = new Map(this.#state.clients.map(({ mac, move, placed }) => [mac, move?.to ?? placed]));
    const report = inOurTime(publication.report, this.#clock.wallTime());
    this.#knowledge.takeReport(publication.node, report, this.#zone, (mac) => placed.get(mac) ?? null);
    this.#armLook();
  }

  /**
   * What a node's steering tables shall hold, as `desiredState` takes it; undefined: nothing is said of them. Its session asks whenever
   * the node's tables have changed, so that they are looked at, too.
   */
  steering(node: string): Pick<DesiredState, "rows" | "refusals"> | undefined {
    const rows = this.#options.nodes.rows(node);
    if (this.#phase !== "serving" || !rows) return undefined;
    this.rowsChanged(node);
    const { nodes } = this.#knowledge;
    // Its session is faster than what gathers the news.
    if (!nodes.get(node)?.air) this.#takeRows(node);
    if (this.mode === "off") return nodes.get(node)?.saved.taken ? { rows: [], refusals: [] } : undefined;
    const { devices, refusals } = this.#devices();
    const all = this.#nodes();
    const own = all.find(({ id }) => id === node);
    // While it has no access points there is nothing to steer, and what it has is not taken away.
    if (!own || own.accessPoints.length === 0) return undefined;
    const present = new Map([...rows("Band_Steering_Clients").values()].map((row) => [row.mac, row]));
    const made = steeringRows({
      ...{ node: own, nodes: all, devices, profiles: this.#profiles, optimised: this.mode === "on" },
      present: (mac) => present.get(mac),
    });
    if (!made) return undefined;
    if (!nodes.get(node)?.saved.taken) nodes.setTaken(node, true, this.#clock.wallTime());
    return { rows: made.rows, refusals: [...made.refusals, ...refusals] };
  }

  // ---- for people and the API ----

  /** Another mode or another care of the optimiser; in the audit trail. Throws a `UserError`, `StoreUnavailable`. */
  async configure(change: SteeringSettings, by: By): Promise<SteeringSettings> {
    return this.#turns.take(async () => {
      const settings = checkSettings({ ...this.#settings, ...change });
      await setSetting(this.#store, this.location, steeringSetting, settings, by);
      this.#settings = settings;
      // Who was asked is asked no more.
      if (this.mode !== "on") this.#state = withoutMoves(this.#state, this.#clock.wallTime(), this.#policy);
      await this.#save();
      this.#changed(0);
      return settings;
    });
  }

  /** A client is as good as new for the optimiser; in the audit trail. */
  async resetBackoff(mac: Mac, by: By): Promise<void> {
    return this.#turns.take(async () => {
      const state = withoutBackoff(this.#state, mac);
      const deed = { action: "steering.reset", location: this.location, target: `client ${mac}` };
      await this.#saving(state, (write) =>
        audited(this.#store, by, deed, async (transaction) => {
          await write(transaction);
          return { result: undefined };
        }),
      );
      this.#state = state;
    });
  }

  /** Undefined for a client that is not known. */
  classOf(mac: Mac): ClientView | undefined {
    const client = this.#knowledge.clients.get(mac);
    return client && this.#view(client.mac);
  }

  /** Those that are known, by address. */
  clients(): readonly ClientView[] {
    const macs = [...this.#knowledge.clients].map(({ mac }) => mac).sort();
    return macs.flatMap((mac) => this.#view(mac) ?? []);
  }

  /** What would be decided on a client now, and why, in words. Nothing follows from it. */
  explain(mac: Mac): string {
    const client = this.classOf(mac);
    const snapshot = this.#snapshot();
    const { decisions } = decide(snapshot, this.#policy, this.#state);
    return [explain({ at: snapshot.at, snapshot, decisions }, mac), ...(client?.lines ?? [])].join("\n");
  }

  journal(question: JournalQuestion = {}): Promise<readonly ToldEntry[]> {
    return readJournal(this.#store, this.location, question);
  }

  /** Plays the whole journal again. */
  replay(): Promise<Replay> {
    return replayJournal(this.#store, this.location);
  }

  /** Of a stretch of time (ms since 1970). */
  indicators(from: number, to: number): Promise<Indicators> {
    const { records, presence } = this.#knowledge;
    return readIndicators(this.#store, this.location, from, to, records.open(presence, this.#clock.wallTime()));
  }

  // ---- what is known ----

  get #zone(): string {
    return this.#options.home().timeZone ?? "UTC";
  }

  get #policy(): OptimiserPolicy {
    return policySchema.parse({ ...this.#settings.policy, enabled: this.mode !== "off" });
  }

  #devices(): Steered {
    const home = this.#options.home();
    const now = this.#clock.wallTime();
    if (this.#steered && this.#steered.home === home && now < this.#steered.until) return this.#steered.value;
    const current = documentAt(home, now);
    const { clients, presence, nodes } = this.#knowledge;
    const value = steeredDevices({
      ...{ home: current.home, clients, state: this.#state, profiles: this.#profiles, now },
      stations: nodes.stations(),
      where: (mac) => presence.where(mac)?.bssid ?? null,
    });
    this.#steered = { home, until: Math.min(current.until ?? Number.POSITIVE_INFINITY, now + limits.lookMs), value };
    return value;
  }

  #nodes(): readonly SteeringNode[] {
    const ids = this.#options.home().nodes.map(({ id }) => id);
    return this.#knowledge.nodes.steeringNodes(ids, this.#clock.wallTime(), this.#knowledge.presence.since);
  }

  #snapshot(): Snapshot {
    const { wishes } = this.#devices();
    const now = this.#clock.wallTime();
    return snapshotOf({ ...this.#parts(), home: this.#options.home(), wishes, profiles: this.#profiles, now });
  }

  #parts() {
    const { nodes, clients, observations, presence } = this.#knowledge;
    return { nodes, clients, observations, presence };
  }

  #view(mac: Mac): ClientView | undefined {
    const client = this.#knowledge.clients.get(mac);
    if (!client) return undefined;
    const known = this.#state.clients.find((each) => each.mac === mac);
    const at = this.#knowledge.presence.where(mac)?.bssid ?? null;
    const place = at && { bssid: at, node: this.#knowledge.nodes.nodeOf(at) ?? null };
    return clientView(client, this.#devices().wishes.get(mac), known, place);
  }

  /** Takes what tables show that have changed. */
  #gather(): void {
    const home = this.#options.home();
    for (const id of this.#dirty) if (home.nodes.some((node) => node.id === id)) this.#takeRows(id);
    this.#dirty.clear();
    this.#changed(limits.tellMs);
  }

  #isGone({ mac, move }: OptimiserState["clients"][number]): boolean {
    const at = this.#knowledge.presence.where(mac)?.bssid;
    return move !== null && move.arrivedAt === null && at !== undefined && at !== move.from;
  }

  #takeRows(node: string): void {
    const rows = this.#options.nodes.rows(node);
    const now = this.#clock.wallTime();
    try {
      this.#knowledge.takeRows(node, rows, now);
    } catch (error) {
      this.#troubles.tell(node, `steering: ${node}: its tables cannot be understood: ${messageOf(error)}`);
    }
    // Nothing is left of what the cloud has written.
    const isClean = rows && steeringTables.every((table) => rows(table).size === 0);
    if (this.mode === "off" && isClean && this.#knowledge.nodes.get(node)?.saved.taken)
      this.#knowledge.nodes.setTaken(node, false, now);
  }

  /** Nodes are told, where there is anything to tell. */
  #changed(delayMs: number): void {
    this.#steered = undefined;
    if (this.#phase !== "serving" || this.#summary() === this.#told) return;
    this.#tell(delayMs);
  }

  #tell(delayMs: number): void {
    if (delayMs > 0 && this.#timers.tell) return;
    this.#timers.tell?.cancel();
    this.#timers.tell = this.#clock.setTimer(delayMs, () => {
      delete this.#timers.tell;
      this.#told = this.#summary();
      for (const { id } of this.#options.home().nodes) this.#events.emit("change", id);
    });
  }

  /** What rows are made of. How long something is to last changes all the time, and makes no other row. */
  #summary(): string {
    const nodes = this.#nodes().map(({ hears, ...node }) => [node, [...(hears ?? [])]]);
    const withoutTime = (name: string, value: unknown) => (name === "seconds" ? undefined : value);
    return JSON.stringify([this.mode, nodes, this.#devices().devices], withoutTime);
  }

  // ---- the loop ----

  #armLook(delayMs?: number): void {
    if (this.#phase !== "serving" || (this.#timers.look && delayMs === undefined)) return;
    this.#timers.look?.cancel();
    // So that the locations of one cloud do not all look at the same time.
    const usual = limits.lookMs - this.#options.random.integer(limits.lookMs / 10);
    this.#timers.look = this.#clock.setTimer(delayMs ?? usual, () => {
      delete this.#timers.look;
      // The store is slow: one look that waits for it is enough.
      if (this.#isLooking) return;
      this.#isLooking = true;
      void this.#turns
        .take(() => this.#look())
        .catch((error) => this.#troubles.tell("look", `steering: ${messageOf(error)}; tried again later`))
        .finally(() => {
          this.#isLooking = false;
          if (this.#knowledge.nodes.connected().size > 0) this.#armLook();
        });
    });
  }

  async #look(): Promise<void> {
    if (this.#phase !== "serving") return;
    const home = this.#options.home();
    this.#knowledge.nodes.retain(new Set(home.nodes.map(({ id }) => id)));
    for (const { id } of home.nodes) this.#dirty.add(id);
    this.#gather();
    if (this.#knowledge.nodes.settleHears(false)) this.#changed(limits.tellMs);
    const connected = [...this.#knowledge.nodes.connected().keys()];
    const isWarm =
      connected.every((id) => this.#knowledge.reported.has(id)) ||
      this.#clock.now() - this.#startedAt >= limits.warmUpMs;
    if (this.mode !== "off" && connected.length > 0 && isWarm) await this.#decide();
    await this.#judge();
    if (connected.length === 0 || this.#clock.now() - this.#savedAt >= limits.saveMs) await this.#save();
  }

  async #decide(): Promise<void> {
    const snapshot = this.#snapshot();
    const policy = this.#policy;
    const before = this.#state;
    const decided = decide(snapshot, policy, before);
    const isTold = decided.decisions.some(({ kind }) => kind !== "stay");
    if (!isTold && movesText(decided.state) === movesText(before)) {
      this.#state = decided.state;
      return;
    }
    const { success, error } = snapshotSchema.safeParse(snapshot);
    if (!success) {
      const [issue] = error.issues;
      this.#troubles.tell(
        "snapshot",
        `steering: nothing is decided on what cannot be: ${issue?.path.join(".")}: ${issue?.message}`,
      );
      return;
    }
    const { state, entry } = decideAndTell(snapshot, policy, before, this.#last?.digest ?? null);
    const next = this.mode === "on" ? state : withoutMoves(state, snapshot.at, policy);
    const number = (this.#last?.number ?? 0) + 1;
    const moves = this.mode === "on" ? askedMoves(entry) : [];
    await this.#saving(next, (write) =>
      this.#store.run("write a decision of steering", async (transaction) => {
        await write(transaction);
        if (isTold) await appendEntry(transaction, this.location, number, this.mode, entry);
        for (const move of moves) await saveMove(transaction, this.location, move, null);
      }),
    );
    // Nobody is asked for what is not written.
    this.#state = next;
    if (isTold) {
      this.#last = { number, digest: entry.digest };
      this.#log.info(`steering${this.mode === "on" ? "" : " (recommended)"}: ${explain(entry)}`);
    }
    for (const move of moves) this.#knowledge.records.asked(move);
    this.#changed(0);
  }

  async #judge(): Promise<void> {
    const { records, presence } = this.#knowledge;
    const over = records.over(presence, this.#clock.wallTime());
    if (over.length === 0) return;
    await this.#store.run("write what moves came to", async (transaction) => {
      for (const { move, judged } of over) await saveMove(transaction, this.location, move, judged);
    });
    records.done(over);
  }

  #armNight(): void {
    const calendar = new LocalCalendar(this.#zone);
    const now = this.#clock.wallTime();
    const today = calendar.dayOf(now);
    const nights = [today, today + 1, today + 2].map((day) => calendar.instantOf(day, nightHour * 60));
    const next = nights.find((at) => at > now) ?? now + dayMs;
    const delayMs = next - now + this.#options.random.integer(limits.nightSpreadMs);
    this.#timers.night = this.#clock.setTimer(delayMs, () => {
      void this.#turns
        .take(() => this.#doNight())
        .catch((error) => this.#troubles.tell("night", `steering: ${messageOf(error)}; the night's work is done later`))
        .finally(() => this.#phase === "serving" && this.#armNight());
    });
  }

  /** Days end, what is old is forgotten, and lists are put in order. */
  async #doNight(): Promise<void> {
    const { clients, nodes } = this.#knowledge;
    const now = this.#clock.wallTime();
    const oldest = now - limits.nightsKept * dayMs;
    for (const client of [...clients]) {
      if (client.seenAt < oldest) this.#knowledge.forget(client.mac);
      else clients.replace(withDaysClosed(client, now, this.#zone));
    }
    nodes.settleHears(true);
    this.#night = dayOf(now, this.#zone);
    await this.#save();
    await this.#store.run("forget what is old", async (transaction) => {
      await forgetClients(transaction, this.location, new Date(oldest));
      await pruneJournal(transaction, this.location, new Date(now - limits.journalLifeMs));
      await pruneRecords(transaction, this.location, now - limits.recordsLifeMs);
    });
    this.#changed(limits.tellMs);
  }

  // ---- what is written ----

  async #save(): Promise<void> {
    await this.#saving(this.#state, (write) => this.#store.run("write what steering knows", write));
  }

  /** Whatever fails, and be it at the very end: what was to be written is still to be. */
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
        await saveSteering(transaction, this.location, parts, new Date(now));
        for (const { day, counts } of days) await saveDay(transaction, this.location, day, counts);
      });
    } catch (error) {
      clients.unwritten(changes);
      throw error;
    }
    this.#savedAt = this.#clock.now();
    for (const { day } of days) records.written(day);
  }

  async #readSettings(): Promise<SteeringSettings> {
    try {
      return checkSettings((await getSetting(this.#store, this.location, steeringSetting)) ?? {});
    } catch (error) {
      if (!(error instanceof Error) || error.name === "StoreUnavailable") throw error;
      this.#log.warning(`${messageOf(error)}; steering is off until that is set right`);
      return { mode: "off" };
    }
  }
}

/** Which moves are under way, and which have arrived. */
function movesText({ clients }: OptimiserState): string {
  return JSON.stringify(clients.flatMap(({ mac, move }) => (move ? [[mac, move.to, move.arrivedAt]] : [])));
}

function askedMoves({ at, decisions, snapshot }: JournalEntry) {
  return decisions.flatMap((decision) => {
    if (decision.kind !== "move") return [];
    const { mac, present, target } = decision;
    const name = snapshot.clients.find((client) => client.mac === mac)?.class ?? "unknown";
    return [{ at, mac, from: present.bssid, to: target.bssid, class: name }];
  });
}
