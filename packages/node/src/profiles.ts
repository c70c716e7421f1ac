/**
 * Build profiles: which managers a node has, and the values they were built with, by the names that the Kconfig files of
 * deployed devices give them. A profile is a JSON file in `profiles/`, or anywhere else; `CONFIG_NAME` in the environment overrides a value.
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { nodeLimits } from "./limits.ts";

export interface Profile {
  readonly name: string;
  /** The services of `Node_Services`, in this order. */
  readonly managers: readonly ProfileManager[];
  readonly values: ProfileValues;
}

export interface ProfileManager {
  readonly service: string;
  readonly enable: boolean;
  /** `Node_Services.other_config`. */
  readonly otherConfig: { readonly [key: string]: string };
}

export interface ProfileValues {
  /** The redirector, `PROTO:HOST:PORT`; "" = none. */
  readonly CONTROLLER_ADDR: string;
  /** CM chooses an uplink; without it, it just connects. */
  readonly TARGET_ENABLE_WAN_LINK_SELECTION: boolean;
  /** WAN interfaces, separated by spaces. */
  readonly MANAGER_WANO_IFACE_LIST: string;
  /** Back-off of CM, seconds. */
  readonly CM2_OVS_MIN_BACKOFF: number;
  readonly CM2_OVS_MAX_BACKOFF: number;
  readonly CM2_OVS_SHORT_BACKOFF: number;
  /** The bridge of the LAN. */
  readonly TARGET_LAN_BRIDGE_NAME: string;
  /** Cloudless operation is built in. */
  readonly PM_GW_OFFLINE_CFG: boolean;
  /** How long the configuration must not have changed before it is saved for cloudless operation, seconds. */
  readonly PM_GW_OFFLINE_DEBOUNCE: number;
  /** What it saves and restores: `documented` (the home LAN), or all that release `7.0` does but IPv6. */
  readonly PM_GW_OFFLINE_KEYS: string;
  /** CM probes router and Internet of uplinks. */
  readonly CM2_USE_STABILITY_CHECK: boolean;
  /** Between two checks, with a connection to the cloud and while it is sought, seconds. */
  readonly CM2_STABILITY_INTERVAL: number;
  readonly CM2_STABILITY_SHORT_INTERVAL: number;
  /** Failed checks in a row. */
  readonly CM2_STABILITY_THRESH_LINK: number;
  readonly CM2_STABILITY_THRESH_ROUTER: number;
  readonly CM2_STABILITY_THRESH_INTERNET: number;
  readonly CM2_STABILITY_THRESH_FATAL: number;
  /** Failed rounds of connecting that lead to a decision about a restart; 0: none do. */
  readonly CM2_CLOUD_FATAL_THRESHOLD: number;
  /** gw_offline after so many failed attempts to get to the cloud, */
  readonly CM2_GW_OFFLINE_RETRY_THRESHOLD: number;
  /** or, where this is not 0, so many seconds after the first. */
  readonly CM2_GW_OFFLINE_TIMEOUT: number;
  /** The managers are restarted after so many skipped restarts, */
  readonly CM2_GW_SKIP_RESTART_THRESHOLD: number;
  /** or, where this is not 0, so many seconds after the router last answered. */
  readonly CM2_GW_SKIP_RESTART_TIMEOUT: number;
  /** Seconds without the cloud until the LED says so, and until it says that it failed; 0 = never. */
  readonly PM_LED_CONNECTING_TIMEOUT: number;
  readonly PM_LED_CONNECT_FAIL_TIMEOUT: number;
}

type Environment = { readonly [name: string]: string | undefined };

const valueTypes: { readonly [Name in keyof ProfileValues]: "string" | "boolean" | "seconds" | "count" } = {
  CONTROLLER_ADDR: "string",
  TARGET_ENABLE_WAN_LINK_SELECTION: "boolean",
  MANAGER_WANO_IFACE_LIST: "string",
  CM2_OVS_MIN_BACKOFF: "seconds",
  CM2_OVS_MAX_BACKOFF: "seconds",
  CM2_OVS_SHORT_BACKOFF: "seconds",
  TARGET_LAN_BRIDGE_NAME: "string",
  PM_GW_OFFLINE_CFG: "boolean",
  PM_GW_OFFLINE_DEBOUNCE: "seconds",
  PM_GW_OFFLINE_KEYS: "string",
  CM2_USE_STABILITY_CHECK: "boolean",
  CM2_STABILITY_INTERVAL: "seconds",
  CM2_STABILITY_SHORT_INTERVAL: "seconds",
  CM2_STABILITY_THRESH_LINK: "count",
  CM2_STABILITY_THRESH_ROUTER: "count",
  CM2_STABILITY_THRESH_INTERNET: "count",
  CM2_STABILITY_THRESH_FATAL: "count",
  CM2_CLOUD_FATAL_THRESHOLD: "count",
  CM2_GW_OFFLINE_RETRY_THRESHOLD: "count",
  CM2_GW_OFFLINE_TIMEOUT: "seconds",
  CM2_GW_SKIP_RESTART_THRESHOLD: "count",
  CM2_GW_SKIP_RESTART_TIMEOUT: "seconds",
  PM_LED_CONNECTING_TIMEOUT: "seconds",
  PM_LED_CONNECT_FAIL_TIMEOUT: "seconds",
};

