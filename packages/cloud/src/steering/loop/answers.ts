/** What steering of a location tells people and the API: who its clients are, what would be decided on them and why, and what was. No decision follows from it. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { Store } from "../../store/store.ts";
import type { Indicators } from "../indicators/indicators.ts";
import * as limits from "../limits.ts";
import { decide } from "../optimiser/decide.ts";
import { explain } from "../optimiser/explain.ts";
import type { Replay } from "../optimiser/journal.ts";
import { type Attempt, attemptsOf, type Spot, spotOf } from "./attempts.ts";
import { type ClientReasons, reasonsOf } from "./client-reasons.ts";
import { type ClientView, clientView } from "./client-view.ts";
import { type HoldingPolicy, holdingPolicies } from "./holding-policies.ts";
import { type JournalQuestion, readJournal, replayJournal, type ToldEntry } from "./journal-store.ts";
import type { Knowledge } from "./knowledge.ts";
import { lastNameOf } from "./known-client.ts";
import { type OffAir, offAirBands } from "./node-air.ts";
import type { Outlook } from "./outlook.ts";
import type { SteeringMemory } from "./steering-memory.ts";
import { subjectOf } from "./wishes.ts";

/** Times are ms since 1970. */
export interface ClientAccount extends ClientReasons {
  /** Access points that it is on, the one that it came to last first; several of a client with several links. */
  readonly on: readonly Spot[];
  /** Bands on which nodes have access points, and none of them is on the air now. */
  readonly offAir: readonly (Pick<OffAir, "band" | "why"> & { readonly node: string })[];
  readonly leastSnrDb: number;
  readonly moving: { readonly to: Spot; readonly askedAt: number; readonly arrivedAt: number | null } | null;
  /** Ways it is not asked to go again before then. */
  readonly blocked: readonly { readonly from: Spot; readonly to: Spot; readonly until: number }[];
  /** The newest first. */
  readonly attempts: readonly Attempt[];
  readonly policies: readonly HoldingPolicy[];
}

export interface SteeringAnswersOptions {
  /** The location's id in the store. */
  readonly location: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly knowledge: Knowledge;
  readonly memory: SteeringMemory;
  readonly outlook: Outlook;
  /** Takes in what nodes' tables show that has not been taken in yet. */
  readonly gather: () => void;
}

export class SteeringAnswers {
  readonly #options: SteeringAnswersOptions;
  readonly #knowledge: Knowledge;
  readonly #memory: SteeringMemory;
  readonly #outlook: Outlook;

  constructor(options: SteeringAnswersOptions) {
    this.#options = options;
    this.#knowledge = options.knowledge;
    this.#memory = options.memory;
    this.#outlook = options.outlook;
  }

  /** Undefined for a client that is not known. */
  classOf(mac: Mac): ClientView | undefined {
    const client = this.#knowledge.clients.get(mac);
    if (!client) return undefined;
    const known = this.#memory.state.clients.find((each) => each.mac === client.mac);
    const at = this.#knowledge.presence.where(client.mac)?.bssid ?? null;
    const place = at && { bssid: at, node: this.#knowledge.nodes.nodeOf(at) ?? null };
    return clientView(client, this.#outlook.devices().wishes.get(client.mac), known, place);
  }

  /** What a client was called last; see `lastNameOf`. */
  lastName(mac: Mac): string | undefined {
    const client = this.#knowledge.clients.get(mac);
    return client && lastNameOf(client);
  }

  /** Those that are known, by address. */
  clients(): readonly ClientView[] {
    const macs = [...this.#knowledge.clients].map(({ mac }) => mac).sort();
    return macs.flatMap((mac) => this.classOf(mac) ?? []);
  }

  /** What would be decided on a client now, and why, in words. */
  explain(mac: Mac): string {
    const client = this.classOf(mac);
    const snapshot = this.#outlook.snapshot();
    const { decisions } = decide(snapshot, this.#outlook.policy, this.#memory.state);
    return [explain({ at: snapshot.at, snapshot, decisions }, mac), ...(client?.lines ?? [])].join("\n");
  }

  /**
   * The same as figures, with what its last moves came to; all of it of the moment that nodes' tables show then. Undefined for a client
   * that is not known. Rejects with `StoreUnavailable`.
   */
  async account(mac: Mac): Promise<ClientAccount | undefined> {
    const entries = await this.journal({ client: mac, limit: limits.attemptsTold });
    // Who asks is not told of where it was before.
    this.#options.gather();
    const client = this.#knowledge.clients.get(mac);
    if (!client) return undefined;
    const { home, policy } = this.#outlook;
    const snapshot = this.#outlook.snapshot();
    const now = this.#options.clock.wallTime();
    const { state } = this.#memory;
    const known = state.clients.find((each) => each.mac === mac);
    const { decisions } = decide(snapshot, policy, state);
    const at = snapshot.clients.find((each) => each.mac === mac)?.bssid ?? null;
    const on = new Set([...(at === null ? [] : [at]), ...this.#knowledge.presence.links(mac)]);
    return {
      on: [...on].map((bssid) => spotOf(bssid, snapshot)),
      ...reasonsOf({ snapshot, policy, known, decisions, mac }),
      offAir: [...this.#knowledge.nodes.connected()].flatMap(([node, air]) =>
        offAirBands(air).map((each) => ({ node, ...each })),
      ),
      leastSnrDb: policy.leastSnrDb,
      moving: known?.move ? { ...known.move, to: spotOf(known.move.to, snapshot) } : null,
      blocked: (known?.blocked ?? []).flatMap(({ from, to, until }) =>
        until > now ? [{ from: spotOf(from, snapshot), to: spotOf(to, snapshot), until }] : [],
      ),
      attempts: attemptsOf(entries, mac),
      policies: holdingPolicies(home, subjectOf(home, mac, client), now),
    };
  }

  journal(question: JournalQuestion = {}): Promise<readonly ToldEntry[]> {
    return readJournal(this.#options.store, this.#options.location, question);
  }

  /** Plays the whole journal again. */
  replay(): Promise<Replay> {
    return replayJournal(this.#options.store, this.#options.location);
  }

  /** Of a stretch of time (ms since 1970). */
  indicators(from: number, to: number): Promise<Indicators> {
    return this.#memory.indicators(from, to);
  }
}
