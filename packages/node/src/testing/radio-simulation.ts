/**
 * One seed, one life of a simulated gateway: OWM under DM on real tables, on virtual time. While its configuration changes, drivers lose,
 * delay, double and falsify reports, ignore requests, restart, and radar is heard. Then all faults end, and whatever has
 * become of it must come right on its own.
 */

import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { startDm } from "@opensync-ts/managers/dm/dm";
import { owm, type RunningOwm } from "@opensync-ts/managers/owm/owm";
import { Database } from "@opensync-ts/ovsdb/database";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { type OpenSync, openSync, type Row, type Write } from "@opensync-ts/schema/opensync";
import { createNullTarget } from "@opensync-ts/target/null-target";
import type { VifState } from "@opensync-ts/target/radio";
import { faultScenarios, startScenario } from "@opensync-ts/target-sim/fault-scenarios";
import { FaultSwitch } from "@opensync-ts/target-sim/faults";
import { interfaceMac } from "@opensync-ts/target-sim/identity";
import { deviceModel } from "@opensync-ts/target-sim/models";
import { SimRadioDriver } from "@opensync-ts/target-sim/radio-driver";
import { regulationOf } from "@opensync-ts/target-sim/regulatory";
import { World } from "@opensync-ts/world/world";

const minute = 60_000;

export interface SimulationOptions {
  /** How long things go wrong (ms of virtual time). */
  readonly troubled?: number;
}

/** How it went; a run that breaks a promise throws instead, with the seed in its message. */
/** Not those of the platform, which the radios' configuration has nothing to do with. */
const driverFaults = faultScenarios.filter(({ concerns }) => concerns === undefined);

export interface SimulationOutcome {
  /** How often the watchdog barked and DM started OWM anew. */
  readonly restarts: number;
  readonly requests: number;
  /** From the end of all faults to everything as configured (ms of virtual time). */
  readonly recovery: number;
  /** Faults and changes of configuration that it went through. */
  readonly events: number;
}

/** Requests in one minute beyond which confsync is taken to loop. */
const maxRequestsPerMinute = 60;
/** Within this time of the last fault confsync must have settled, by itself or after a restart… */
const settleWithin = 20 * minute;
/** …and within this, when the longest back-off and every non-occupancy period are over, all must be as configured. */
const recoverWithin = 14 * 60 * minute;

const schema = schemaFromDeclaration(openSync);
const radios = deviceModel("gateway").radios;
const aps = radios.flatMap(({ phy, suffix }) =>
  ["home", "bhaul", "onboard"].map((use) => ({ phy, name: `${use}-ap-${suffix}` })),
);
const channels = { "2.4G": [1, 6, 11], "5G": [36, 44, 52, 100, 149], "6G": [5, 37, 69] } as const;
const widths = { "2.4G": ["HT20", "HT40"], "5G": ["HT20", "HT40", "HT80"], "6G": ["HT80", "HT160"] } as const;

