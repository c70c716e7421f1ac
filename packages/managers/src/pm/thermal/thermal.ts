/**
 * Keeps the device from getting too hot: every ten seconds one step up or down the device's table of cooling, by chainmasks of
 * radios and, where there is one, a fan. When the last step does not help the device reboots.
 */

import { type Timer, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Row } from "@opensync-ts/schema/opensync";
import type { Thermal, ThermalStep } from "@opensync-ts/target/platform";
import { Complaints } from "../../complaints.ts";
import { announceReboot } from "../../dm/reboot-records.ts";
import type { ManagerContext, RunningManager } from "../../manager.ts";
import { keepSettings } from "../kept-settings.ts";
import type { OwnLedClaims } from "../led/own-claims.ts";
import { pmLimits } from "../limits.ts";
import { type NodeSettings, openNodeSettings } from "../node-config.ts";
import type { PmModule } from "../pm-module.ts";
import { chainmaskOf, isTooHot, MovingAverage, nextStep } from "./control.ts";
import { isThermalKey, overrideTable, thermalModule } from "./overrides.ts";

const stateKey = "SPFAN_state";

export function thermalControl(own: OwnLedClaims): PmModule {
  return {
    name: "cooling",
    async start(context) {
      const thermal = context.target.platform?.thermal;
      if (!thermal) return { stop: async () => {}, dump: () => "this device looks after itself" };
      const cooling = new Cooling(context, thermal, own);
      await cooling.start();
      return cooling;
    },
  };
}

class Cooling implements RunningManager {
  readonly #context: ManagerContext;
  readonly #thermal: Thermal;
  readonly #own: OwnLedClaims;
  readonly #complaints: Complaints;
  readonly #average: MovingAverage;
  #steps: readonly ThermalStep[];
  #step = 0;
  #averages: readonly (number | null)[] = [];
  /** Periods in the last step without getting cooler than that. */
  #hotPeriods = 0;
  /** What the fan was told, and how often it was found elsewhere since. */
  #fanRpm: number | null = null;
  #fanOff = 0;
  #rebooting = false;
  #settings: NodeSettings | undefined;
  #radios: ReadonlyMap<unknown, Row<"Wifi_Radio_Config">> = new Map();
  #timer: Timer | undefined;
  #stopped = false;
  #close = () => {};

  constructor(context: ManagerContext, thermal: Thermal, own: OwnLedClaims) {
    this.#context = context;
    this.#thermal = thermal;
    this.#own = own;
    this.#complaints = new Complaints(context.clock, context.log);
    this.#average = new MovingAverage(thermal.sources.length);
    this.#steps = thermal.steps;
  }

  async start(): Promise<void> {
    const { client } = this.#context;
    const replica = await client.replicate({
      Wifi_Radio_Config: { columns: ["if_name", "tx_chainmask", "thermal_tx_chainmask"] },
    });
    this.#radios = replica.table("Wifi_Radio_Config").rows;
    const settings = await openNodeSettings(client, thermalModule, "PM");
    this.#settings = settings;
    const forget = await keepSettings(this.#context, settings, this.#complaints, isThermalKey);
    const unsubscribe = settings.onConfig(() => this.#override());
    this.#close = () => {
      unsubscribe();
      forget();
      settings.close();
      replica.cancel();
    };
    this.#override();
    // After a restart of PM it is as hot as before.
    const before = Number(settings.state(stateKey)?.value ?? "0");
    if (Number.isInteger(before) && before > 0 && before < this.#steps.length) this.#step = before;
    await this.#period();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#close();
  }

  dump(): string {
    const temperatures = this.#thermal.sources.map((source, index) => {
      const average = this.#averages[index] ?? null;
      return `${source}: ${average === null ? "unknown" : `${average.toFixed(1)} °C`}`;
    });
    const fan = this.#fanRpm === null ? [] : [`fan: ${this.#fanRpm} rpm`];
    return [`step: ${this.#step} of ${this.#steps.length - 1}`, ...fan, ...temperatures].join("\n");
  }

