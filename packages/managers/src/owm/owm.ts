/**
 * OWM, the wireless manager: configuration rows in, the wireless core in the middle, state rows out. This file puts the
 * parts together; the mappings are the tables in `radio-mapping.ts`, `vif-mapping.ts`, `ap-mapping.ts` and `sta-mapping.ts`
 * (docs/confsync.md shows them) and `associated-clients.ts`, the writing is in `write-back.ts`.
 */

import { withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Client, Replica, TableChange } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";
import { ChannelHold } from "@opensync-ts/wireless/channel-hold";
import type { Wireless } from "@opensync-ts/wireless/contract";
import type { Explanation } from "@opensync-ts/wireless/steering/explanation";
import type { Steering } from "@opensync-ts/wireless/steering/steering";
import { startWireless } from "@opensync-ts/wireless/wireless";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { AclKick } from "./acl-kick.ts";
import { ConfigEdits } from "./config-edits.ts";
import { Configurator } from "./configurator.ts";
import { followParentSwitches } from "./csa.ts";
import { type DesiredState, desiredState } from "./desired-state.ts";
import { FallbackParents } from "./fallback-parents.ts";
import { transactionDeadline } from "./limits.ts";
import { Memo } from "./memo.ts";
import { RadarHistory } from "./radar-history.ts";
import type { RadioStateRecord, VifStateRecord } from "./rows.ts";
import { SideTables } from "./side-tables.ts";
import { StatsConfig } from "./stats/stats-config.ts";
import { nameOf as nameOfGroup } from "./steering/groups.ts";
import { SteeringConfig } from "./steering/steering-config.ts";
import { PushButtons } from "./wps.ts";
import { WriteBack } from "./write-back.ts";
import type { Level } from "./write-plan.ts";

export const owm: ManagerDefinition = {
  name: "owm",
  async start(context: ManagerContext): Promise<RunningOwm> {
    const log = context.log.child("OVSDB");
    const replica = await withDeadline(
      context.clock,
      context.client.replicate(replicated),
      transactionDeadline,
      "database: contents of the wireless tables",
    );
    try {
      const tagged = taggedBefore(replica);
      await withDeadline(context.clock, wipeState(context.client, replica), transactionDeadline, "database");
      return new Owm(context, log, replica, tagged);
    } catch (error) {
      replica.cancel();
      throw error;
    }
  },
};

const replicated = {
  Wifi_Radio_Config: {},
  Wifi_VIF_Config: {},
  Wifi_Credential_Config: {},
  Wifi_VIF_Neighbors: {},
  RADIUS: {},
  Passpoint_Config: {},
  Wifi_Radio_State: {},
  Wifi_VIF_State: {},
  Wifi_Associated_Clients: {},
  Wifi_Master_State: {},
  Openflow_Tag: {},
  Wifi_Stats_Config: {},
  Band_Steering_Config: {},
  Band_Steering_Clients: {},
} as const;

type OwmTable = keyof typeof replicated;
type OwmReplica = Replica<OpenSync, OwmTable>;

const stateTables = ["Wifi_Associated_Clients", "Wifi_VIF_State", "Wifi_Radio_State"] as const;

/** Whatever the state tables say is of another life: they start empty. */
async function wipeState(client: Client<OpenSync>, replica: OwmReplica): Promise<void> {
  const stale = stateTables.filter((table) => replica.table(table).rows.size > 0);
  if (stale.length === 0) return;
  await client.transact(
    (builder) => {
      for (const table of stale) builder.delete(table, []);
    },
    { comment: `OWM - wipe ${stale.join(", ")}` },
  );
}

/** Tags that a former life gave to stations: theirs to lose, should they have gone meanwhile. */
function taggedBefore(replica: OwmReplica): ReadonlyMap<string, string> {
  const tagged = new Map<string, string>();
  for (const { mac, oftag } of replica.table("Wifi_Associated_Clients").rows.values()) {
    if (oftag !== null) tagged.set(mac, oftag);
  }
  return tagged;
}

/** OWM while it runs; its core for those in the same process (dumps, live views, tests). */
export interface RunningOwm extends RunningManager {
  readonly wireless: Wireless;
  /** What is wrong with configuration rows, one line each: what, where, what is done instead. */
  readonly problems: readonly string[];
  readonly steeringEvents: Steering["events"];
  /** Why a client is steered as it is, for each group; none: it has no row. */
  explainSteering(station: string): readonly Explanation[];
}

class Owm implements RunningOwm {
  readonly #log: Log;
  readonly #replica: OwmReplica;
  readonly wireless: Wireless;
  readonly #configurator: Configurator;
  readonly #aclKick: AclKick;
  readonly #channels: ChannelHold;
  readonly #radar: RadarHistory;
  readonly #radioRecords = new Memo<RadioStateRecord>();
  readonly #vifRecords = new Memo<VifStateRecord>();
  readonly #sideTables: SideTables;
  readonly #pushButtons: PushButtons;
  readonly #fallbackParents: FallbackParents;
  readonly #writeBack: WriteBack;
  readonly #statsConfig: StatsConfig;
  readonly #steeringConfig: SteeringConfig;
  readonly #unsubscribe: readonly (() => void)[];
  #crowded: ReadonlyMap<string, number> = new Map();
  #stopped = false;

