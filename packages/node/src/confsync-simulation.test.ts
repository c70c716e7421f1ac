/**
 * Confsync on simulated radios that go wrong: from many seeds, a random configuration that changes on the way, and random
 * faults for a while. Whatever happens, when the faults are over the radios come to what is configured: by themselves,
 * or after the watchdog has barked and the core was started afresh, as DM does. `OPENSYNC_SEEDS` runs more of them, or fewer.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import { channelOf } from "@opensync-ts/target/channels";
import { openWpa } from "@opensync-ts/target/plain-ap";
import type { ApAttributeName, Band, Channel } from "@opensync-ts/target/radio";
import { faultScenarios, startScenario } from "@opensync-ts/target-sim/fault-scenarios";
import { FaultSwitch } from "@opensync-ts/target-sim/faults";
import { interfaceMac } from "@opensync-ts/target-sim/identity";
import { deviceModel } from "@opensync-ts/target-sim/models";
import { SimRadioDriver } from "@opensync-ts/target-sim/radio-driver";
import { regulationOf } from "@opensync-ts/target-sim/regulatory";
import type { ApOverrides, VifOverrides, Wireless } from "@opensync-ts/wireless/contract";
import { startWireless } from "@opensync-ts/wireless/wireless";
import { World } from "@opensync-ts/world/world";

const seeds = Number(process.env.OPENSYNC_SEEDS ?? 1000);
/** Milliseconds: during which faults begin, how long each lasts at most, and within which all must be well again. */
const troubledTime = 180_000;
const longestFault = 120_000;
const recoveryTime = 3 * 3_600_000;

const home = [
  { phy: "wifi0", vif: "home-ap-24", channels: channels("2.4G", [1, 6, 11], 20) },
  { phy: "wifi0", vif: "onboard-ap-24", channels: [] },
  { phy: "wifi1", vif: "home-ap-50", channels: channels("5G", [36, 52, 100, 149], 80) },
  { phy: "wifi2", vif: "home-ap-60", channels: channels("6G", [5, 37], 80) },
] as const;

function channels(band: Band, numbers: readonly number[], width: 20 | 80): readonly Channel[] {
  return numbers.flatMap((number) => channelOf({ band, number, width }) ?? []);
}

/** Not those of the platform, which confsync has nothing to do with. */
const driverFaults = faultScenarios.filter(({ concerns }) => concerns === undefined);

interface Outcome {
  readonly barks: number;
  readonly requests: number;
  readonly problem: string | null;
}

class Run {
  readonly #random: SeededRandom;
  readonly #clock = new VirtualClock();
  readonly #log = new LogRing(200);
  readonly #world: World;
  readonly #faults: FaultSwitch;
  readonly #driver: SimRadioDriver;
  readonly #wanted = new Map<string, VifOverrides & { readonly ap: ApOverrides }>();
  #wireless: Wireless;
  #barks = 0;
  #requests = 0;

