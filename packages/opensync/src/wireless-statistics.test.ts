/**
 * From the air to the cloud: clients, neighbours and channels of a simulated home, as the payloads have them that OWM hands to QM
 * because rows of `Wifi_Stats_Config` ask for them.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { RunningManager } from "@opensync-ts/managers/manager";
import { ProcessOutbox } from "@opensync-ts/managers/outbox";
import { owm } from "@opensync-ts/managers/owm/owm";
import { radiosOnly } from "@opensync-ts/managers/owm/testing/device";
import { Database } from "@opensync-ts/ovsdb/database";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { type OpenSync, openSync, type Write } from "@opensync-ts/schema/opensync";
import { FaultSwitch } from "@opensync-ts/target-sim/faults";
import { interfaceMac } from "@opensync-ts/target-sim/identity";
import { deviceModel } from "@opensync-ts/target-sim/models";
import { SimRadioDriver } from "@opensync-ts/target-sim/radio-driver";
import { regulationOf } from "@opensync-ts/target-sim/regulatory";
import { decodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { World } from "@opensync-ts/world/world";

const second = 1_000;
const schema = schemaFromDeclaration(openSync);
const psk = "correct horse";

const clients = (["video", "bulk", "web", "call"] as const).map((traffic, n) => ({
  name: `client ${n}`,
  mac: `0a:00:00:00:00:0${n}`,
  place: { x: 3 + n, y: 2 },
  networks: [{ ssid: "home", psk: n === 3 ? "a wrong key" : psk }],
  traffic,
}));

const interferers = [
  { name: "next door", band: "5G", segments: [5180], bssid: "0b:00:00:00:00:01", ssid: "next door" },
  { name: "across", band: "5G", segments: [5220], bssid: "0b:00:00:00:00:02", ssid: "across" },
  { name: "oven", band: "2.4G", segments: [2437] },
].map((each) => ({ ...each, place: { x: 8, y: 4 }, power: 20, airtime: 0.2, streams: 2 })) as never;

class Home {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly world: World;
  readonly driver: SimRadioDriver;
  readonly log = new LogRing(2_000);
  readonly database: Database;
  readonly client: LocalClient<OpenSync>;
  readonly reports: StatsReport[] = [];
  readonly failures: Error[] = [];
  /** What the world has moved towards the clients, whole associations. */
  truth = 0;
  roams = 0;
  #owm: RunningManager | null = null;

  constructor(seed: number) {
    const { clock } = this;
    this.random = new SeededRandom(seed);
    this.world = new World({ clock, seed, spec: { clients, interferers } });
    this.world.addSite("gw", { x: 0, y: 0 });
    this.database = new Database(schema, { random: this.random.fork("database") });
    this.client = new LocalClient<OpenSync>({ engine: this.database });
    const starts = new Map<Mac, number>();
    const delivered = (address: Mac) => this.world.client(address)?.traffic.delivered.down ?? 0;
    this.world.events.on("associated", ({ mac: address }) => {
      this.roams++;
      starts.set(address, delivered(address));
    });
    this.world.events.on("disassociated", ({ mac: address }) => {
      this.truth += Math.round(delivered(address) - (starts.get(address) ?? 0));
    });
    this.driver = new SimRadioDriver({
      world: this.world,
      clock,
      site: "gw",
      radios: deviceModel("gateway").radios,
      macOf: (index) => interfaceMac("gw", index),
      regulation: regulationOf("US"),
      faults: new FaultSwitch({ random: this.random.fork("faults"), clock }),
    });
  }

  async start(...rows: readonly Write<"Wifi_Stats_Config">[]): Promise<void> {
    const { clock, log, client, driver } = this;
    const outbox = new ProcessOutbox();
    outbox.serve({
      send: ({ data }) => {
        assert.ok(data.length <= 128 * 1024);
        this.reports.push(decodeReport(data));
        return "NONE";
      },
    });
    this.#owm = await owm.start({
      client: new LocalClient<OpenSync>({ engine: this.database }),
      clock,
      random: this.random,
      outbox,
      log: Log.create({ name: "OW", sink: log.sink, wallTime: () => clock.wallTime() }),
      signal: new AbortController().signal,
      fail: (reason) => this.failures.push(reason),
      target: radiosOnly(driver),
    });
    await client.transact((transaction) => {
      for (const row of rows) transaction.insert("Wifi_Stats_Config", row);
      for (const [radio, vif, channel] of [
        ["wifi0", "home-ap-24", 6],
        ["wifi1", "home-ap-50", 36],
      ] as const) {
        const row = transaction.insert("Wifi_VIF_Config", {
          if_name: vif,
          mode: "ap",
          enabled: true,
          ssid: "home",
          wpa: true,
          rsn_pairwise_ccmp: true,
          wpa_key_mgmt: ["wpa-psk"],
          wpa_psks: { key: psk },
        });
        transaction.insert("Wifi_Radio_Config", {
          if_name: radio,
          freq_band: radio === "wifi0" ? "2.4G" : "5G",
          enabled: true,
          channel,
          ht_mode: "HT20",
          vif_configs: [row],
        });
      }
    });
  }

  async end(): Promise<void> {
    await this.#owm?.stop();
    this.driver.close();
    this.world.close();
    assert.deepEqual(this.failures, []);
  }
}

