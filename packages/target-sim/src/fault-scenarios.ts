/**
 * What goes wrong with drivers in practice, by name: every cause for which OpenSync's OWM guide says that confsync's
 * watchdog may bark, and what else a driver can do to it.
 */

import { UserError } from "@opensync-ts/base/errors";
import { channelFrequency } from "@opensync-ts/target/channels";
import { plainAp } from "@opensync-ts/target/plain-ap";
import type { ApAttributeName, ApAttributes } from "@opensync-ts/target/radio";
import type { FaultScope, FaultSwitch, Faults } from "./faults.ts";
import type { SimRadioDriver } from "./radio-driver.ts";

/** The guide's headings; `none`: not among its causes. */
export type GuideCause =
  | "State reporting not implemented"
  | "Configuration request not implemented"
  | "Broken comparison or returned value"
  | "ACL limit exceeded"
  | "none";

export interface ScenarioParameter {
  readonly name: string;
  readonly default: string;
  readonly description: string;
}

export interface FaultScenario {
  readonly name: string;
  readonly description: string;
  readonly cause: GuideCause;
  readonly parameters: readonly ScenarioParameter[];
  /** What it cannot be limited below; absent: a vif. */
  readonly concerns?: "device" | "radio";
  /** What goes wrong from then on. Throws a `UserError` for a value that cannot be. */
  readonly faults?: (values: ScenarioValues) => Partial<Faults>;
  /** What happens once. */
  readonly happens?: (driver: SimRadioDriver, phys: readonly string[], values: ScenarioValues) => void;
}

export type ScenarioValues = (name: string) => string;

const parameter = (name: string, value: string, description: string): ScenarioParameter => ({
  name,
  default: value,
  description,
});

const probability = (value: string) => parameter("probability", value, "0 to 1");
const delay = (value: string) => parameter("delay", value, "seconds");

/** A scenario that is only a set of faults. */
function lasting(
  name: string,
  cause: GuideCause,
  description: string,
  faults: NonNullable<FaultScenario["faults"]>,
  ...parameters: readonly ScenarioParameter[]
): FaultScenario {
  return { name, cause, description, faults, parameters };
}