/** Throws an `Error` that names the seed where anything was lost, looped or never came right. */
export async function simulateRadios(seed: number, options: SimulationOptions = {}): Promise<SimulationOutcome> {
  const run = new Simulation(seed);
  try {
    return await run.live(options.troubled ?? 15 * minute);
  } catch (error) {
    const story = run.story.slice(-40).join("\n  ");
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}\n  ${story}`, { cause: error });
  } finally {
    await run.end();
  }
}

class Simulation {
  /** What happened, for who has to find out why. */
  readonly story: string[] = [];
  readonly #clock = new VirtualClock();
  readonly #random: SeededRandom;
  readonly #database: Database;
  readonly #client: LocalClient<OpenSync>;
  readonly #world: World;
  readonly #faults: FaultSwitch;
  readonly #driver: SimRadioDriver;
  readonly #log = new LogRing(500);
  #dm: Awaited<ReturnType<typeof startDm>> | undefined;
  #requests = 0;
  #events = 0;

  constructor(seed: number) {
    const clock = this.#clock;
    const random = new SeededRandom(seed);
    this.#random = random;
    this.#database = new Database(schema, { random: new SeededRandom(`database ${seed}`) });
    this.#client = new LocalClient<OpenSync>({ engine: this.#database });
    this.#world = new World({ clock, seed });
    this.#world.addSite("gw", { x: 0, y: 0 });
    this.#faults = new FaultSwitch({ random: new SeededRandom(`faults ${seed}`), clock });
    const latency = { apply: random.integer(400), report: random.integer(200) };
    this.#driver = new SimRadioDriver({
      world: this.#world,
      clock,
      site: "gw",
      radios,
      macOf: (index) => interfaceMac("gw", index),
      regulation: regulationOf("US"),
      faults: this.#faults,
      latency,
    });
    const requestConfig = this.#driver.requestConfig.bind(this.#driver);
    this.#driver.requestConfig = (request) => {
      this.#requests++;
      requestConfig(request);
    };
  }

  async live(troubled: number): Promise<SimulationOutcome> {
    await this.#boot();
    const end = this.#clock.now() + troubled;
    while (this.#clock.now() < end) {
      this.#events++;
      if (this.#chance(0.35)) await this.#changeConfiguration();
      else this.#goWrong(end);
      await this.#pass(1000 + this.#random.integer(90_000));
    }
    this.#faults.clear();
    this.#tell("all faults end");
    const begin = this.#clock.now();
    await this.#passUntil(() => this.#settled(), settleWithin, "confsync did not settle after the faults had ended");
    await this.#passUntil(() => this.#shortfall() === undefined, recoverWithin, "the configuration was not reached");
    const recovery = this.#clock.now() - begin;
    const requests = this.#requests;
    await this.#pass(10 * minute);
    assertThat(this.#requests === requests, `${this.#requests - requests} requests although all was as configured`);
    assertThat(this.#owm?.wireless.confsync.settled === true, "confsync did not stay settled");
    const shortfall = this.#shortfall();
    assertThat(shortfall === undefined, `what was reached was lost again: ${shortfall}`);
    return { restarts: this.#restarts, requests, recovery, events: this.#events };
  }

  async end(): Promise<void> {
    const stopping = this.#dm?.stop();
    await this.#clock.advance(5000);
    await stopping;
    this.#driver.close();
    this.#world.close();
    this.#client.close();
  }

  async #boot(): Promise<void> {
    const { promise: starting } = { promise: this.#startDm() };
    await this.#clock.advance(1000);
    this.#dm = await starting;
    for (const radio of radios) {
      await this.#client.transact((transaction) => {
        const vifs = aps
          .filter(({ phy }) => phy === radio.phy)
          .map(({ name }) => transaction.insert("Wifi_VIF_Config", { if_name: name, mode: "ap", ...this.#vif(name) }));
        transaction.insert("Wifi_Radio_Config", { if_name: radio.phy, ...this.#radio(radio.phy), vif_configs: vifs });
      });
    }
    await this.#pass(10_000);
  }

  async #startDm() {
    const connect = () => new LocalClient<OpenSync>({ engine: this.#database });
    await this.#client.transact((transaction) => transaction.insert("Node_Services", { service: "owm", enable: true }));
    const log = Log.create({ name: "DM", sink: this.#log.sink, wallTime: () => this.#clock.wallTime() });
    return startDm({
      definitions: [owm],
      connect,
      target: { ...createNullTarget({ id: "gw", storageDirectory: "/nonexistent" }), radioDrivers: [this.#driver] },
      clock: this.#clock,
      random: new SeededRandom("dm"),
      logOf: (name) => log.process(name),
      boot: false,
    });
  }

  /** Time passes, and confsync does not run amok in it. */
  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= minute) {
      const before = this.#requests;
      await this.#clock.advance(Math.min(left, minute));
      const requests = this.#requests - before;
      assertThat(requests <= maxRequestsPerMinute, `${requests} requests within a minute`);
      assertThat(this.#driver.droppedRequests === 0, "the driver's queue of requests overflowed");
    }
  }

  async #passUntil(holds: () => boolean, limit: number, complaint: string): Promise<void> {
    for (let passed = 0; !holds(); passed += 5000) {
      if (passed > limit) throw new Error(`${complaint}: ${this.#shortfall() ?? this.#whyUnsettled()}`);
      await this.#pass(5000);
    }
  }

  #goWrong(end: number): void {
    const scenario = this.#pick(driverFaults);
    const radio = this.#pick(radios);
    const scope = this.#chance(0.5) ? {} : { phy: radio.phy };
    const duration = Math.min(2000 + this.#random.integer(5 * minute), end - this.#clock.now());
    const values = scenario.name === "radar" ? { channel: String(this.#pick([52, 100, 104])) } : {};
    if (scenario.happens) {
      const where = scenario.name === "radar" ? { phy: "wifi1" } : scope;
      startScenario({ radio: this.#driver, faults: this.#faults }, { scenario: scenario.name, ...where, values });
    } else {
      const order = { scenario: scenario.name, ...scope, duration };
      startScenario({ radio: this.#driver, faults: this.#faults }, order);
    }
    this.#tell(`${scenario.name} ${JSON.stringify(scope)} for ${Math.round(duration / 1000)} s`);
  }

  async #changeConfiguration(): Promise<void> {
    const radio = this.#pick(radios);
    if (this.#chance(0.4)) {
      const columns = this.#radio(radio.phy);
      await this.#client.transact((transaction) =>
        transaction.update("Wifi_Radio_Config", [["if_name", "==", radio.phy]], columns),
      );
      this.#tell(`${radio.phy}: ${JSON.stringify(columns)}`);
      return;
    }
    const { name } = this.#pick(aps);
    const columns = this.#vif(name);
    await this.#client.transact((transaction) =>
      transaction.update("Wifi_VIF_Config", [["if_name", "==", name]], columns),
    );
    this.#tell(`${name}: enabled=${columns.enabled} ssid=${columns.ssid} acl=${columns.mac_list?.length}`);
  }

  #radio(phy: string): Write<"Wifi_Radio_Config"> {
    const model = radios.find((each) => each.phy === phy);
    if (!model) throw new RangeError(phy);
    return {
      freq_band: model.freqBand,
      enabled: !this.#chance(0.1),
      channel: this.#pick(channels[model.band]),
      ht_mode: this.#pick(widths[model.band]),
      hw_mode: model.band === "6G" ? "11ax" : this.#pick(["11ac", "11ax"] as const),
      tx_power: 10 + this.#random.integer(8),
      bcn_int: this.#pick([100, 200]),
    };
  }

  #vif(name: string): Write<"Wifi_VIF_Config"> {
    const sixGhz = name.endsWith("60");
    const key = `key of ${this.#random.integer(1000) + 1000}`;
    return {
      enabled: !this.#chance(0.15),
      ssid: `net ${this.#random.integer(1000)}`,
      bridge: this.#pick(["br-home", "br-guest"]),
      ssid_broadcast: this.#chance(0.2) ? "disabled" : "enabled",
      ap_bridge: this.#chance(0.5),
      mcast2ucast: this.#chance(0.5),
      btm: 1,
      rrm: this.#chance(0.5) ? 1 : 0,
      mac_list_type: this.#pick(["none", "whitelist", "blacklist"] as const),
      mac_list: Array.from({ length: this.#random.integer(80) }, (_, index) => mac(`02:00:00:00:01:${hex(index)}`)),
      wpa: true,
      wpa_key_mgmt: sixGhz ? ["sae"] : ["wpa-psk"],
      rsn_pairwise_ccmp: true,
      pmf: sixGhz ? "required" : "optional",
      wpa_psks: new Map([["key", key]]),
    };
  }

  get #restarts(): number {
    return this.#dm?.services()[0]?.restarts ?? 0;
  }

  get #owm(): RunningOwm | undefined {
    return this.#dm?.running("owm") as RunningOwm | undefined;
  }

  #settled(): boolean {
    const wireless = this.#owm?.wireless;
    return wireless?.confsync.settled === true && wireless.state.idle;
  }

  #whyUnsettled(): string {
    return this.#owm ? this.#owm.wireless.confsync.unsettled.join("; ") : "OWM does not run";
  }

  /** What of the configuration the hardware has not; undefined when it has all of it. */
  #shortfall(): string | undefined {
    for (const radio of this.#rows("Wifi_Radio_Config")) {
      for (const row of this.#rows("Wifi_VIF_Config")) {
        if (!radio.vif_configs.includes(row._uuid)) continue;
        const vif = this.#driver.vifState(radio.if_name ?? "", row.if_name);
        const missing = vif ? missingOf(radio, row, vif) : "is gone";
        if (missing !== undefined) return `${row.if_name}: ${missing}`;
        const untold = this.#untold(row, row.enabled === true && radio.enabled === true);
        if (untold !== undefined) return `${row.if_name}: ${untold}`;
      }
    }
    const running = this.#owm?.wireless;
    if (!running) return "OWM does not run";
    const differing = running.explain().objects.find(({ attributes }) => attributes.length > 0);
    return differing && JSON.stringify(differing);
  }

  /** What the state tables do not tell as it is. */
  #untold(row: Row<"Wifi_VIF_Config">, up: boolean): string | undefined {
    const state = this.#rows("Wifi_VIF_State").find(({ if_name }) => if_name === row.if_name);
    if (!state) return "has no row in Wifi_VIF_State";
    if (state.enabled !== up) return `Wifi_VIF_State.enabled is ${state.enabled}`;
    if (up && state.ssid !== row.ssid) return `Wifi_VIF_State.ssid is ${state.ssid}`;
    return undefined;
  }

  #rows<T extends "Wifi_Radio_Config" | "Wifi_VIF_Config" | "Wifi_VIF_State">(table: T): readonly Row<T>[] {
    return [...this.#database.rows(table).values()] as unknown as Row<T>[];
  }

  #tell(what: string): void {
    this.story.push(`${Math.round(this.#clock.now() / 1000)} s: ${what}`);
  }

  #chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.integer(list.length)] as T;
  }
}

/** What of its row an access point has not. */
function missingOf(radio: Row<"Wifi_Radio_Config">, row: Row<"Wifi_VIF_Config">, vif: VifState): string | undefined {
  const wanted = row.enabled === true && radio.enabled === true;
  if ((vif.status === "enabled") !== wanted) return `is ${vif.status}`;
  if (!wanted || vif.type !== "ap") return undefined;
  const { ap } = vif;
  if (ap.ssid !== row.ssid) return `ssid ${ap.ssid} instead of ${row.ssid}`;
  if (ap.bridge !== row.bridge) return `bridge ${ap.bridge}`;
  if (ap.acl.length !== row.mac_list.length) return `${ap.acl.length} ACL entries instead of ${row.mac_list.length}`;
  if (ap.isolated !== !row.ap_bridge) return `isolated ${ap.isolated}`;
  if (ap.ssidHidden !== (row.ssid_broadcast === "disabled")) return `ssid_hidden ${ap.ssidHidden}`;
  if (ap.psks[0]?.psk !== row.wpa_psks.get("key")) return "another key";
  return undefined;
}

function assertThat(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(complaint);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
