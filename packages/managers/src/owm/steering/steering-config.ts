/**
 * Steering in OWM (`ow_ovsdb_steer`): rows in, the engine of `wireless/steering` in the middle, counters, `cs_state` and reports
 * out. docs/steering.md says what each column does.
 */

import { isDeepStrictEqual } from "node:util";
import type { Clock } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Log } from "@opensync-ts/base/log";
import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Wireless } from "@opensync-ts/wireless/contract";
import type { Explanation } from "@opensync-ts/wireless/steering/explanation";
import { steeringLimits } from "@opensync-ts/wireless/steering/limits";
import { type SteeredClientSettings, Steering } from "@opensync-ts/wireless/steering/steering";
import type { OutboxService } from "../../outbox.ts";
import type { ConfigEdits } from "../config-edits.ts";
import { Memo } from "../memo.ts";
import { type Problem, ProblemLog } from "../problems.ts";
import type { VifNeighbor } from "../rows.ts";
import { Drops } from "../stats/drops.ts";
import { Radios } from "../stats/radios.ts";
import { ReportQueue } from "../stats/report-queue.ts";
import { type ClientRow, type ReadClient, readClient } from "./client-row.ts";
import { type GroupRow, readGroups } from "./groups.ts";
import { readNeighbors } from "./neighbor-rows.ts";
import { SteeringReports } from "./steering-report.ts";
import { SteeringWriteBack } from "./write-back.ts";

export interface SteeringConfigOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeId: string;
  readonly wireless: Wireless;
  readonly outbox: OutboxService;
  readonly edits: ConfigEdits;
}

export interface SteeringRows {
  readonly groups: Iterable<GroupRow>;
  readonly clients: Iterable<ClientRow>;
  readonly neighbors: Iterable<VifNeighbor>;
}

export class SteeringConfig {
  readonly #steering: Steering;
  readonly #problems: ProblemLog;
  readonly #read = new Memo<ReadClient>();
  /** The same object for as long as a row asks for the same. */
  readonly #settings = new Map<Mac, SteeredClientSettings>();
  /** Whether client steering has ended, by its row, and how often it was then asked for again. */
  readonly #rounds = new Map<Mac, { readonly ended: boolean; readonly round: number }>();
  readonly #writeBack: SteeringWriteBack;
  readonly #radios: Radios;
  readonly #queue: ReportQueue;
  readonly #reports: SteeringReports;
  readonly #unsubscribe: readonly Unsubscribe[];

  constructor({ clock, log, nodeId, wireless, outbox, edits }: SteeringConfigOptions) {
    this.#steering = new Steering({ clock, log, wireless });
    this.#problems = new ProblemLog(log);
    this.#writeBack = new SteeringWriteBack(clock, edits);
    this.#radios = new Radios(wireless.state);
    this.#queue = new ReportQueue({ clock, log, nodeId, outbox, drops: new Drops(clock, log) });
    this.#reports = new SteeringReports({
      ...{ clock, wireless, steering: this.#steering },
      bandOf: (phy) => this.#radios.bandOf(phy),
      send: (reports) => {
        const items = reports.map((message) => ({ kind: "steering", message }) as const);
        this.#queue.push(items, "steering");
        this.#queue.drain();
      },
    });
    const { events } = this.#steering;
    this.#unsubscribe = [
      events.on("decision", ({ station, decision: { outcomes, csState } }) => {
        for (const { result } of outcomes) {
          if (result === "moved" || result === "left") this.#writeBack.count(station, "steering_success_cnt");
          if (result === "failed") this.#writeBack.count(station, "steering_fail_cnt");
        }
        this.#writeBack.csState(station, csState);
      }),
      events.on("action", ({ station, action }) => {
        if (action.type !== "btm" && action.type !== "deauth") return;
        if (action.source === "steering") this.#writeBack.count(station, "steering_kick_cnt");
        if (action.source === "sticky") this.#writeBack.count(station, "sticky_kick_cnt");
      }),
    ];
  }

  get problems(): readonly string[] {
    return this.#problems.current;
  }

  /** To be called after each change of the rows, with all there are. */
  apply({ groups: groupRows, clients: clientRows, neighbors: neighborRows }: SteeringRows): void {
    const { groups, problems: groupProblems } = readGroups(groupRows);
    const { neighbors, problems: neighborProblems } = readNeighbors(neighborRows);
    const problems: Problem[] = [...groupProblems, ...neighborProblems];
    const rows = new Map<Mac, ClientRow>();
    const uuids = new Set<string>();
    const thresholds = new Map<Mac, number>();
    for (const row of [...clientRows].sort((a, b) => (a._uuid < b._uuid ? -1 : 1))) {
      uuids.add(row._uuid);
      const read = this.#read.get(row._uuid, [row], () => readClient(row));
      problems.push(...read.problems);
      if (!read.settings) continue;
      const { mac } = read.settings;
      if (rows.has(mac) || rows.size >= steeringLimits.clients) {
        const reason = rows.has(mac) ? "there is another row of this client, which counts" : "too many clients";
        problems.push({ table: "Band_Steering_Clients", row: row.mac, column: "mac", value: row.mac, reason });
        continue;
      }
      rows.set(mac, row);
      thresholds.set(mac, read.activityBps);
      const settings = this.#withRound(read.settings, row);
      const before = this.#settings.get(mac);
      // What OWM writes itself is no new request.
      if (!before || !isDeepStrictEqual({ ...before, ended: settings.ended }, settings))
        this.#settings.set(mac, settings);
    }
    this.#read.retain(uuids);
    for (const mac of this.#settings.keys()) if (!rows.has(mac)) this.#settings.delete(mac);
    for (const mac of this.#rounds.keys()) if (!rows.has(mac)) this.#rounds.delete(mac);
    this.#writeBack.configured(rows);
    this.#reports.configured(groups, thresholds);
    this.#steering.apply({ groups, clients: [...this.#settings.values()], neighbors });
    this.#problems.update(problems);
  }

  /** Who clears a `cs_state` that says that client steering has ended asks for it again. */
  #withRound(settings: SteeredClientSettings, { cs_state }: ClientRow): SteeredClientSettings {
    const { mac, ended, clientSteering } = settings;
    const before = this.#rounds.get(mac) ?? { ended: false, round: 0 };
    const round = before.ended && cs_state === null ? before.round + 1 : before.round;
    this.#rounds.set(mac, { ended, round });
    return { ...settings, clientSteering: { ...clientSteering, round } };
  }

  get events(): Steering["events"] {
    return this.#steering.events;
  }

  /** One for each group; none: the client has no row. `station`: in any spelling of an address. */
  explain(station: string): readonly Explanation[] {
    const mac = parseMac(station);
    return mac ? this.#steering.explain(mac) : [];
  }

  /** Lines for the dump of OWM: as deployed devices have them, then why clients are where they are. */
  dump(): readonly string[] {
    const more = [...this.#steering.describe(), this.#queue.summary];
    return [...this.#steering.dump(), "ow: steer: explanation:", ...more.map((line) => `  ${line}`)];
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#reports.stop();
    this.#steering.stop();
    this.#writeBack.stop();
    this.#queue.stop();
    this.#radios.stop();
  }
}
