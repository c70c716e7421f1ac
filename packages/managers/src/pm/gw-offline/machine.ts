/**
 * The status of cloudless operation (`Node_State` PM/gw_offline_status): a pure machine, its effects are carried out
 * elsewhere.
 *
 * | status   | means                                                                       |
 * |----------|-----------------------------------------------------------------------------|
 * | disabled | the feature is off, nothing is stored                                       |
 * | enabled  | on, and no configuration is stored yet                                      |
 * | ready    | a stored configuration can be restored                                      |
 * | active   | the node works without its cloud                                            |
 * | error    | reading, storing or restoring has failed, or a setting is neither true nor false |
 */

export type GwOfflineStatus = "disabled" | "enabled" | "ready" | "active" | "error";

/** Keys of `Node_Config` module PM, in the order in which they are looked at. */
export const settingKeys = ["gw_offline_cfg", "gw_offline_mon", "gw_offline"] as const;
export type SettingKey = (typeof settingKeys)[number];
/** `invalid`: there is a row whose value is neither `true` nor `false`; it counts as off. */
export type Setting = "on" | "off" | "invalid";

/** What there is in persistent storage. `unusable`: something, but not enough to restore a LAN from. */
export type StoreState = "none" | "complete" | "unusable";

export interface GwOffline {
  /** `null`: nobody has asked for the feature yet. */
  readonly status: GwOfflineStatus | null;
  readonly enabled: boolean;
  readonly monitoring: boolean;
  /** Offline mode has been entered; also while what could not be restored keeps the status at `error`. */
  readonly offline: boolean;
  readonly store: StoreState;
  readonly invalid: readonly SettingKey[];
}

export type GwOfflineEvent =
  /** `store`: as it was found. */
  | { readonly kind: "cfg"; readonly value: Setting; readonly store: StoreState }
  /** Looked at again: others may have erased it. */
  | { readonly kind: "found"; readonly store: StoreState }
  | { readonly kind: "mon"; readonly value: Setting }
  | { readonly kind: "trigger"; readonly value: Setting }
  /** The configuration has changed. */
  | { readonly kind: "changed" }
  /** It has been quiet for long enough. */
  | { readonly kind: "due" }
  | { readonly kind: "saved" }
  | { readonly kind: "not saved" }
  /** The status and the tag were written with it. `whole`: nothing had to be left out. */
  | { readonly kind: "restored"; readonly whole: boolean }
  | { readonly kind: "not restored" }
  /** What is stored is in force already. */
  | { readonly kind: "in force" }
  /** Offline mode is asked for, and was entered before PM was restarted. `whole`: the status was `active`. */
  | { readonly kind: "resumed"; readonly whole: boolean }
  /** The store refused the flag, or to be erased. */
  | { readonly kind: "store failed" }
  /** It has taken the flag, or is erased. */
  | { readonly kind: "stored" }
  /** Some time has passed since the store refused something. */
  | { readonly kind: "again" };

/**
 * `keep flag`: store the row of gw_offline_cfg as its `persist` says. `arm`: (re)start the debounce. `restore`: bring the stored
 * configuration about. `ignored`: tell that offline mode was asked for in vain.
 */
export type GwOfflineEffect = "keep flag" | "erase" | "arm" | "save" | "restore" | "ignored";

export interface GwOfflineStep {
  readonly state: GwOffline;
  readonly effects: readonly GwOfflineEffect[];
}

export const initialGwOffline: GwOffline = {
  status: null,
  enabled: false,
  monitoring: false,
  offline: false,
  store: "none",
  invalid: [],
};

/** What `Node_State` is to show; `null`: no row yet. A wrong setting does not end offline mode by being wrong. */
export function statusOf({ status, offline, invalid }: GwOffline): GwOfflineStatus | null {
  return invalid.length > 0 && !offline ? "error" : status;
}