  constructor(seed: number) {
    const random = new SeededRandom(seed);
    const clock = this.#clock;
    this.#random = random;
    this.#world = new World({ clock, seed, spec: {} });
    this.#world.addSite("gw", { x: 0, y: 0 });
    this.#faults = new FaultSwitch({ random, clock });
    this.#driver = new SimRadioDriver({
      world: this.#world,
      clock,
      site: "gw",
      radios: deviceModel("gateway").radios.map((radio) => ({
        ...radio,
        ...(this.#chance(0.5) ? { aclLimit: 8 } : {}),
      })),
      macOf: (index) => interfaceMac("gw", index),
      regulation: regulationOf("US"),
      faults: this.#faults,
      latency: { apply: random.integer(500), report: random.integer(200), channelSwitch: random.integer(2000) },
    });
    this.#wireless = this.#start();
  }

  async play(): Promise<Outcome> {
    const clock = this.#clock;
    await clock.advance(2000);
    for (const { vif } of home) this.#configure(vif);
    for (let faults = 1 + this.#random.integer(4); faults > 0; faults--) {
      clock.setTimer(this.#random.integer(troubledTime), () => this.#goWrong());
    }
    for (let changes = this.#random.integer(4); changes > 0; changes--) {
      clock.setTimer(this.#random.integer(troubledTime), () => this.#configure(this.#any(home).vif));
    }
    await clock.advance(troubledTime + longestFault);
    assert.deepEqual(this.#faults.active(), []);
    const end = clock.now() + recoveryTime;
    // Looked at now and then: whether all is well is no event.
    while (this.#difference() !== null && clock.now() < end) await clock.advance(10_000);
    const problem = this.#difference();
    this.#wireless.stop();
    this.#driver.close();
    this.#world.close();
    return { barks: this.#barks, requests: this.#requests, problem };
  }

  get lastWords(): string {
    return this.#log
      .records()
      .map(({ time, severity, text }) => `${time} ${severity} ${text}`)
      .join("\n");
  }

  #start(): Wireless {
    const driver = this.#driver;
    const wireless = startWireless({
      drivers: [driver],
      clock: this.#clock,
      log: Log.create({ name: "OW", sink: this.#log.sink, wallTime: () => this.#clock.now() }),
      onBark: () => {
        this.#barks++;
        // Not within the watchdog's own call.
        this.#clock.setTimer(0, () => {
          wireless.stop();
          this.#wireless = this.#start();
          for (const [vif, wanted] of this.#wanted) this.#tell(vif, wanted);
        });
      },
    });
    wireless.confsync.events.on("transition", ({ from, to }) => {
      if (from === "REQUESTING" && to === "WAITING") this.#requests++;
    });
    return wireless;
  }

  #tell(name: string, wanted: VifOverrides): void {
    const phy = home.find(({ vif }) => vif === name)?.phy;
    if (phy) this.#wireless.overrides.setVif(phy, name, wanted);
  }

  #configure(vif: string): void {
    const random = this.#random;
    const place = home.find((each) => each.vif === vif);
    const key = `key-${random.integer(1000)}-of-home`;
    const channel = place && place.channels.length > 0 ? this.#any<Channel>(place.channels) : undefined;
    const wanted: VifOverrides & { readonly ap: ApOverrides } = {
      enabled: this.#chance(0.9),
      ap: {
        ssid: `home-${random.integer(100)}`,
        isolated: this.#chance(0.5),
        ssidHidden: this.#chance(0.3),
        mcast2ucast: this.#chance(0.5),
        bridge: this.#any(["", "br-home", "br-guest"]),
        maxSta: random.integer(3) * 16,
        mbo: this.#chance(0.5),
        wpa: { ...openWpa, rsn: true, akm: ["psk"], pairwise: ["ccmp"] },
        psks: [{ keyId: 1, psk: key }],
        aclPolicy: this.#any(["none", "deny"]),
        acl: addresses(random.integer(12)),
        ...(channel === undefined ? {} : { channel }),
      },
    };
    this.#wanted.set(vif, wanted);
    this.#tell(vif, wanted);
  }

  #goWrong(): void {
    const { name, faults } = this.#any(driverFaults);
    const place = this.#any(home);
    const wide = this.#chance(0.3);
    const vif = !wide && faults !== undefined && this.#chance(0.5) ? place.vif : undefined;
    startScenario(
      { radio: this.#driver, faults: this.#faults },
      {
        scenario: name,
        ...(wide ? {} : { phy: name === "radar" ? "wifi1" : place.phy }),
        ...(vif === undefined ? {} : { vif }),
        ...(faults ? { duration: 1 + this.#random.integer(longestFault) } : {}),
      },
    );
  }

  /** What is not as configured, in words; null where all is well. */
  #difference(): string | null {
    if (!this.#wireless.confsync.settled) return `unsettled: ${this.#wireless.confsync.unsettled.join(", ")}`;
    for (const [name, { enabled, ap }] of this.#wanted) {
      const state = this.#wireless.state.vifs.get(name);
      if (state?.type !== "ap") return `${name}: not there`;
      if ((state.status === "enabled") !== enabled) return `${name}: ${state.status}, not ${enabled}`;
      const limit = this.#wireless.state.phys.get(state.phy)?.capabilities.aclLimit ?? Number.POSITIVE_INFINITY;
      const settled: ApOverrides = { ...ap, acl: (ap.acl ?? []).slice(0, limit) };
      for (const [attribute, value] of Object.entries(enabled ? settled : {})) {
        // Where radar was heard, the channel is another one, and should be.
        if (attribute === "channel") continue;
        if (attribute === "aclPolicy" && settled.acl?.length === 0) continue;
        const actual = state.ap[attribute as ApAttributeName];
        if (JSON.stringify(actual) !== JSON.stringify(value)) return `${name}: ${attribute}: ${JSON.stringify(actual)}`;
      }
    }
    return null;
  }

  #chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  #any<T>(items: readonly T[]): T {
    return items[this.#random.integer(items.length)] as T;
  }
}

function addresses(count: number): readonly Mac[] {
  return Array.from({ length: count }, (_, i) => mac(`02:00:00:00:00:${(i + 16).toString(16)}`));
}

describe("radios that go wrong", () => {
  it(`come to what is configured when the faults are over, on each of ${seeds} seeds`, async () => {
    const failed: string[] = [];
    let barks = 0;
    let mostRequests = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const run = new Run(seed);
      const { problem, ...outcome } = await run.play();
      if (problem !== null) failed.push(`seed ${seed}: ${problem}${failed.length === 0 ? `\n${run.lastWords}` : ""}`);
      barks += outcome.barks;
      mostRequests = Math.max(mostRequests, outcome.requests);
    }
    assert.deepEqual(failed.slice(0, 10), [], `${failed.length} of ${seeds} failed`);
    assert.ok(mostRequests < 400, `${mostRequests} requests in one run`);
    assert.ok(barks < seeds);
  });
});
