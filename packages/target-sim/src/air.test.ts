import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import type { StatisticsReport } from "@opensync-ts/target/driver";
import { FaultSwitch } from "./faults.ts";
import { interfaceMac } from "./identity.ts";
import { deviceModel } from "./models.ts";
import { SimRadioDriver } from "./radio-driver.ts";
import { regulationOf } from "./regulatory.ts";
import { bench, channel, homeNetwork, Observer, phone, wpa2 } from "./testing/observer.ts";

const phoneMac = mac(phone.mac);

function frameTo(address: string, length = 30): Uint8Array {
  const frame = new Uint8Array(length);
  for (const [index, octet] of address.split(":").entries()) frame[4 + index] = Number.parseInt(octet, 16);
  return frame;
}

async function joined(options: Parameters<typeof bench>[0] = {}) {
  const all = bench({ clients: [{ ...phone, traffic: "video" }], ...options });
  all.request("wifi0", [homeNetwork]);
  await all.clock.advance(1000);
  return all;
}

/** An extender beside the gateway of `all`, told to connect on its 2.4 GHz radio. */
async function extend(all: Awaited<ReturnType<typeof joined>>) {
  const { clock, world } = all;
  world.addSite("ext", { x: 5, y: 0 });
  const driver = new SimRadioDriver({
    world,
    clock,
    site: "ext",
    radios: deviceModel("extender").radios,
    macOf: (index) => interfaceMac("ext", index),
    regulation: regulationOf("US"),
    faults: new FaultSwitch({ random: new SeededRandom("ext"), clock }),
  });
  const observer = new Observer(driver);
  const network = {
    ssid: "home",
    bssid: null,
    psk: "correct-horse",
    wpa: wpa2,
    bridge: "",
    multiAp: true,
    priority: 0,
  };
  const sta = { operation: "connect" as const, networks: [network] };
  driver.requestConfig({ phys: [{ name: "wifi0", vifs: [{ name: "bhaul-sta-24", enabled: true, sta }] }] });
  await clock.advance(1000);
  return { driver, observer };
}

describe("the air around a device", () => {
  it("carries probe requests to every access point that hears them", async () => {
    const { observer } = await joined();
    assert.deepEqual(
      observer.log.filter((line) => line.startsWith("probeRequest")),
      [`probeRequest home-ap-24 ${phoneMac}`],
    );
  });

  it("carries frames to stations and to all, and no others", async () => {
    const { clock, driver, observer, world } = await joined();
    const received: number[] = [];
    world.events.on("frameToClient", ({ frame }) => received.push(frame.length));
    const send = (token: number, to: string, vif = "home-ap-24", length = 30) =>
      driver.transmitFrame({ phy: "wifi0", vif, frame: frameTo(to, length), token });
    send(1, phone.mac);
    send(2, "ff:ff:ff:ff:ff:ff");
    send(3, "02:00:00:00:00:99");
    send(4, phone.mac, "onboard-ap-24");
    send(5, phone.mac, "home-ap-24", 8);
    send(6, phone.mac, "no-such-vif");
    await clock.advance(0);
    assert.deepEqual(
      observer.log.filter((line) => line.startsWith("frameTransmitted")),
      [
        "frameTransmitted 1 submitted",
        "frameTransmitted 2 submitted",
        "frameTransmitted 3 failed",
        "frameTransmitted 4 failed",
        "frameTransmitted 5 failed",
        "frameTransmitted 6 failed",
      ],
    );
    assert.deepEqual(received, [30]);
    world.sendFromClient(phoneMac, frameTo(phone.mac));
    assert.equal(observer.log.at(-1), "frameReceived home-ap-24");
  });

  it("loses a station that is deleted, and takes it back", async () => {
    const { clock, driver, observer } = await joined();
    driver.requestStationDelete("wifi0", "home-ap-24", phoneMac);
    await clock.advance(1);
    assert.equal(observer.stations.size, 0);
    await clock.advance(1000);
    assert.equal(observer.stations.size, 1);
  });

  it("tells of a switch before it happens: stations stay, those of other devices hear of it", async () => {
    const all = await joined({ latency: { apply: 0, report: 0, channelSwitch: 1500 } });
    const { clock, observer, request } = all;
    const extender = await extend(all);
    assert.equal(observer.stations.size, 2);
    const since = observer.station("home-ap-24", phoneMac)?.connectedAt;
    request("wifi0", [{ name: "home-ap-24", ap: { channel: channel("2.4G", 1, 20), csaRequired: true } }]);
    await clock.advance(1499);
    assert.ok(observer.log.includes("channelSwitchStarted home-ap-24"));
    assert.equal(observer.ap("home-ap-24").channel?.control, 2437);
    await clock.advance(1);
    assert.equal(observer.ap("home-ap-24").channel?.control, 2412);
    assert.deepEqual(
      extender.observer.log.filter((line) => line.startsWith("channelSwitchHeard")),
      ["channelSwitchHeard bhaul-sta-24"],
    );
    assert.equal(observer.station("home-ap-24", phoneMac)?.connectedAt, since);
    const sta = extender.observer.vifs.get("bhaul-sta-24");
    assert.ok(sta?.type === "sta");
    assert.equal(sta.sta.link.channel?.control, 2412);
  });

  it("gives backhaul stations to the AP VLAN of their access point", async () => {
    const all = await joined({ radioOf: "wifi0", radio: { apVlans: { "home-ap-24.sta": { of: "home-ap-24" } } } });
    all.request("wifi0", [{ name: "home-ap-24.sta", enabled: true }]);
    await extend(all);
    const vlan = all.observer.vifs.get("home-ap-24.sta");
    assert.ok(vlan?.type === "ap_vlan");
    assert.deepEqual([vlan.status, vlan.stations.length], ["enabled", 1]);
    assert.notEqual(vlan.stations[0], phoneMac);
  });
});

