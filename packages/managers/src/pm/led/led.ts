/**
 * LEDs: what `LED_Config` and the deprecated `AWLAN_Node.led_config` ask for, what PM's own modules have to tell, and that
 * the cloud has been out of reach for some time.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Row } from "@opensync-ts/schema/opensync";
import type { LedState, LedStep } from "@opensync-ts/target/platform";
import { Complaints } from "../../complaints.ts";
import type { ManagerContext, RunningManager } from "../../manager.ts";
import type { PmModule } from "../pm-module.ts";
import { asTheDeviceHasIt, chooseLeds, type LedClaim, type LedShown, parsePriority } from "./choice.ts";
import { applyLegacyConfig, type LegacyStates } from "./legacy-config.ts";
import type { OwnLedClaims } from "./own-claims.ts";
import { parsePattern } from "./pattern.ts";

export interface LedOptions {
  /** Without the cloud for so long: `connecting`, then `connectfail`; ms, 0 = never. */
  readonly connectingMs: number;
  readonly connectFailMs: number;
  /** What other modules of PM want to be shown. */
  readonly own: OwnLedClaims;
}

export function leds(options: LedOptions): PmModule {
  /** When the cloud was lost (the clock's ms): a restart of PM does not make it younger. `null`: it is there. */
  const memory: LossMemory = { lostAt: null };
  return { name: "LEDs", start: (context) => startLeds(context, options, memory) };
}

interface LossMemory {
  lostAt: number | null;
}

async function startLeds(context: ManagerContext, options: LedOptions, memory: LossMemory): Promise<RunningManager> {
  const { client, target, clock, log } = context;
  const device = target.platform?.leds;
  if (!device) return { stop: async () => {}, dump: () => "this device has none" };
  const complaints = new Complaints(clock, log);
  const replica = await client.replicate({
    LED_Config: {},
    Manager: { columns: ["is_connected"] },
    AWLAN_Node: { columns: ["led_config"] },
  });
  let order = 0;
  const rowClaims = new Map<Uuid, LedClaim>();
  let legacy: LegacyStates = new Map();
  let legacyOrder = 0;
  const timed = new Map<LedState, number>();
  let timers: readonly Timer[] = [];
  let wasConnected: boolean | null = null;
  const shown: LedShown[] = [];

  const show = () => {
    const claims: LedClaim[] = [...rowClaims.values()];
    const simple = (state: LedState, priority: number, since: number, by: string) =>
      claims.push({ state, position: 0, priority, pattern: [], order: since, by });
    for (const [state, priority] of legacy) simple(state, priority, legacyOrder, "AWLAN_Node led_config");
    for (const [state, since] of timed) simple(state, asTheDeviceHasIt, since, "the cloud is out of reach");
    for (const state of options.own.states) simple(state, asTheDeviceHasIt, 0, "PM");
    const chosen = chooseLeds(claims, device.count, (state) => device.priorityOf(state));
    for (const [position, { state, pattern, by }] of chosen.entries()) {
      const before = shown[position];
      if (before?.state === state && samePattern(before.pattern, pattern)) continue;
      try {
        device.show(position, state, pattern);
        shown[position] = { state, pattern, by };
      } catch (error) {
        complaints.say(`LED ${position}: '${state}' cannot be shown: ${messageOf(error)}`, `LED ${position}`);
      }
    }
  };

  const takeRow = (row: Row<"LED_Config">) => {
    try {
      rowClaims.set(row._uuid, claimOf(row, ++order, device.count));
    } catch (error) {
      rowClaims.delete(row._uuid);
      complaints.say(messageOf(error), `LED_Config ${row.name} ${row.position}`);
    }
  };

  const takeLegacy = (config: ReadonlyMap<string, string>) => {
    try {
      legacy = applyLegacyConfig(legacy, config);
      legacyOrder = ++order;
    } catch (error) {
      complaints.say(messageOf(error), "led_config");
    }
  };

  const follow = () => {
    const connected = [...replica.table("Manager").rows.values()].some((row) => row.is_connected);
    if (connected === wasConnected) return;
    wasConnected = connected;
    for (const timer of timers) timer.cancel();
    timers = [];
    timed.clear();
    memory.lostAt = connected ? null : (memory.lostAt ?? clock.now());
    if (memory.lostAt === null) return;
    const lostFor = clock.now() - memory.lostAt;
    const after = (ms: number, state: LedState) => {
      const reach = () => {
        timed.set(state, ++order);
        show();
      };
      if (ms > 0 && ms <= lostFor) timed.set(state, ++order);
      else if (ms > 0) return [clock.setTimer(ms - lostFor, reach)];
      return [];
    };
    timers = [...after(options.connectingMs, "connecting"), ...after(options.connectFailMs, "connectfail")];
  };

  // Oldest first is not to be had: of states that exclude each other the connected one then counts as the youngest.
  const first = [...replica.table("LED_Config").rows.values()];
  for (const row of first.sort((a, b) => age(a.name) - age(b.name))) takeRow(row);
  for (const row of replica.table("AWLAN_Node").rows.values()) if (row.led_config.size > 0) takeLegacy(row.led_config);
  follow();
  show();
  const unsubscribe = [
    replica.onTransaction((changes) => {
      for (const change of changes) {
        if (change.table === "LED_Config") {
          if (change.new) takeRow(change.new);
          else rowClaims.delete(change.uuid);
        } else if (change.table === "AWLAN_Node" && change.new && change.changed.has("led_config")) {
          takeLegacy(change.new.led_config);
        }
      }
      follow();
      show();
    }),
    options.own.onChange(show),
  ];
  return {
    async stop() {
      for (const each of unsubscribe) each();
      for (const timer of timers) timer.cancel();
      replica.cancel();
    },
    dump: () => shown.map(({ state, by }, position) => `LED ${position}: ${state} (${by})`).join("\n"),
  };
}

/** Throws a `RangeError` that says what is wrong with the row. */
function claimOf(row: Row<"LED_Config">, order: number, count: number): LedClaim {
  const where = `LED_Config ${row.name || "without a name"} at position ${row.position}`;
  if (row.name === "") throw new RangeError(`${where}: it names no state`);
  if (row.position >= count) throw new RangeError(`${where}: this device has LEDs 0 to ${count - 1}`);
  const priority = parsePriority(row.priority);
  if (priority === null) {
    throw new RangeError(
      `${where}: priority ${row.priority} must be 0 or more, -1 (not at all) or -2 (as the device has it)`,
    );
  }
  if (row.name !== "cloud")
    return { state: row.name, position: row.position, priority, pattern: [], order, by: "LED_Config" };
  try {
    const pattern = parsePattern(row.pattern);
    return { state: "cloud", position: row.position, priority, pattern, order, by: "LED_Config" };
  } catch (error) {
    throw new RangeError(`${where}: ${messageOf(error)}`);
  }
}

function age(state: string): number {
  return ["connectfail", "connecting", "connected"].indexOf(state);
}

function samePattern(a: readonly LedStep[], b: readonly LedStep[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