export const faultScenarios: readonly FaultScenario[] = [
  lasting(
    "state-not-reported",
    "State reporting not implemented",
    "states that are asked for are never reported",
    () => ({ loseReports: 1 }),
  ),
  lasting(
    "wrong-value",
    "State reporting not implemented",
    "one attribute of access points is reported wrongly",
    (values) => ({ wrong: wrongValue(values("attribute"), values("value")) }),
    parameter("attribute", "ssid", "of the radio model, e.g. ssid, isolated, beaconInterval"),
    parameter("value", "nonsense", "what is reported instead"),
  ),
  lasting(
    "memory-not-filled",
    "State reporting not implemented",
    "reports come with every attribute at zero, false or empty",
    () => ({ blank: true }),
  ),
  lasting(
    "request-ignored",
    "Configuration request not implemented",
    "configuration requests have no effect",
    (values) => ({ ignoreRequests: fraction(values, "probability") }),
    probability("1"),
  ),
  lasting(
    "attribute-ignored",
    "Configuration request not implemented",
    "requests do not change one attribute of access points",
    (values) => ({ unsupported: [attributeName(values("attribute"))] }),
    parameter("attribute", "isolated", "of the radio model, e.g. isolated, mbo, maxSta"),
  ),
  lasting(
    "vif-never-up",
    "Configuration request not implemented",
    "access points that are switched on do not come up",
    () => ({ neverUp: true }),
  ),
  lasting(
    "malformed-report",
    "Broken comparison or returned value",
    "reports name another object, or hold values that cannot be",
    (values) => ({ malformed: oneOf(values, "kind", ["name", "values"]) }),
    parameter("kind", "values", "name or values"),
  ),
  lasting(
    "comparison-broken",
    "Broken comparison or returned value",
    "reports are right, but spelled and ordered otherwise than asked for",
    () => ({ respelled: true }),
  ),
  lasting("vif-broken", "Broken comparison or returned value", "vifs are reported as broken", () => ({ broken: true })),
  lasting(
    "acl-limit",
    "ACL limit exceeded",
    "access points keep only so many ACL entries, and nothing says so",
    (values) => ({ aclLimit: whole(values, "entries", 0, 100_000) }),
    parameter("entries", "64", "how many they hold"),
  ),
  lasting(
    "lost-reports",
    "none",
    "some reports are lost",
    (values) => ({ loseReports: fraction(values, "probability") }),
    probability("0.3"),
  ),
  lasting(
    "lost-changes",
    "none",
    "some changes are not told, so that nobody asks for them",
    (values) => ({ loseChanges: fraction(values, "probability") }),
    probability("0.3"),
  ),
  lasting(
    "late-reports",
    "none",
    "reports come late, and tell what was true before",
    (values) => ({ reportDelay: seconds(values, "delay") }),
    delay("20"),
  ),
  lasting(
    "duplicated-reports",
    "none",
    "reports come a second time, unasked",
    (values) => ({ duplicateReports: fraction(values, "probability") }),
    probability("1"),
  ),
  lasting(
    "reordered-reports",
    "none",
    "reports overtake each other",
    (values) => ({ reportJitter: seconds(values, "delay") }),
    delay("5"),
  ),
  lasting(
    "slow-driver",
    "none",
    "requests take effect late",
    (values) => ({ applyDelay: seconds(values, "delay") }),
    delay("25"),
  ),
  lasting("endless-cac", "none", "channel availability checks do not end", () => ({ endlessCac: true })),
  lasting(
    "scan-lost",
    "none",
    "scans are never completed",
    (values) => ({ loseScans: fraction(values, "probability") }),
    probability("1"),
  ),
  lasting(
    "scan-failed",
    "none",
    "scans fail at once",
    (values) => ({ failScans: fraction(values, "probability") }),
    probability("1"),
  ),
  lasting(
    "scan-late",
    "none",
    "results of scans come late",
    (values) => ({ scanDelay: seconds(values, "delay") }),
    delay("3"),
  ),
  lasting(
    "counter-wrap",
    "none",
    "counters of stations that come from now on have 32 bits, and go over their end",
    () => ({ narrowCounters: true }),
  ),
  {
    ...lasting(
      "overheat",
      "none",
      "radios are hotter than their load explains, as in a box whose vents are covered",
      (values) => ({ overheat: within(values, "degrees", 1, 200) }),
      parameter("degrees", "40", "°C on top"),
    ),
    concerns: "radio",
  },
  {
    ...lasting("fan-stuck", "none", "the fan stands still, whatever it is told", () => ({ fanStuck: true })),
    concerns: "device",
  },
  {
    name: "counter-reset",
    cause: "none",
    description: "all counters of stations and channels begin anew, and nothing says so",
    parameters: [],
    happens: (driver, phys) => {
      for (const phy of phys) driver.resetCounters(phy);
    },
  },
  {
    name: "driver-restart",
    cause: "none",
    description: "the driver ends and comes back: all its phys and vifs vanish for a while",
    concerns: "device",
    parameters: [
      parameter("settings", "initial", "initial or kept"),
      parameter("down", "2", "seconds until it is back"),
    ],
    happens: (driver, _phys, values) =>
      driver.restart(oneOf(values, "settings", ["initial", "kept"]), seconds(values, "down")),
  },
  {
    name: "radar",
    cause: "none",
    description: "radar is heard on a channel",
    parameters: [parameter("channel", "52", "number of a 20 MHz channel of the 5 GHz band")],
    happens: (driver, phys, values) => {
      const number = whole(values, "channel", 1, 233);
      const frequency = channelFrequency("5G", number);
      if (frequency === null) throw new UserError(`channel=${number}: there is no such channel in the 5 GHz band`);
      for (const phy of phys) driver.radar(phy, frequency);
    },
  },
];

export interface ScenarioOrder extends FaultScope {
  readonly scenario: string;
  /** Milliseconds; absent: until cleared. */
  readonly duration?: number;
  /** By name of the scenario's parameters. */
  readonly values?: { readonly [name: string]: string };
}

export interface SimulatedDevice {
  readonly radio: SimRadioDriver;
  readonly faults: FaultSwitch;
}

/**
 * Lets a scenario happen. Returns the number under which it is on; `null` where it is over already. Throws a `UserError`
 * for what there is not: scenario, phy, vif, parameter, value.
 */