const maxSeconds = 86_400;
const maxCount = 100_000;
const builtIn = fileURLToPath(new URL("../profiles/", import.meta.url));

/** The names of the profiles that come with the package. */
export function profileNames(): readonly string[] {
  return readdirSync(builtIn)
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();
}

/**
 * Reads a profile by its name, or from a file (a path with a `/` or ending in `.json`). `services` are the managers there are.
 * Throws a `UserError` of one line that names the file and the key.
 */
export function loadProfile(name: string, services: readonly string[], environment: Environment = {}): Profile {
  const isPath = name.includes("/") || name.endsWith(".json");
  if (!isPath && !profileNames().includes(name)) {
    throw new UserError(`there is no profile '${name}'; use one of ${profileNames().join(", ")}, or a file`);
  }
  const file = isPath ? name : `${builtIn}${name}.json`;
  const profile = parseProfile(readJson(file), file, services);
  return { name: basename(file, ".json"), ...profile, values: overridden(profile.values, environment) };
}

function readJson(file: string): unknown {
  try {
    const { size } = statSync(file);
    if (size > nodeLimits.profileBytes) {
      throw new UserError(`profile ${file}: larger than ${nodeLimits.profileBytes} bytes`);
    }
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`profile ${file}: ${messageOf(error)}`);
  }
}

function parseProfile(json: unknown, file: string, services: readonly string[]): Omit<Profile, "name"> {
  const profile = members(json, file, ["description", "managers", "values"]);
  const managers = Object.entries(members(profile.managers, `${file}: managers`)).map(([service, entry]) => {
    const where = `${file}: managers.${service}`;
    if (!services.includes(service)) {
      throw bad(where, `there is no such manager; there are ${[...services].sort().join(", ")}`);
    }
    return parseManager(service, entry, where);
  });
  const values = members(profile.values, `${file}: values`, Object.keys(valueTypes));
  const missing = Object.keys(valueTypes).find((key) => !(key in values));
  if (missing !== undefined) throw bad(`${file}: values`, `${missing} is missing`);
  const checked = Object.entries(values).map(([key, value]) => [key, checkValue(key, value, `${file}: values.${key}`)]);
  return { managers, values: Object.fromEntries(checked) as ProfileValues };
}

function parseManager(service: string, json: unknown, where: string): ProfileManager {
  const { enable, other_config: otherConfig = {} } = members(json, where, ["enable", "other_config"]);
  if (typeof enable !== "boolean") throw bad(`${where}.enable`, "must be true or false");
  const config = members(otherConfig, `${where}.other_config`);
  for (const [key, value] of Object.entries(config)) {
    if (typeof value !== "string") throw bad(`${where}.other_config.${key}`, "must be a string");
  }
  return { service, enable, otherConfig: config as { readonly [key: string]: string } };
}

function overridden(values: ProfileValues, environment: Environment): ProfileValues {
  const overrides = Object.keys(valueTypes).flatMap((key) => {
    const name = `CONFIG_${key}`;
    const text = environment[name];
    return text === undefined ? [] : [[key, parseValue(key, text, `environment: ${name}`)]];
  });
  return { ...values, ...(Object.fromEntries(overrides) as Partial<ProfileValues>) };
}

/** As Kconfig files write them: `y` and `n` for booleans. */
function parseValue(key: string, text: string, where: string): unknown {
  switch (valueTypes[key as keyof ProfileValues]) {
    case "boolean":
      if (/^(y|yes|true|1)$/i.test(text)) return true;
      if (/^(n|no|false|0|)$/i.test(text)) return false;
      throw bad(where, "must be y or n");
    case "seconds":
    case "count":
      return checkValue(key, text.trim() === "" ? Number.NaN : Number(text), where);
    default:
      return text;
  }
}

function checkValue(key: string, value: unknown, where: string): unknown {
  switch (valueTypes[key as keyof ProfileValues]) {
    case "string":
      if (typeof value !== "string") throw bad(where, "must be a string");
      break;
    case "boolean":
      if (typeof value !== "boolean") throw bad(where, "must be true or false");
      break;
    case "seconds":
      if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > maxSeconds) {
        throw bad(where, `must be a whole number of seconds from 0 to ${maxSeconds}`);
      }
      break;
    case "count":
      if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > maxCount) {
        throw bad(where, `must be a whole number from 0 to ${maxCount}`);
      }
      break;
  }
  return value;
}

/** The members of a JSON object; `known`: those it may have. */
function members(json: unknown, where: string, known?: readonly string[]): { readonly [key: string]: unknown } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw bad(where, "must be an object");
  const unknown = known && Object.keys(json).find((key) => !known.includes(key));
  if (unknown !== undefined) throw bad(where, `'${unknown}' is not known; there are ${known?.join(", ")}`);
  return json as { readonly [key: string]: unknown };
}

function bad(where: string, problem: string): UserError {
  return new UserError(`profile ${where}: ${problem}`);
}
