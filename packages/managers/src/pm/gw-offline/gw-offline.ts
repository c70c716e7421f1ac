/**
 * Cloudless operation of a gateway (`gw_offline`): while the cloud is there, the configuration of the home LAN is kept in persistent
 * storage; when the node has booted without it, CM asks for offline mode and the LAN is restored.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Replica } from "@opensync-ts/ovsdb/client";
import { upsert } from "@opensync-ts/ovsdb/upsert";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Complaints } from "../../complaints.ts";
import type { ManagerContext, RunningManager } from "../../manager.ts";
import { Reconciler } from "../../reconciler.ts";
import type { PmModule } from "../pm-module.ts";
import { describe } from "./describe.ts";
import { flagKey, storeName } from "./keys.ts";
import { gwOfflineLimits } from "./limits.ts";
import {
  type GwOffline,
  type GwOfflineEffect,
  type GwOfflineEvent,
  initialGwOffline,
  type SettingKey,
  type StoreState,
  settingKeys,
  statusOf,
  step,
} from "./machine.ts";
import { planState, planTag, type Shown, statusKey } from "./node-rows.ts";
import { readSubset } from "./read-subset.ts";
import { reasonOf, restoreHome } from "./restore.ts";
import { addOperations, type RowOperation } from "./row-operations.ts";
import { concernsSubset, concernsUplinks, type SubsetView, snapshotOf, subsetTables } from "./rows.ts";
import { moduleName, type SettingRow, settingOf, settingRows } from "./settings.ts";
import { StoredConfiguration } from "./stored-configuration.ts";
import { isTagged, type SubsetOptions, usedUplink } from "./subset.ts";
import { planOffline } from "./while-offline.ts";

export interface GwOfflineOptions extends SubsetOptions {
  /** The configuration is saved when it has not changed for so long, ms. */
  readonly debounceMs: number;
}

export function gwOffline(options: GwOfflineOptions): PmModule {
  return {
    name: "gw_offline",
    async start(context) {
      const config = await context.client.replicate({ Node_Config: {} });
      const module = new CloudlessOperation(context, options, config);
      await module.start();
      return module;
    },
  };
}

class CloudlessOperation implements RunningManager {
  readonly #context: ManagerContext;
  readonly #options: GwOfflineOptions;
  readonly #config: Replica<OpenSync, "Node_Config">;
  readonly #stored: StoredConfiguration;
  readonly #complaints: Complaints;
  readonly #reconciler: Reconciler;
  #view: SubsetView | undefined;
  #state: GwOffline = initialGwOffline;
  readonly #seen = new Map<SettingKey, SettingRow | undefined>();
  #acknowledgement: Shown["acknowledgement"] = null;
  #timer: Timer | undefined;
  #due = false;
  /** The store was found damaged, and its version before stands in; until the feature's setting has been looked at. */
  #setBack = false;
  /** Runs while the store has not taken what it was to take. */
  #retry: Timer | undefined;
  #again = false;
  /** That was in use when offline mode last looked; undefined: it has not looked. */
  #uplink: string | null | undefined;
  readonly #history = { since: 0, savedAt: null as number | null, reason: "" };

