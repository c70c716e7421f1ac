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
import type { Home } from "../../home.ts";
import { documentAt } from "../../model/document-at.ts";
import { LocalCalendar } from "../../model/time-zone.ts";
import type { DesiredState } from "../../rows.ts";
import { steeringTables, type TableReader } from "../../rows.ts";
import type { Publication } from "../../statistics/statistics.ts";
import type { By } from "../../store/audit.ts";
import type { Store } from "../../store/store.ts";
import { Troubles } from "../../troubles.ts";
import type { Indicators } from "../indicators/indicators.ts";
import * as limits from "../limits.ts";
import { nightHour } from "../mobility/calendar.ts";
import { decide } from "../optimiser/decide.ts";
import { explain } from "../optimiser/explain.ts";
import { decideAndTell, type Replay } from "../optimiser/journal.ts";
import { type OptimiserPolicy, policySchema } from "../optimiser/policy.ts";
import { type Snapshot, snapshotSchema } from "../optimiser/snapshot.ts";
import type { OptimiserState } from "../optimiser/state.ts";
import { defaultProfiles, type Profiles } from "../profiles.ts";
import { type SteeringNode, steeringRows } from "../steering-rows.ts";
import { type Attempt, attemptsOf, type Spot, spotOf } from "./attempts.ts";
import { type ClientReasons, reasonsOf } from "./client-reasons.ts";
import { type ClientView, clientView } from "./client-view.ts";
import { type HoldingPolicy, holdingPolicies } from "./holding-policies.ts";
import { type JournalQuestion, readJournal, replayJournal, type ToldEntry } from "./journal-store.ts";
import { inOurTime, Knowledge } from "./knowledge.ts";
import { lastNameOf } from "./known-client.ts";
import { withoutMoves } from "./recommend.ts";
import type { SteeringMode, SteeringSettings } from "./settings.ts";
import { snapshotOf } from "./snapshot-of.ts";
import { type Steered, steeredDevices } from "./steered-devices.ts";
import { SteeringMemory } from "./steering-memory.ts";
import { Turns } from "./turns.ts";
import { subjectOf } from "./wishes.ts";

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