describe("statistics", () => {
  async function ask(all: Awaited<ReturnType<typeof joined>>): Promise<StatisticsReport> {
    const reports: StatisticsReport[] = [];
    const { driver, clock, observer } = all;
    observer.onStatistics = (report) => reports.push(report);
    driver.requestStatistics({ phy: "wifi0", stations: true, survey: true });
    await clock.advance(0);
    assert.ok(reports[0]);
    return reports[0];
  }

  it("count what stations move, from their association on", async () => {
    const all = await joined();
    await all.clock.advance(60_000);
    const [first] = (await ask(all)).stations;
    await all.clock.advance(60_000);
    const [second] = (await ask(all)).stations;
    assert.ok(first && second);
    assert.ok(first.txBytes > first.rxBytes && first.txRate > 50 && first.snr > 20);
    assert.ok(second.txBytes > first.txBytes && second.txFrames > first.txFrames);
    all.driver.requestDeauth("wifi0", "home-ap-24", phoneMac, 1);
    await all.clock.advance(2000);
    const [anew] = (await ask(all)).stations;
    assert.ok(anew && anew.txBytes < first.txBytes);
  });

  it("count the time on the channel in use, and on others while they are scanned", async () => {
    const all = await joined();
    await all.clock.advance(9000);
    const { survey } = await ask(all);
    assert.equal(survey.length, 1);
    const [own] = survey;
    assert.ok(own && own.control === 2437 && own.active === 10_000);
    assert.ok(own.busy > 0 && own.busy >= own.tx && own.tx >= 90 && own.rx >= own.rxSelf);
    all.driver.requestScan("wifi0", "home-ap-24", { channels: [2412, 2462], dwell: 100, passive: true });
    await all.clock.advance(1000);
    assert.equal(all.observer.log.at(-1), "scanCompleted home-ap-24 done");
    const after = (await ask(all)).survey.map(({ control, active }) => [control, active]);
    assert.deepEqual(after, [
      [2412, 100],
      [2437, 10_800],
      [2462, 100],
    ]);
  });

  it("of a radio that there is not are empty", async () => {
    const all = await joined();
    const reports: StatisticsReport[] = [];
    all.observer.onStatistics = (report) => reports.push(report);
    all.driver.requestStatistics({ phy: "wifi9", stations: true, survey: true });
    await all.clock.advance(0);
    assert.deepEqual(reports, [{ phy: "wifi9", at: all.clock.now(), stations: [], survey: [] }]);
  });
});

describe("a scan", () => {
  it("is one at a time for each vif, and ends with its radio", async () => {
    const { clock, driver, observer, request } = await joined();
    const scan = { channels: [2412, 2462], dwell: 1000, passive: false };
    const outcomes = () => observer.log.filter((line) => line.startsWith("scanCompleted"));
    driver.requestScan("wifi0", "home-ap-24", scan);
    driver.requestScan("wifi0", "home-ap-24", scan);
    driver.requestScan("wifi0", "onboard-ap-24", scan);
    driver.requestScan("wifi0", "home-ap-24", { ...scan, channels: [] });
    await clock.advance(0);
    assert.deepEqual(outcomes(), [
      "scanCompleted home-ap-24 failed",
      "scanCompleted onboard-ap-24 failed",
      "scanCompleted home-ap-24 failed",
    ]);
    request("wifi0", [], { enabled: false });
    await clock.advance(5000);
    assert.equal(outcomes().at(-1), "scanCompleted home-ap-24 aborted");
    assert.equal(outcomes().length, 4);
  });
});