  constructor(context: ManagerContext, log: Log, replica: OwmReplica, tagged: ReadonlyMap<string, string>) {
    const { client, clock, target, signal, outbox, options = {} } = context;
    const fail = (reason: Error) => {
      if (!this.#stopped && !signal.aborted) context.fail(reason);
    };
    this.#log = log;
    this.#replica = replica;
    const { strict = false } = options;
    // The reference aborts its process; DM starts OWM afresh in any case, and the state tables with it.
    this.wireless = startWireless({ drivers: target.radioDrivers, clock, log, strict, onBark: fail });
    const { overrides, state } = this.wireless;
    this.#configurator = new Configurator({ overrides, state, log });
    this.#aclKick = new AclKick({
      clock,
      log,
      state,
      deauth: (phy, vif, station, reason) => this.wireless.deauth(phy, vif, station, reason),
    });
    this.#channels = new ChannelHold(clock, () => this.#writeBack.touch());
    this.#radar = new RadarHistory(clock);
    this.#sideTables = new SideTables(
      { client, clock, log, tags: replica.table("Openflow_Tag"), masters: replica.table("Wifi_Master_State") },
      tagged,
    );
    const edits = new ConfigEdits({ client, clock, log, fail });
    const changed = () => this.#writeBack.touch();
    this.#pushButtons = new PushButtons({ clock, log, wps: this.wireless.wps, edits, changed });
    const binding = () => this.#configurator.binding;
    this.#fallbackParents = new FallbackParents({ clock, log, state, binding, edits });
    this.#writeBack = new WriteBack({
      client,
      clock,
      log,
      fail,
      idle: () => state.idle,
      desired: () => this.#desired(),
      afterwards: (desired) => this.#sideTables.write(desired),
    });

    this.#statsConfig = new StatsConfig({
      clock,
      log: log.child("STATS"),
      nodeId: target.unit.id,
      hasRadios: target.radioDrivers.length > 0,
      wireless: this.wireless,
      outbox,
    });
    this.#steeringConfig = new SteeringConfig({
      clock,
      log,
      nodeId: target.unit.id,
      wireless: this.wireless,
      outbox,
      edits,
    });

    const onClosed = () => fail(new Error(`connection to the database lost: ${messageOf(client.closed.reason)}`));
    client.closed.addEventListener("abort", onClosed, { once: true });
    this.#unsubscribe = [
      () => client.closed.removeEventListener("abort", onClosed),
      replica.onTransaction((changes) => this.#onTransaction(changes)),
      followParentSwitches({ log, state, radio: (phy) => binding().radios.get(phy), edits }),
      state.events.on("phy", ({ name, old, new: now }) => {
        if (now === null) this.#channels.forget(name);
        else
          this.#radar.observe(
            old,
            now,
            Iterator.from(state.vifs.values()).filter(({ phy }) => phy === name),
          );
        this.#configure();
        this.#writeBack.touch();
      }),
      state.events.on("vif", ({ name, old, new: now }) => {
        this.#sideTables.vifChanged(name, old, now);
        if (old?.type !== now?.type || old?.phy !== now?.phy) this.#configure();
        this.#writeBack.touch();
      }),
      state.events.on("station", () => this.#writeBack.touch()),
      state.events.on("idle", (idle) => {
        if (!idle) return;
        if (this.#configurator.unresolved) this.#configure();
        this.#writeBack.idle();
      }),
    ];
    // What drivers reported before anybody listened.
    for (const [name, vif] of state.vifs) this.#sideTables.vifChanged(name, null, vif);
    this.#configure();
    this.#configureStats();
    this.#configureSteering();
    this.#writeBack.touch();
    if (client.closed.aborted) onClosed();
  }

  get problems(): readonly string[] {
    return [...this.#configurator.problems, ...this.#statsConfig.problems, ...this.#steeringConfig.problems];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#replica.cancel();
    this.#channels.stop();
    this.#aclKick.stop();
    this.#pushButtons.stop();
    this.#fallbackParents.stop();
    this.#statsConfig.stop();
    this.#steeringConfig.stop();
    this.wireless.stop();
    await this.#writeBack.stop();
  }

  get steeringEvents(): Steering["events"] {
    return this.#steeringConfig.events;
  }

  explainSteering(station: string): readonly Explanation[] {
    return this.#steeringConfig.explain(station);
  }

  dump(): string {
    const { binding } = this.#configurator;
    const { rows, transactions, pending, blocked } = this.#writeBack.summary;
    const lines = ["ow: ovsdb:"];
    for (const [phy, { vif_configs }] of binding.radios)
      lines.push(`  radio ${phy}: ${vif_configs.length} vif_configs`);
    for (const [name, { radio }] of binding.vifs) lines.push(`  vif ${name}: bound to ${radio?.if_name ?? "nothing"}`);
    for (const text of this.problems) lines.push(`  problem: ${text}`);
    lines.push(`  Wifi_Radio_State: ${rows.radio.join(" ")}`, `  Wifi_VIF_State: ${rows.vif.join(" ")}`);
    lines.push(`  Wifi_Associated_Clients: ${rows.client.join(" ")}`);
    lines.push(`  transactions: ${transactions}`, `  pending: ${pending}`);
    for (const key of blocked) lines.push(`  refused by the database: ${key}`);
    lines.push("ow: stats:", ...this.#statsConfig.describe().map((line) => `  ${line}`));
    lines.push(...this.#steeringConfig.dump());
    return `${lines.join("\n")}\n${this.wireless.dump()}`;
  }

  #onTransaction(changes: readonly TableChange<OpenSync, OwmTable>[]): void {
    let configure = false;
    let write = false;
    let configureStats = false;
    let configureSteering = false;
    for (const change of changes) {
      switch (change.table) {
        case "Wifi_Radio_Config":
        case "Wifi_VIF_Config":
        case "Wifi_Credential_Config":
        case "Wifi_VIF_Neighbors":
        case "RADIUS":
        case "Passpoint_Config":
          configure = true;
          configureSteering ||= change.table === "Wifi_VIF_Neighbors";
          this.#log.debug(() => `ow: conf: ${rowText(change)}`);
          break;
        case "Wifi_Radio_State":
        case "Wifi_VIF_State":
        case "Wifi_Associated_Clients":
          this.#writeBack.observe({
            level: levelOf[change.table],
            uuid: change.uuid,
            new: change.new,
            changed: change.changed,
          });
          break;
        case "Wifi_Master_State":
        case "Openflow_Tag":
          write ||= change.kind !== "delete";
          break;
        case "Wifi_Stats_Config":
          configureStats = true;
          this.#log.debug(() => `ow: conf: ${rowText(change)}`);
          break;
        case "Band_Steering_Config":
        case "Band_Steering_Clients":
          configureSteering = true;
          this.#log.debug(() => `ow: conf: ${rowText(change)}`);
          break;
      }
    }
    if (configure) this.#configure();
    if (configureStats) this.#configureStats();
    if (configureSteering) this.#configureSteering();
    if (configure || write) this.#writeBack.touch();
  }

  #configure(): void {
    this.#configurator.apply({
      radios: this.#replica.table("Wifi_Radio_Config").rows.values(),
      vifs: this.#replica.table("Wifi_VIF_Config").rows.values(),
      references: {
        credentials: this.#replica.table("Wifi_Credential_Config").rows,
        radius: this.#replica.table("RADIUS").rows,
        passpoints: this.#replica.table("Passpoint_Config").rows,
        neighbors: Map.groupBy(this.#replica.table("Wifi_VIF_Neighbors").rows.values(), ({ if_name }) => if_name),
      },
    });
    this.#aclKick.configured(this.#configurator.acls);
    this.#pushButtons.configured(this.#configurator.binding.vifs);
    this.#fallbackParents.configured(this.#configurator.binding);
  }

  #configureStats(): void {
    this.#statsConfig.apply(this.#replica.table("Wifi_Stats_Config").rows.values());
  }

  #configureSteering(): void {
    this.#steeringConfig.apply({
      groups: this.#replica.table("Band_Steering_Config").rows.values(),
      clients: this.#replica.table("Band_Steering_Clients").rows.values(),
      neighbors: this.#replica.table("Wifi_VIF_Neighbors").rows.values(),
    });
  }

  #desired(): DesiredState {
    const desired = this.#pushButtons.shown(
      desiredState(this.wireless.state, this.#configurator, {
        channel: (phy, agreed) => this.#channels.update(phy, agreed),
        radar: (phy) => this.#radar.get(phy),
        radioRecords: this.#radioRecords,
        vifRecords: this.#vifRecords,
      }),
    );
    for (const [vif, count] of desired.crowded) {
      if (!this.#crowded.has(vif))
        this.#log.warning(
          `ow: ovsdb: ${vif}: ${count} stations more than associated_clients holds; they are not shown`,
        );
    }
    this.#crowded = desired.crowded;
    return desired;
  }
}

/** What became of which row, and of which of its columns; values may be secret. */
function rowText({ table, kind, old, new: now, changed }: TableChange<OpenSync, OwmTable>): string {
  const row = now ?? old;
  const name = row && nameOfRow(row);
  return `${table} '${name}': ${kind}${kind === "modify" ? ` of ${[...changed].sort().join(", ")}` : ""}`;
}

function nameOfRow(row: { readonly [T in OwmTable]: Row<T> }[OwmTable]): string | null {
  if ("stats_type" in row) return `${row.stats_type} ${row._uuid}`;
  if ("hwm" in row) return row.mac;
  if ("ifnames" in row) return nameOfGroup(row);
  if ("if_name" in row) return row.if_name;
  return "ssid" in row ? row.ssid : row._uuid;
}

const levelOf = {
  Wifi_Radio_State: "radio",
  Wifi_VIF_State: "vif",
  Wifi_Associated_Clients: "client",
} as const satisfies Record<string, Level>;