/** Times are ms since 1970. */
export interface ClientAccount extends ClientReasons {
  /** Access points that it is on, the one that it came to last first; several of a client with several links. */
  readonly on: readonly Spot[];
  readonly leastSnrDb: number;
  readonly moving: { readonly to: Spot; readonly askedAt: number; readonly arrivedAt: number | null } | null;
  /** Ways it is not asked to go again before then. */
  readonly blocked: readonly { readonly from: Spot; readonly to: Spot; readonly until: number }[];
  /** The newest first. */
  readonly attempts: readonly Attempt[];
  readonly policies: readonly HoldingPolicy[];
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
  readonly #memory: SteeringMemory;
  readonly #startedAt: number;
  readonly #dirty = new Set<string>();
  #timers: { look?: Timer; gather?: Timer; tell?: Timer; night?: Timer } = {};
  #phase: "new" | "serving" | "stopped" = "new";
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
    const { location } = this;
    this.#memory = new SteeringMemory({ location, store, clock, log, profiles, knowledge: this.#knowledge });
  }

  get mode(): SteeringMode {
    return this.#memory.settings.mode ?? this.#options.mode ?? "on";
  }

  get settings(): SteeringSettings {
    return this.#memory.settings;
  }

  /** Names of the profiles that a device can be steered by. */
  get profiles(): readonly string[] {
    return [...this.#profiles.keys()].sort();
  }

  /** Reads what is remembered; until then nothing is said of any node. Rejects with `StoreUnavailable`: then it may be tried again. */
  async start(): Promise<void> {
    if (this.#phase !== "new") return;
    await this.#memory.load();
    this.#phase = "serving";
    for (const { id } of this.#options.home().nodes) this.#dirty.add(id);
    this.#gather();
    // The cloud was off in the night, or several.
    if (this.#memory.isNightOpen(this.#zone)) await this.#turns.take(() => this.#memory.night(this.#zone));
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
    await this.#turns.take(() => this.#memory.save());
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
      await this.#memory.configure(change, by);
      // Who was asked is asked no more.
      if (this.mode !== "on") this.#memory.state = withoutMoves(this.#state, this.#clock.wallTime(), this.#policy);
      await this.#memory.save();
      this.#changed(0);
      return this.settings;
    });
  }

  /** A client is as good as new for the optimiser; in the audit trail. */
  async resetBackoff(mac: Mac, by: By): Promise<void> {
    return this.#turns.take(() => this.#memory.resetBackoff(mac, by));
  }

  /** Undefined for a client that is not known. */
  classOf(mac: Mac): ClientView | undefined {
    const client = this.#knowledge.clients.get(mac);
    return client && this.#view(client.mac);
  }

  /** What a client was called last; see `lastNameOf`. */
  lastName(mac: Mac): string | undefined {
    const client = this.#knowledge.clients.get(mac);
    return client && lastNameOf(client);
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

  /**
   * The same as figures, with what its last moves came to; all of it of the moment that nodes' tables show then. Undefined for a client
   * that is not known. Rejects with `StoreUnavailable`.
   */
  async account(mac: Mac): Promise<ClientAccount | undefined> {
    const entries = await this.journal({ client: mac, limit: limits.attemptsTold });
    // Who asks is not told of where it was before: news that have not been gathered yet are taken in.
    this.#gatherAll();
    const client = this.#knowledge.clients.get(mac);
    if (!client) return undefined;
    const snapshot = this.#snapshot();
    const now = this.#clock.wallTime();
    const home = this.#options.home();
    const known = this.#state.clients.find((each) => each.mac === mac);
    const { decisions } = decide(snapshot, this.#policy, this.#state);
    const at = snapshot.clients.find((each) => each.mac === mac)?.bssid ?? null;
    const on = new Set([...(at === null ? [] : [at]), ...this.#knowledge.presence.links(mac)]);
    return {
      on: [...on].map((bssid) => spotOf(bssid, snapshot)),
      ...reasonsOf({ snapshot, policy: this.#policy, known, decisions, mac }),
      leastSnrDb: this.#policy.leastSnrDb,
      moving: known?.move ? { ...known.move, to: spotOf(known.move.to, snapshot) } : null,
      blocked: (known?.blocked ?? []).flatMap(({ from, to, until }) =>
        until > now ? [{ from: spotOf(from, snapshot), to: spotOf(to, snapshot), until }] : [],
      ),
      attempts: attemptsOf(entries, mac),
      policies: holdingPolicies(home, subjectOf(home, mac, client), now),
    };
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
    return this.#memory.indicators(from, to);
  }

  // ---- what is known ----

  get #state(): OptimiserState {
    return this.#memory.state;
  }

  get #zone(): string {
    return this.#options.home().timeZone ?? "UTC";
  }

  get #policy(): OptimiserPolicy {
    return policySchema.parse({ ...this.settings.policy, enabled: this.mode !== "off" });
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

  #gatherAll(): void {
    if (this.#phase !== "serving") return;
    for (const { id } of this.#options.home().nodes) this.#dirty.add(id);
    this.#gather();
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
    this.#gatherAll();
    if (this.#knowledge.nodes.settleHears(false)) this.#changed(limits.tellMs);
    const connected = [...this.#knowledge.nodes.connected().keys()];
    const isWarm =
      connected.every((id) => this.#knowledge.reported.has(id)) ||
      this.#clock.now() - this.#startedAt >= limits.warmUpMs;
    if (this.mode !== "off" && connected.length > 0 && isWarm) await this.#decide();
    await this.#memory.judge();
    if (connected.length === 0 || this.#memory.isDue) await this.#memory.save();
  }

  async #decide(): Promise<void> {
    const snapshot = this.#snapshot();
    const policy = this.#policy;
    const before = this.#state;
    const decided = decide(snapshot, policy, before);
    const isTold = decided.decisions.some(({ kind }) => kind !== "stay");
    if (!isTold && movesText(decided.state) === movesText(before)) {
      this.#memory.state = decided.state;
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
    const { state, entry } = decideAndTell(snapshot, policy, before, this.#memory.digest);
    const next = this.mode === "on" ? state : withoutMoves(state, snapshot.at, policy);
    // Nobody is asked for what is not written.
    await this.#memory.decided(next, isTold ? entry : null, this.mode);
    if (isTold) this.#log.info(`steering${this.mode === "on" ? "" : " (recommended)"}: ${explain(entry)}`);
    this.#changed(0);
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
        .take(() => this.#memory.night(this.#zone))
        .catch((error) => this.#troubles.tell("night", `steering: ${messageOf(error)}; the night's work is done later`))
        .finally(() => this.#phase === "serving" && this.#armNight());
    });
  }
}

/** Which moves are under way, and which have arrived. */
function movesText({ clients }: OptimiserState): string {
  return JSON.stringify(clients.flatMap(({ mac, move }) => (move ? [[mac, move.to, move.arrivedAt]] : [])));
}
