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
import { LocalCalendar } from "../../model/time-zone.ts";
import { type DesiredState, steeringTables, type TableReader } from "../../rows.ts";
import type { Publication } from "../../statistics/statistics.ts";
import type { By } from "../../store/audit.ts";
import type { Store } from "../../store/store.ts";
import { Troubles } from "../../troubles.ts";
import * as limits from "../limits.ts";
import { nightHour } from "../mobility/calendar.ts";
import { decide } from "../optimiser/decide.ts";
import { explain } from "../optimiser/explain.ts";
import { decideAndTell } from "../optimiser/journal.ts";
import { snapshotSchema } from "../optimiser/snapshot.ts";
import type { OptimiserState } from "../optimiser/state.ts";
import { defaultProfiles, type Profiles } from "../profiles.ts";
import { steeringRows } from "../steering-rows.ts";
import { SteeringAnswers } from "./answers.ts";
import { inOurTime, Knowledge } from "./knowledge.ts";
import { Outlook } from "./outlook.ts";
import { withoutMoves } from "./recommend.ts";
import type { SteeringMode, SteeringSettings } from "./settings.ts";
import { SteeringMemory } from "./steering-memory.ts";
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
  /** For people and the API. */
  readonly answers: SteeringAnswers;
  readonly #options: LocationSteeringOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #profiles: Profiles;
  readonly #troubles: Troubles;
  readonly #events = new Emitter<{ change: string }>();
  readonly #turns = new Turns();
  readonly #knowledge: Knowledge;
  readonly #memory: SteeringMemory;
  readonly #outlook: Outlook;
  readonly #startedAt: number;
  readonly #dirty = new Set<string>();
  #timers: { look?: Timer; gather?: Timer; tell?: Timer; night?: Timer } = {};
  #phase: "new" | "serving" | "stopped" = "new";
  #isLooking = false;
  /** What nodes have been told last. */
  #told = "";

  constructor(options: LocationSteeringOptions) {
    const { location, home, clock, log, store, profiles = defaultProfiles, mode = "on" } = options;
    const knowledge = new Knowledge(profiles, clock.wallTime());
    const memory = new SteeringMemory({ location, store, clock, log, profiles, knowledge });
    const outlook = new Outlook({ home, clock, profiles, knowledge, memory, mode });
    this.location = location;
    const gather = () => this.#gatherAll();
    this.answers = new SteeringAnswers({ location, store, clock, knowledge, memory, outlook, gather });
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#profiles = profiles;
    this.#troubles = new Troubles(clock, log);
    this.#knowledge = knowledge;
    this.#memory = memory;
    this.#outlook = outlook;
    this.#startedAt = clock.now();
  }

  get mode(): SteeringMode {
    return this.#outlook.mode;
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
    const { devices, refusals } = this.#outlook.devices();
    const all = this.#outlook.nodes();
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

  /** Another mode or another care of the optimiser; in the audit trail. Throws a `UserError`, `StoreUnavailable`. */
  async configure(change: SteeringSettings, by: By): Promise<SteeringSettings> {
    return this.#turns.take(async () => {
      await this.#memory.configure(change, by);
      // Who was asked is asked no more.
      if (this.mode !== "on")
        this.#memory.state = withoutMoves(this.#state, this.#clock.wallTime(), this.#outlook.policy);
      await this.#memory.save();
      this.#changed(0);
      return this.settings;
    });
  }

  /** A client is as good as new for the optimiser; in the audit trail. */
  async resetBackoff(mac: Mac, by: By): Promise<void> {
    return this.#turns.take(() => this.#memory.resetBackoff(mac, by));
  }

  get #state(): OptimiserState {
    return this.#memory.state;
  }

  get #zone(): string {
    return this.#outlook.zone;
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
    this.#outlook.changed();
    if (this.#phase !== "serving" || this.#outlook.summary() === this.#told) return;
    this.#tell(delayMs);
  }

  #tell(delayMs: number): void {
    if (delayMs > 0 && this.#timers.tell) return;
    this.#timers.tell?.cancel();
    this.#timers.tell = this.#clock.setTimer(delayMs, () => {
      delete this.#timers.tell;
      this.#told = this.#outlook.summary();
      for (const { id } of this.#options.home().nodes) this.#events.emit("change", id);
    });
  }

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
    const snapshot = this.#outlook.snapshot();
    const policy = this.#outlook.policy;
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