  #override(): void {
    const { sources, steps, fan } = this.#thermal;
    const settings = this.#settings?.configs() ?? new Map();
    const table = overrideTable({ sources, steps, hasFan: fan !== undefined }, settings);
    for (const problem of table.problems) this.#complaints.say(problem);
    this.#steps = table.steps;
  }

  async #period(): Promise<void> {
    try {
      await this.#cool();
    } catch (error) {
      if (!this.#stopped) this.#complaints.say(`cooling: ${messageOf(error)}`, "cooling");
    }
    if (!this.#stopped) this.#timer = this.#context.clock.setTimer(pmLimits.thermalPeriodMs, () => void this.#period());
  }

  async #cool(): Promise<void> {
    const { log } = this.#context;
    this.#averages = this.#average.add(await this.#readTemperatures());
    if (this.#stopped) return;
    await this.#checkFan();
    const step = nextStep(this.#steps, this.#step, this.#averages);
    if (step !== this.#step) log.notice(`cooling: step ${this.#step} to ${step} (${this.#temperatures()})`);
    this.#step = step;
    this.#hotPeriods = isTooHot(this.#steps, step, this.#averages) ? this.#hotPeriods + 1 : 0;
    await this.#turnFan();
    await this.#writeRows();
    const tooHot = this.#hotPeriods > pmLimits.thermalLastStepPeriods;
    this.#own.set("thermal", tooHot);
    if (tooHot) this.#reboot();
  }

  async #readTemperatures(): Promise<readonly (number | null)[]> {
    const { clock } = this.#context;
    const { sources } = this.#thermal;
    try {
      const readings = await withDeadline(
        clock,
        this.#thermal.readTemperatures(),
        pmLimits.thermalAnswerMs,
        "temperatures",
      );
      const sane = sources.map((_, index) => {
        const reading = readings[index] ?? null;
        return reading !== null && Number.isFinite(reading) ? reading : null;
      });
      const unknown = sources.filter((_, index) => sane[index] === null);
      if (unknown.length > 0)
        this.#complaints.say(`temperature of ${unknown.join(", ")} cannot be read`, "temperature");
      return sane;
    } catch (error) {
      this.#complaints.say(`temperatures cannot be read: ${messageOf(error)}`, "temperature");
      return sources.map(() => null);
    }
  }

  /** A period after it was told its speed the fan has to have it. */
  async #checkFan(): Promise<void> {
    const { fan } = this.#thermal;
    if (!fan || this.#fanRpm === null) return;
    const wanted = this.#fanRpm;
    const rpm = await this.#ofFan(fan.readRpm(), null);
    if (rpm === null) return;
    const isOff = Math.abs(rpm - wanted) > pmLimits.fanToleranceRpm;
    this.#fanOff = isOff ? this.#fanOff + 1 : 0;
    const broken = this.#fanOff >= pmLimits.fanPeriods;
    if (broken) this.#complaints.say(`the fan turns at ${rpm} rpm instead of ${wanted}: look after it`, "fan");
    this.#own.set("hwerror", broken);
  }

  async #turnFan(): Promise<void> {
    const { fan } = this.#thermal;
    const rpm = this.#steps[this.#step]?.fanRpm ?? null;
    if (!fan || rpm === null || rpm === this.#fanRpm) return;
    this.#fanRpm = null;
    const told = await this.#ofFan(
      fan.setRpm(rpm).then(() => true),
      false,
    );
    if (told) this.#fanRpm = rpm;
  }

  async #ofFan<T>(answer: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await withDeadline(this.#context.clock, answer, pmLimits.thermalAnswerMs, "fan");
    } catch (error) {
      this.#complaints.say(`fan: ${messageOf(error)}`, "fan");
      return otherwise;
    }
  }

  async #writeRows(): Promise<void> {
    const { client } = this.#context;
    await this.#settings?.setState(stateKey, String(this.#step));
    const masks = this.#steps[this.#step]?.txChainmasks ?? new Map<string, number>();
    const managed = new Set(this.#steps.flatMap(({ txChainmasks }) => [...txChainmasks.keys()]));
    const differing = [...this.#radios.values()].flatMap((row) => {
      const { if_name: name } = row;
      if (name === null || !managed.has(name)) return [];
      const mask = chainmaskOf(this.#step, masks.get(name), row);
      return mask === row.thermal_tx_chainmask ? [] : [{ name, mask }];
    });
    if (differing.length === 0 || this.#stopped) return;
    await client.transact(
      (transaction) => {
        for (const { name, mask } of differing) {
          transaction.update("Wifi_Radio_Config", [["if_name", "==", name]], { thermal_tx_chainmask: mask });
        }
      },
      { comment: "PM - update Wifi_Radio_Config" },
    );
  }

  #reboot(): void {
    const { target, log } = this.#context;
    if (this.#rebooting) return;
    this.#rebooting = true;
    const reason = `too hot: ${this.#temperatures()}`;
    if (!target.control) {
      log.error(`${reason}; this device cannot be rebooted from inside: switch it off`);
      return;
    }
    log.error(`${reason}; rebooting`);
    try {
      announceReboot(target.storage, "THERMAL", reason);
    } catch (error) {
      log.warning(`the reason of the reboot will be lost: ${messageOf(error)}`);
    }
    target.control.reboot(reason);
  }

  #temperatures(): string {
    return this.#thermal.sources
      .map((source, index) => `${source} ${this.#averages[index]?.toFixed(1) ?? "unknown"} °C`)
      .join(", ");
  }
}