  constructor(context: ManagerContext, options: GwOfflineOptions, config: Replica<OpenSync, "Node_Config">) {
    this.#context = context;
    this.#options = options;
    this.#config = config;
    this.#stored = new StoredConfiguration(context.target.storage.open(storeName), options.keys);
    this.#complaints = new Complaints(context.clock, context.log, "gw_offline: ");
    this.#reconciler = new Reconciler(
      () => this.#round(),
      (error) => context.log.error(`gw_offline: ${reasonOf(error)}`),
    );
  }

  async start(): Promise<void> {
    this.#history.since = this.#context.clock.wallTime();
    await this.#wake();
    this.#config.onTransaction(() => this.#reconciler.request());
    this.#reconciler.request();
  }

  async stop(): Promise<void> {
    this.#reconciler.stop();
    this.#timer?.cancel();
    this.#retry?.cancel();
    this.#config.cancel();
    this.#view?.cancel();
  }

  dump(): string {
    return describe({
      state: this.#state,
      stored: this.#stored.content,
      ...this.#history,
      saveIsDue: this.#timer !== undefined,
    });
  }

  /** The feature is on again after a boot if it was to last. */
  async #wake(): Promise<void> {
    const { damage } = this.#stored;
    if (damage) {
      this.#complain(`${storeName} is damaged (${damage.reason}); in its place: ${damage.recovered}`, "damage");
      if (damage.recovered === "nothing") await this.#handle({ kind: "store failed" });
      else this.#setBack = true;
    }
    const flag = this.#stored.flag();
    if (flag.fault !== undefined) {
      this.#complain(`${storeName}: ${flag.fault}; the feature stays off until the cloud switches it on`);
      await this.#handle({ kind: "store failed" });
    }
    if (!flag.on || this.#settings().has("gw_offline_cfg")) return;
    await upsert(
      this.#context.client,
      "Node_Config",
      { module: moduleName, key: flagKey },
      { value: "true", persist: true },
      { comment: "PM - restore gw_offline_cfg", signal: this.#context.signal },
    );
  }

  /** Brings the state in line with the settings and what else has happened, and shows it. */
  async #round(): Promise<void> {
    const settings = this.#settings();
    for (const key of settingKeys) {
      const row = settings.get(key);
      if (row === this.#seen.get(key)) continue;
      this.#seen.set(key, row);
      await this.#onSetting(key, row);
    }
    if (this.#due) {
      this.#due = false;
      await this.#handle({ kind: "due" });
    }
    if (this.#again) {
      this.#again = false;
      await this.#handle({ kind: "again" });
    }
    if (this.#state.offline) await this.#lookAfter();
    else this.#uplink = undefined;
    await this.#show();
  }

  async #show(): Promise<void> {
    const shown = { acknowledgement: this.#acknowledgement, status: statusOf(this.#state) };
    if (shown.acknowledgement === null && shown.status === null) return;
    const rows = snapshotOf(await this.#rows());
    await this.#commit([...planState(rows, shown), ...planTag(rows, this.#state.offline)], "update Node_State");
  }

  async #onSetting(key: SettingKey, row: SettingRow | undefined): Promise<void> {
    const value = settingOf(row);
    if (value === "invalid") {
      this.#complain(
        `Node_Config ${moduleName}/${key}: its value is neither 'true' nor 'false'; it counts as off`,
        key,
      );
    }
    switch (key) {
      case "gw_offline_cfg":
        this.#acknowledgement = { value: value === "on" ? "true" : "false", persist: row?.persist === true };
        if (value !== "off" && !this.#state.offline) this.#load();
        return this.#handle({ kind: "cfg", value, store: this.#storeState() });
      case "gw_offline_mon":
        return this.#handle({ kind: "mon", value });
      case "gw_offline":
        if (value === "on" && (await this.#isResumed())) return;
        if (value === "on" && this.#state.enabled && !this.#state.offline) {
          this.#load();
          await this.#handle({ kind: "found", store: this.#stored.content.state });
        }
        return this.#handle({ kind: "trigger", value });
    }
  }

  /** Where a version from before the first save stands in for a damaged one, what was stored is lost: that is no fresh start. */
  #storeState(): StoreState {
    const { state } = this.#stored.content;
    const isLost = this.#setBack && state === "none";
    this.#setBack = false;
    return isLost ? "unusable" : state;
  }

  /** PM was restarted, not the node: the tag was set with the restored rows, and clients of the LAN must not notice. */
  async #isResumed(): Promise<boolean> {
    if (this.#state.offline || !this.#state.enabled) return false;
    const rows = snapshotOf(await this.#rows());
    if (!isTagged(rows)) return false;
    const status = rows.Node_State.find(({ module, key }) => module === moduleName && key === statusKey);
    await this.#handle({ kind: "resumed", whole: status?.value !== "error" });
    return true;
  }

  async #handle(event: GwOfflineEvent): Promise<void> {
    const before = statusOf(this.#state);
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    const after = statusOf(state);
    if (after !== before) {
      this.#history.since = this.#context.clock.wallTime();
      this.#context.log.info(`gw_offline: ${before ?? "off"} -> ${after ?? "off"} (${event.kind})`);
    }
    for (const effect of effects) await this.#perform(effect);
  }

  async #perform(effect: GwOfflineEffect): Promise<void> {
    switch (effect) {
      case "keep flag":
        return this.#tryStore("the feature will not be on after a reboot", () =>
          this.#stored.keepFlag(this.#seen.get("gw_offline_cfg")),
        );
      case "erase":
        this.#timer?.cancel();
        this.#timer = undefined;
        return this.#tryStore("what is stored is not erased", () => this.#stored.erase());
      case "arm":
        return this.#arm();
      case "save":
        return this.#save();
      case "restore":
        return this.#restore();
      case "ignored":
        this.#complain(`offline mode was asked for, but the status is ${statusOf(this.#state) ?? "disabled"}: ignored`);
    }
  }

  async #tryStore(consequence: string, change: () => void): Promise<void> {
    try {
      change();
    } catch (error) {
      this.#complain(`${storeName}: ${consequence}: ${messageOf(error)}`, consequence);
      this.#armRetry();
      return this.#handle({ kind: "store failed" });
    }
    return this.#handle({ kind: "stored" });
  }

  /** Nobody may ever change anything again; the flash may be well again tomorrow. */
  #armRetry(): void {
    this.#retry?.cancel();
    this.#retry = this.#context.clock.setTimer(gwOfflineLimits.storeRetryMs, () => {
      this.#retry = undefined;
      this.#again = true;
      this.#reconciler.request();
    });
  }

  #load(): void {
    for (const fault of this.#stored.load().faults.slice(0, gwOfflineLimits.namedReasons)) {
      this.#complain(`${storeName}: ${fault}`);
    }
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = this.#context.clock.setTimer(this.#options.debounceMs, () => {
      this.#timer = undefined;
      this.#due = true;
      this.#reconciler.request();
    });
  }

  async #save(): Promise<void> {
    const reading = readSubset(snapshotOf(await this.#rows()), this.#options);
    if (reading.kind === "failed") {
      this.#complain(`not saved: ${reading.reason}`);
      return this.#handle({ kind: "not saved" });
    }
    for (const note of reading.notes.slice(0, gwOfflineLimits.namedReasons)) this.#complain(`not saved: ${note}`);
    try {
      const saved = this.#stored.save(reading.values);
      // Had the store refused it before, it may take it now.
      this.#stored.keepFlag(this.#seen.get("gw_offline_cfg"));
      if (saved.length > 0) {
        this.#history.savedAt = this.#context.clock.wallTime();
        this.#context.log.info(`gw_offline: saved ${saved.join(", ")}`);
      }
    } catch (error) {
      this.#complain(`${storeName}: not saved, tried again in a while: ${messageOf(error)}`, "not saved");
      this.#armRetry();
      return this.#handle({ kind: "not saved" });
    }
    return this.#handle({ kind: "saved" });
  }

  async #restore(): Promise<void> {
    const { client, log, signal } = this.#context;
    const rows = snapshotOf(await this.#rows());
    const conclude = (whole: boolean) => {
      const status = statusOf(step(this.#state, { kind: "restored", whole }).state);
      return [...planTag(rows, true), ...planState(rows, { acknowledgement: null, status })];
    };
    const outcome = await restoreHome(client, this.#stored.content, rows, this.#options, conclude, signal);
    switch (outcome.kind) {
      case "in force":
        return this.#handle(outcome);
      case "not restored":
        this.#complain(`not restored: ${outcome.reason}`);
        return this.#handle({ kind: "not restored" });
      case "restored": {
        const { leftOut, notes } = outcome;
        for (const note of notes) log.notice(`gw_offline: ${note}`);
        for (const part of leftOut.slice(0, gwOfflineLimits.namedReasons)) this.#complain(`left out: ${part}`);
        log.notice(
          `gw_offline: the home LAN is restored${leftOut.length > 0 ? `, ${leftOut.length} parts left out` : ""}`,
        );
        return this.#handle({ kind: "restored", whole: leftOut.length === 0 });
      }
    }
  }

  async #lookAfter(): Promise<void> {
    const rows = snapshotOf(await this.#rows());
    const plan = planOffline(rows, this.#stored.content.values, this.#options.lanBridge, this.#uplink ?? null);
    for (const problem of plan.problems.slice(0, gwOfflineLimits.namedReasons)) this.#complain(problem);
    await this.#commit(plan.operations, "update LAN");
    this.#uplink = usedUplink(rows);
  }

  async #commit(operations: readonly RowOperation[], what: string): Promise<void> {
    if (operations.length === 0) return;
    const { client, signal } = this.#context;
    await client.transact((transaction) => addOperations(transaction, operations), { comment: `PM - ${what}`, signal });
  }

  /** Opened when the feature is first heard of: a node without it is not burdened. */
  async #rows(): Promise<SubsetView> {
    if (this.#view) return this.#view;
    const view = await this.#context.client.replicate(subsetTables);
    this.#view = view;
    view.onTransaction((all) => {
      if (this.#state.offline && all.some(concernsUplinks)) this.#reconciler.request();
      const arms = step(this.#state, { kind: "changed" }).effects.includes("arm");
      if (arms && all.some((change) => concernsSubset(change, this.#options.keys))) this.#arm();
    });
    return view;
  }

  #settings() {
    return settingRows(this.#config.table("Node_Config").rows.values());
  }

  #complain(text: string, kind = text): void {
    this.#history.reason = text;
    this.#complaints.say(text, kind);
  }
}
