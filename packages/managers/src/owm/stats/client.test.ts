import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Emitter } from "@opensync-ts/base/emitter";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { ClientRecord } from "@opensync-ts/telemetry/clients";
import type { WirelessStateEvents } from "@opensync-ts/wireless/contract";
import { station } from "../testing/rows.ts";
import { ClientCollector } from "./client.ts";
import { statsLimits } from "./limits.ts";
import type { StatsPlan } from "./plan.ts";
import { Radios } from "./radios.ts";
import { client50, laptop, phone, ReportingDevice, radiosUp, second } from "./testing/reporting-device.ts";

let device = new ReportingDevice();

async function start(): Promise<void> {
  device = new ReportingDevice();
  await device.start();
}

/** Of one client, from all reports. */
function records(address: Mac): readonly ClientRecord[] {
  const all = device.of("clients").flatMap(({ message }) => message.clients);
  return all.filter(({ mac }) => mac === address.toUpperCase());
}

describe("client reports", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
  });

  it("tell who connected and disconnected, when, and for how long", async () => {
    await start();
    await device.want(client50);
    await device.until(20);
    device.join(phone);
    device.driver.count("home-ap-50", phone, { snr: 42 });
    await device.until(50);
    device.driver.leave("home-ap-50", phone);
    await device.until(55);
    device.join(phone);
    await device.until(61);
    const [{ at, message } = assert.fail()] = device.of("clients");
    const { band, channel, uplinkType, uplinkChanged } = message;
    assert.deepEqual(
      { band, channel, uplinkType, uplinkChanged },
      { band: "5G", channel: 36, uplinkType: "", uplinkChanged: false },
    );
    const [{ stats, ...record } = assert.fail()] = message.clients;
    const late = at - 60 * second;
    assert.deepEqual(record, {
      mac: "02:00:00:00:0A:01",
      ssid: "home-ap-50",
      connected: true,
      connectCount: 2,
      disconnectCount: 1,
      connectOffsetMs: 5_000 + late,
      disconnectOffsetMs: 10_000 + late,
      durationMs: 35_000 + late,
      rx: [],
      tx: [],
      tids: [],
      uapsd: 0,
    });
    assert.equal(stats.snrDb, 42);
    await device.until(121);
    const [, next] = records(phone);
    assert.equal(next?.connectCount, 0);
    assert.equal(next?.connectOffsetMs, undefined);
    assert.equal(next?.durationMs, 60 * second);
  });

  it("begin with a connect of everybody who is there", async () => {
    await start();
    await device.until(30);
    device.join(phone);
    device.driver.count("home-ap-50", phone, { snr: 42, rxBytes: 500 });
    await device.until(65);
    await device.want(client50);
    await device.until(121);
    const [record] = records(phone);
    assert.equal(record?.connectCount, 1);
    assert.ok((record?.connectOffsetMs ?? 0) >= 90 * second, "since it connected");
    assert.ok((record?.durationMs ?? 0) < 55.2 * second, "since the row came");
  });

  it("have the address of the multi-link device that a client is a link of", async () => {
    await start();
    await device.want(client50);
    device.driver.join(station({ mac: phone, connectedAt: 0, mldAddr: mac("02:00:00:00:0b:01") }));
    await device.until(61);
    assert.equal(records(phone)[0]?.mldMac, "02:00:00:00:0B:01");
  });

  it("are silent about who left before the report before", async () => {
    await start();
    await device.want(client50);
    device.join(phone);
    await device.until(30);
    device.driver.leave("home-ap-50", phone);
    await device.until(200);
    assert.equal(device.of("clients").length, 1);
    assert.equal(records(phone)[0]?.connected, false);
  });

  it("have the latest signal and rates, or averages of all samples", async () => {
    await start();
    await device.want(client50);
    await device.want({ ...client50, report_type: "average" });
    device.join(phone);
    for (let sample = 1; sample <= 6; sample++) {
      await device.until(sample * 10 - 5);
      device.driver.count("home-ap-50", phone, { snr: 30 + sample, txRate: 100 * sample, rxBytes: 1_000 });
    }
    await device.until(61);
    const stats = device.of("clients").map(({ message }) => message.clients[0]?.stats);
    const momentary = stats.map((each) => [each?.snrDb, each?.txRateMbps, each?.rxBytes]);
    assert.deepEqual(momentary, [
      [36, 600, 6_000],
      [34, 350, 6_000],
    ]);
  });

  it("can be only of those that did something", async () => {
    await start();
    await device.want({ ...client50, report_type: "diff" });
    device.join(phone);
    device.join(laptop);
    for (const each of [phone, laptop]) device.driver.count("home-ap-50", each, { snr: 40 });
    await device.until(70);
    device.driver.count("home-ap-50", laptop, { rxBytes: 1 });
    await device.until(185);
    const seen = device.of("clients").map(({ at, message }) => [Math.floor(at / second), message.clients.length]);
    assert.deepEqual(seen, [
      [60, 2],
      [120, 1],
    ]);
    device.driver.count("home-ap-50", phone, { snr: 39 });
    await device.until(241);
    assert.equal(records(phone).at(-1)?.durationMs, 180 * second);
  });

  it("add up to what the driver counted, however clients come, go and roam, and whatever becomes of counters", async () => {
    for (let seed = 1; seed <= 5; seed++) {
      await start();
      const random = new SeededRandom(seed);
      await device.want({ ...client50, reporting_interval: 20, sampling_interval: 5 });
      const clients = [phone, laptop].map((address) => ({ address, vif: null as string | null }));
      const counted = new Map<Mac, number>();
      const moved = (address: Mac, bytes: number) => counted.set(address, (counted.get(address) ?? 0) + bytes);
      for (let round = 0; round < 200; round++) {
        await device.clock.advance(random.integer(4 * second));
        const client = clients[random.integer(2)] ?? assert.fail();
        const { address, vif } = client;
        const choice = random.integer(10);
        if (vif === null || choice === 0) {
          leave(client);
          client.vif = random.integer(2) === 0 ? "home-ap-50" : "bhaul-ap-50";
          device.join(address, client.vif);
        } else if (choice === 1) {
          leave(client);
        } else if (choice === 2) {
          resetCounters(vif, address);
        } else {
          const bytes = random.integer(2 ** 31 - 1);
          countTo32Bits(vif, address, bytes);
          moved(address, bytes);
        }
      }
      for (const client of clients) leave(client);
      await device.clock.advance(60 * second);
      for (const address of [phone, laptop]) {
        const sum = records(address).reduce((total, { stats }) => total + stats.txBytes, 0);
        assert.equal(sum, counted.get(address), `seed ${seed}`);
        const connects = records(address).reduce((total, { connectCount }) => total + connectCount, 0);
        const disconnects = records(address).reduce((total, { disconnectCount }) => total + disconnectCount, 0);
        assert.equal(connects, disconnects);
      }
      await device.stop();
    }
    await start();
  });

  it("of more clients than a row keeps tell of as many, and count the others", async () => {
    await start();
    const events = new Emitter<WirelessStateEvents>();
    const [phy = assert.fail()] = radiosUp().phys.filter(({ name }) => name === "wifi1");
    const state = { phys: new Map([["wifi1", phy]]), vifs: new Map(), stations: new Map(), events } as never;
    let dropped = 0;
    const collector = new ClientCollector("row", plan, {
      clock: device.clock,
      state,
      radios: new Radios(state),
      stats: { subscribe: () => () => {} } as never,
      dropped: (kind, count = 1) => {
        assert.equal(kind, "client records");
        dropped += count;
      },
    });
    for (let n = 0; n < statsLimits.clients + 10; n++) {
      const address = mac(
        `02:00:00:01:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`,
      );
      events.emit("station", { mac: address, vif: "home-ap-50", old: null, new: station({ mac: address }) });
      events.emit("station", { mac: address, vif: "home-ap-50", old: station({ mac: address }), new: null });
    }
    const [item] = collector.take({ now: device.clock.now(), wall: device.clock.wallTime() });
    assert.ok(item?.kind === "clients");
    assert.equal(item.message.clients.length, statsLimits.clients);
    assert.equal(dropped, 10);
    collector.stop();
    assert.equal(events.listenerCount("station"), 0);
  });

  it("count from the change on when their row changes", async () => {
    await start();
    const row: Uuid = await device.want(client50);
    device.join(phone);
    const grow = async (seconds: number) => {
      device.driver.count("home-ap-50", phone, { txBytes: 1_000 });
      await device.until(seconds);
    };
    for (let at = 10; at <= 100; at += 10) await grow(at + 0.5);
    await device.update("Wifi_Stats_Config", row, { reporting_interval: 30 });
    for (let at = 110; at <= 200; at += 10) await grow(at + 0.5);
    const sums = device
      .of("clients")
      .map(({ at, message }) => [Math.floor(at / second), message.clients[0]?.stats.txBytes]);
    assert.deepEqual(sums, [
      [60, 6_000],
      [120, 1_000],
      [150, 3_000],
      [180, 3_000],
    ]);
  });
});

const plan: StatsPlan = {
  statsType: "client",
  band: "5G",
  surveyType: null,
  sampling: 10_000,
  reporting: 60_000,
  limit: 0,
  dwell: 0,
  channels: [],
  threshold: null,
  reportType: "raw",
};

/** With its last counters, as drivers push them. */
function leave(client: { readonly address: Mac; vif: string | null }): void {
  const { address, vif } = client;
  if (vif === null) return;
  resetCounters(vif, address);
  device.driver.leave(vif, address);
  client.vif = null;
}

function resetCounters(vif: string, address: Mac): void {
  device.driver.pushCounters(vif, address);
  device.driver.counters.delete(`${vif} ${address}`);
}

/** The driver is asked before it can go over its end twice. */
function countTo32Bits(vif: string, address: Mac, bytes: number): void {
  const key = `${vif} ${address}`;
  device.driver.pushCounters(vif, address);
  device.driver.count(vif, address, { txBytes: bytes });
  const now = device.driver.counters.get(key);
  if (now) device.driver.counters.set(key, { ...now, txBytes: now.txBytes % 2 ** 32 });
}