export function step(state: GwOffline, event: GwOfflineEvent): GwOfflineStep {
  switch (event.kind) {
    case "cfg":
      return onFeature(withSetting(state, "gw_offline_cfg", event.value), event.value, event.store);
    case "found": {
      // An error stays: it is about what was done with the store.
      const stands = !state.enabled || state.offline || state.status === "error";
      return stands ? to(state) : to(state, { status: statusByStore(event.store), store: event.store });
    }
    case "mon": {
      const next = { ...withSetting(state, "gw_offline_mon", event.value), monitoring: event.value === "on" };
      return to(next, {}, next.enabled && next.monitoring ? ["arm"] : []);
    }
    case "trigger":
      return onTrigger(withSetting(state, "gw_offline", event.value), event.value);
    case "changed":
      return to(state, {}, saves(state) ? ["arm"] : []);
    case "due":
      return to(state, {}, saves(state) ? ["save"] : []);
    case "saved":
      return saves(state) ? to(state, { status: "ready", store: "complete" }) : to(state);
    case "not saved":
      return saves(state) ? to(state, { status: "error" }) : to(state);
    case "restored":
    case "resumed":
      return state.enabled ? to(state, { status: event.whole ? "active" : "error", offline: true }) : to(state);
    case "in force":
      return state.enabled ? to(state, { status: "active", offline: true }) : to(state);
    case "not restored":
    case "store failed":
      return state.offline ? to(state) : to(state, { status: "error" });
    case "stored":
      return onStored(state);
    case "again":
      return to(state, {}, state.status === "error" ? stillToStore(state) : []);
  }
}

function onFeature(state: GwOffline, value: Setting, store: StoreState): GwOfflineStep {
  const off = { status: "disabled", enabled: false, offline: false } as const;
  switch (value) {
    case "off":
      return to(state, { ...off, store: "none" }, ["erase"]);
    // A slip of the pen must not cost a home what would bring it up after the next power cut.
    case "invalid":
      return to(state, { ...off, store });
    case "on": {
      const effects: readonly GwOfflineEffect[] = state.monitoring ? ["keep flag", "arm"] : ["keep flag"];
      if (state.offline) return to(state, { enabled: true }, effects);
      return to(state, { status: statusByStore(store), enabled: true, store }, effects);
    }
  }
}

function onTrigger(state: GwOffline, value: Setting): GwOfflineStep {
  if (value !== "on") {
    if (!state.offline) return to(state);
    // What changed during the outage was not saved.
    const next = { status: statusByStore(state.store), offline: false } as const;
    return to(state, next, state.monitoring ? ["arm"] : []);
  }
  if (state.offline) return to(state);
  if (statusOf(state) !== "ready") return to(state, {}, ["ignored"]);
  // With monitoring on the cloud has configured the node since it booted: nothing needs to be restored.
  return state.monitoring ? to(state, { status: "active", offline: true }) : to(state, {}, ["restore"]);
}

function onStored(state: GwOffline): GwOfflineStep {
  // Where the configuration is saved as well, that decides.
  if (state.status !== "error" || state.offline || saves(state)) return to(state);
  return to(state, { status: state.enabled ? statusByStore(state.store) : "disabled" });
}

/** In offline mode nothing is written; what is left to do is done when the cloud is back. */
function stillToStore(state: GwOffline): readonly GwOfflineEffect[] {
  if (state.offline) return [];
  if (!state.enabled) return ["erase"];
  return saves(state) ? ["keep flag", "save"] : ["keep flag"];
}

function saves({ enabled, monitoring, offline }: GwOffline): boolean {
  return enabled && monitoring && !offline;
}

function statusByStore(store: StoreState): GwOfflineStatus {
  return ({ none: "enabled", complete: "ready", unusable: "error" } as const)[store];
}

function withSetting(state: GwOffline, key: SettingKey, value: Setting): GwOffline {
  const others = state.invalid.filter((other) => other !== key);
  return { ...state, invalid: value === "invalid" ? [...others, key] : others };
}

function to(
  state: GwOffline,
  change: Partial<GwOffline> = {},
  effects: readonly GwOfflineEffect[] = [],
): GwOfflineStep {
  return { state: { ...state, ...change }, effects };
}