const every10: Write<"Wifi_Stats_Config"> = { sampling_interval: 10, reporting_interval: 60 };
const clientRows: readonly Write<"Wifi_Stats_Config">[] = (["2.4G", "5G"] as const).map((radio_type) => ({
  ...every10,
  stats_type: "client",
  radio_type,
}));

describe("reports of a simulated home", () => {
  it("add up to the bytes that the world has moved, however clients come, go and roam", async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const home = new Home(seed);
      await home.start(...clientRows, ...clientRows.map((row) => ({ ...row, report_type: "diff" as const })));
      for (let at = 0; at < 600; at += 7) {
        await home.clock.advance(7 * second);
        const address = mac(clients[home.random.integer(3)]?.mac ?? "");
        if (home.random.integer(2) === 0) {
          home.world.moveClient(address, { x: home.random.integer(50), y: home.random.integer(20) });
          continue;
        }
        const bssid = home.world.client(address)?.association?.bssid;
        if (bssid) home.world.deauthenticate(bssid, address);
      }
      for (const { mac: address } of clients) home.world.moveClient(mac(address), { x: 5_000, y: 5_000 });
      await home.clock.advance(300 * second);
      const sum = home.reports
        .flatMap((report) => report.clients.flatMap(({ clients }) => clients))
        .reduce((total, { stats }) => total + stats.txBytes, 0);
      assert.ok(home.roams > 20 && home.truth > 1e8, `seed ${seed}: ${home.roams} roams, ${home.truth} bytes`);
      assert.equal(sum, 2 * home.truth, `seed ${seed}, two rows for each radio`);
      await home.end();
    }
  });

  it("show channels, neighbours, temperatures, and who was refused", async () => {
    const home = new Home(1);
    const scan = { survey_interval_ms: 100, channel_list: [36, 44, 48] };
    const rows: readonly Write<"Wifi_Stats_Config">[] = [
      { stats_type: "survey", survey_type: "on-chan" },
      { stats_type: "survey", survey_type: "off-chan", ...scan },
      { stats_type: "neighbor", survey_type: "full", ...scan },
      { stats_type: "rssi" },
      { stats_type: "capacity" },
      { stats_type: "client_auth_fails" },
    ];
    await home.start(
      ...rows.map((row) => ({ ...every10, radio_type: "5G" as const, ...row })),
      { ...every10, stats_type: "client_auth_fails", radio_type: "2.4G" },
      { ...every10, stats_type: "device" },
    );
    await home.clock.advance(310 * second);
    const all = <K extends keyof StatsReport>(kind: K) =>
      home.reports.flatMap((report) => report[kind] as unknown as (StatsReport[K] & readonly unknown[])[number][]);

    const surveys = all("surveys").flatMap((survey) => (survey.reportType === "average" ? [] : [survey]));
    const channels = (type: string) =>
      new Set(
        surveys
          .filter(({ surveyType }) => surveyType === type)
          .flatMap(({ samples }) => samples.map(({ channel }) => channel)),
      );
    assert.deepEqual([...channels("on-chan")], [36]);
    assert.deepEqual([...channels("off-chan")].sort(), [44, 48]);
    const busy = surveys.flatMap(({ samples }) => samples.map((each) => [each.channel, each.busyPercent] as const));
    assert.ok(
      busy.some(([channel, percent]) => channel === 44 && percent > 5),
      "the network across is heard",
    );
    assert.ok(busy.every(([, percent]) => percent >= 0 && percent <= 100));

    const names = new Set(
      all("neighbors").flatMap(({ bsses }) => bsses.map(({ ssid, channel }) => `${ssid} ${channel}`)),
    );
    assert.deepEqual([...names].sort(), ["across 44", "next door 36"]);
    const [bss] = all("neighbors").flatMap(({ bsses }) => bsses);
    assert.ok((bss?.snrDb ?? 0) > 10 && (bss?.beaconIes?.length ?? 0) > 20);

    const temperatures = all("devices").flatMap((report) => report.temperatures);
    assert.deepEqual([...new Set(temperatures.map(({ band }) => band))].sort(), ["2.4G", "5G", "6G"]);
    assert.ok(temperatures.every(({ celsius }) => celsius > 20 && celsius < 120));
    assert.ok(all("devices").at(-1)?.thermal.length === 6);

    const peers = all("rssi").flatMap((report) => report.peers);
    assert.ok(peers.length > 0 && peers.every(({ samples }) => samples.every(({ snrDb }) => snrDb > 0)));
    assert.ok(
      all("capacities").some(({ samples }) =>
        samples.some(({ bytesTx, busyTxPercent }) => bytesTx > 0 && busyTxPercent > 0),
      ),
    );

    const refused = all("authFailures").flatMap(({ bsses }) => bsses.flatMap((each) => each.clients));
    assert.deepEqual([...new Set(refused.map(({ mac: address }) => address))], ["0A:00:00:00:00:03"]);
    assert.ok(refused.every(({ authFails, invalidPsk }) => authFails === invalidPsk && authFails > 0));
    await home.end();
  });
});