export function startScenario(device: SimulatedDevice, order: ScenarioOrder): number | null {
  const scenario = faultScenarios.find(({ name }) => name === order.scenario);
  if (!scenario) {
    const known = faultScenarios.map(({ name }) => name).join(", ");
    throw new UserError(`there is no fault '${order.scenario}'; use one of ${known}`);
  }
  const scope = checkedScope(device.radio, order);
  const values = checkedValues(scenario, order.values ?? {});
  if (scenario.concerns === "device" && (order.phy !== undefined || order.vif !== undefined)) {
    throw new UserError(`'${scenario.name}' concerns the whole device; leave phy and vif out`);
  }
  if (scenario.concerns === "radio" && order.vif !== undefined) throw ofRadio(scenario);
  if (scenario.faults) {
    const { duration } = order;
    const faults = scenario.faults(values);
    return device.faults.switchOn({
      name: scenario.name,
      faults,
      ...scope,
      ...(duration === undefined ? {} : { duration }),
    }).id;
  }
  if (order.duration !== undefined) throw new UserError(`'${scenario.name}' happens once; leave its duration out`);
  if (order.vif !== undefined) throw ofRadio(scenario);
  scenario.happens?.(device.radio, scope.phy === undefined ? device.radio.phyNames() : [scope.phy], values);
  return null;
}

function ofRadio({ name }: FaultScenario): UserError {
  return new UserError(`'${name}' concerns a whole radio; leave the vif out`);
}

function checkedScope(radio: SimRadioDriver, { phy, vif }: FaultScope): FaultScope {
  const phys = radio.phyNames();
  if (phy !== undefined && !phys.includes(phy)) {
    throw new UserError(`there is no radio '${phy}'; this device has ${phys.join(", ")}`);
  }
  const vifs = (phy === undefined ? phys : [phy]).flatMap((name) => radio.vifNamesOf(name));
  if (vif !== undefined && !vifs.includes(vif)) {
    throw new UserError(
      `there is no vif '${vif}'${phy === undefined ? "" : ` on ${phy}`}; there are ${vifs.join(", ")}`,
    );
  }
  return { ...(phy === undefined ? {} : { phy }), ...(vif === undefined ? {} : { vif }) };
}

function checkedValues(
  { name, parameters }: FaultScenario,
  given: { readonly [name: string]: string },
): ScenarioValues {
  for (const key of Object.keys(given)) {
    if (parameters.some((each) => each.name === key)) continue;
    const known = parameters.map((each) => each.name).join(", ") || "none";
    throw new UserError(`'${name}' has no parameter '${key}'; it has ${known}`);
  }
  return (key) => given[key] ?? parameters.find((each) => each.name === key)?.default ?? "";
}

function within(values: ScenarioValues, name: string, least: number, most: number): number {
  const text = values(name);
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most)) {
    throw new UserError(`${name}=${text}: it must be a number from ${least} to ${most}`);
  }
  return value;
}

function whole(values: ScenarioValues, name: string, least: number, most: number): number {
  const value = within(values, name, least, most);
  if (!Number.isInteger(value)) throw new UserError(`${name}=${value}: it must be a whole number`);
  return value;
}

function fraction(values: ScenarioValues, name: string): number {
  return within(values, name, 0, 1);
}

/** Milliseconds of a value in seconds; an hour at most. */
function seconds(values: ScenarioValues, name: string): number {
  return within(values, name, 0, 3600) * 1000;
}

function oneOf<T extends string>(values: ScenarioValues, name: string, allowed: readonly T[]): T {
  const text = values(name);
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw new UserError(`${name}=${text}: it must be ${allowed.join(" or ")}`);
  return found;
}

function attributeName(text: string): ApAttributeName {
  if (Object.hasOwn(plainAp, text)) return text as ApAttributeName;
  throw new UserError(`attribute=${text}: there is none such; use one of ${Object.keys(plainAp).join(", ")}`);
}

/** Only attributes that a word can stand for: texts, numbers, yes and no. */
function wrongValue(attribute: string, text: string): Partial<ApAttributes> {
  const name = attributeName(attribute);
  const example: unknown = plainAp[name];
  switch (typeof example) {
    case "string":
      return { [name]: text };
    case "boolean":
      if (text === "true" || text === "false") return { [name]: text === "true" };
      throw new UserError(`value=${text}: ${name} is true or false`);
    case "number": {
      const value = Number(text);
      if (text.trim() !== "" && Number.isFinite(value)) return { [name]: value };
      throw new UserError(`value=${text}: ${name} is a number`);
    }
    default:
      throw new UserError(
        `attribute=${name}: it is not a single value; use a text, a number or a true/false attribute`,
      );
  }
}
