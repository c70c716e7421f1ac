import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { readBeacon } from "@opensync-ts/target/beacon-channel";
import type { ScanResults, StationStatistics, StatisticsReport, StatisticsRequest } from "@opensync-ts/target/driver";
import { noiseFloor } from "@opensync-ts/world/spectrum";
import { type BenchOptions, bench, channel, homeNetwork, neighbour, phone, wpa2 } from "./testing/observer.ts";

const phoneMac = mac(phone.mac);

async function joined(options: BenchOptions = {}) {
  const all = bench({ clients: [{ ...phone, traffic: "video" }], interferers: [neighbour], ...options });
  const { clock, driver, observer } = all;
  const reports: StatisticsReport[] = [];
  const scans: ScanResults[] = [];
  observer.onStatistics = (report) => reports.push(report);
  observer.onScan = (results) => scans.push(results);
  all.request("wifi0", [homeNetwork]);
  await clock.advance(1000);
  const scan = async (channels: readonly number[] = [2412], dwell = 50, ms = channels.length * dwell) => {
    driver.requestScan("wifi0", "home-ap-24", { channels, dwell, passive: true });
    await clock.advance(ms);
    return scans.at(-1)?.bsses ?? [];
  };
  const ask = async (request: Partial<StatisticsRequest> = {}) => {
    driver.requestStatistics({ phy: "wifi0", stations: true, survey: true, ...request });
    await clock.advance(0);
    const report = reports.at(-1);
    assert.ok(report && !report.pushed);
    return report;
  };
  const outcomes = () => observer.log.filter((line) => line.startsWith("scanCompleted"));
  return { ...all, reports, scans, scan, ask, outcomes };
}

describe("a scan of a simulated radio", () => {
  it("hears a neighbour's network: where it is, how strong, and its beacon", async () => {
    const { scan, world, clock, scans } = await joined();
    const [bss, ...others] = await scan();
    assert.ok(bss?.ies && others.length === 0);
    const { ies, ssid, snr, ...rest } = bss;
    assert.deepEqual(rest, { bssid: neighbour.bssid, control: 2412, width: 20, center0: 2412, center1: 0 });
    assert.equal(Buffer.from(ssid ?? []).toString(), "Next Door");
    assert.equal(snr, Math.round((world.heardNetworks("gw", 2412)[0]?.rssi ?? 0) - noiseFloor));
    assert.equal(readBeacon(ies).channel?.control, 2412);
    const [{ at, vif } = {}] = scans;
    assert.deepEqual([at, vif], [clock.now(), "home-ap-24"]);
  });

  it("hears what is on the air at the time, on the channels it is told", async () => {
    const { scan, world } = await joined();
    assert.equal((await scan([2417, 2462])).length, 0);
    world.setOnAir("next door", false);
    assert.equal((await scan()).length, 0);
    world.setOnAir("next door", true);
    assert.equal((await scan([2462, 2412, 2412])).length, 1);
  });

  it("hears access points of other devices, also hidden ones, and never its own", async () => {
    const { scan, world } = await joined({ interferers: [] });
    world.addSite("ext", { x: 6, y: 0 });
    world.putBss({
      bssid: mac("02:00:00:00:0f:00"),
      site: "ext",
      name: "home-ap-24",
      ssid: "home",
      hidden: true,
      channel: { band: "2.4G", control: 2437, segments: [2437] },
      power: 20,
      generation: "ax",
      streams: 2,
      security: { akms: ["psk"], pairwise: ["ccmp"], pmf: "disabled" },
      keys: [],
      acl: { policy: "none", macs: [] },
    });
    const heard = await scan([2437]);
    assert.deepEqual(
      heard.map(({ bssid, ssid }) => [bssid, ssid?.length]),
      [["02:00:00:00:0f:00", 0]],
    );
  });

  it("takes its time from the channel in use, gives it to those scanned, and tells their use at its end", async () => {
    const { scan, ask, reports, clock } = await joined();
    await clock.advance(4000);
    const before = (await ask()).survey;
    assert.deepEqual(
      before.map(({ control, since, active }) => [control, since, active]),
      [[2437, 0, 5000]],
    );
    await scan([2412, 2462], 100);
    const pushed = reports.at(-1);
    assert.deepEqual(
      [pushed?.pushed, pushed?.stations, pushed?.survey.map(({ control, since, active }) => [control, since, active])],
      [
        true,
        [],
        [
          [2412, 5000, 100],
          [2462, 5100, 100],
        ],
      ],
    );
    const [used, quiet] = pushed?.survey ?? [];
    // A tenth of the time the neighbour sends; this radio sends nothing there.
    assert.deepEqual([used?.busy, used?.rx, used?.tx, quiet?.busy], [10, 10, 0, 0]);
    await clock.advance(800);
    assert.equal((await ask()).survey.find(({ control }) => control === 2437)?.active, 5800);
  });

  it("counts a channel half-way through its dwell, and none of it twice", async () => {
    const { scan, ask } = await joined();
    await scan([2412, 2462], 1000, 1400);
    const survey = (await ask()).survey.map(({ control, active }) => [control, active]);
    assert.deepEqual(survey, [
      [2412, 1000],
      [2437, 1000],
      [2462, 400],
    ]);
  });

  it("is broken off when the channel in use changes, for whatever reason, and when its vif goes", async () => {
    const { scan, request, outcomes, clock } = await joined();
    await scan([2412], 1000, 100);
    request("wifi0", [{ name: "home-ap-24", ap: { channel: channel("2.4G", 1, 20), csaRequired: true } }]);
    await clock.advance(0);
    assert.deepEqual(outcomes(), ["scanCompleted home-ap-24 aborted"]);
    await scan([2437], 1000, 100);
    request("wifi0", [{ name: "home-ap-24", enabled: false }]);
    await clock.advance(5000);
    assert.deepEqual(outcomes(), ["scanCompleted home-ap-24 aborted", "scanCompleted home-ap-24 aborted"]);
  });

  it("is broken off by radar on the channel in use, and by a restart of the driver", async () => {
    const { clock, driver, request, outcomes } = await joined();
    request("wifi1", [
      { ...homeNetwork, name: "home-ap-50", ap: { ...homeNetwork.ap, channel: channel("5G", 52, 80) } },
    ]);
    await clock.advance(1000);
    const scan = { channels: [5180], dwell: 1000, passive: true };
    driver.requestScan("wifi1", "home-ap-50", scan);
    await clock.advance(0);
    assert.deepEqual(outcomes(), ["scanCompleted home-ap-50 failed"], "the availability check is not interrupted");
    await clock.advance(60_000);
    driver.requestScan("wifi1", "home-ap-50", scan);
    await clock.advance(100);
    driver.radar("wifi1", 5280);
    await clock.advance(0);
    assert.equal(outcomes().at(-1), "scanCompleted home-ap-50 aborted");
    driver.requestScan("wifi1", "home-ap-50", { ...scan, channels: [5745] });
    await clock.advance(100);
    driver.restart("kept", 1000);
    assert.deepEqual(outcomes().slice(2), ["scanCompleted home-ap-50 aborted"]);
    driver.requestScan("wifi1", "home-ap-50", scan);
    await clock.advance(5000);
    assert.deepEqual(outcomes().slice(3), ["scanCompleted home-ap-50 failed"]);
  });

  it("is not needed for the networks on the channel in use", async () => {
    const { ask, request, clock, scan } = await joined({ interferers: [{ ...neighbour, segments: [2437] }] });
    assert.deepEqual(
      (await ask({ bsses: true })).bsses?.map(({ bssid }) => bssid),
      [neighbour.bssid],
    );
    await scan([2412], 1000, 100);
    assert.deepEqual((await ask({ bsses: true })).bsses, [], "the radio is elsewhere");
    request("wifi0", [{ name: "home-ap-24", enabled: false }]);
    await clock.advance(0);
    assert.deepEqual((await ask({ bsses: true })).bsses, []);
  });
});

describe("counters of simulated stations", () => {
  const counters = [
    "txBytes",
    "rxBytes",
    "txFrames",
    "rxFrames",
    "txRetries",
    "txErrors",
    "rxRetries",
    "rxErrors",
  ] as const;

  it("are pushed when a station leaves, exactly as much as it has moved", async () => {
    const all = bench({ clients: [{ ...phone, traffic: "video" }] });
    const { clock, world, observer, request } = all;
    const moved = () => world.client(phoneMac)?.traffic.delivered ?? { down: 0, up: 0 };
    let start = moved();
    let since = 0;
    world.events.on("associated", () => {
      start = moved();
      since = clock.now();
    });
    const reports: StatisticsReport[] = [];
    observer.onStatistics = (report) => reports.push(report);
    request("wifi0", [homeNetwork]);
    const leaves = [
      () => world.deauthenticate(world.client(phoneMac)?.association?.bssid ?? phoneMac, phoneMac),
      () => request("wifi0", [{ name: "home-ap-24", enabled: false }]),
      () => world.moveClient(phoneMac, { x: 4000, y: 0 }),
    ];
    for (const leave of leaves) {
      request("wifi0", [{ name: "home-ap-24", enabled: true }]);
      await clock.advance(12_345);
      reports.length = 0;
      leave();
      await clock.advance(0);
      const [report, ...others] = reports;
      const [station] = report?.stations ?? [];
      assert.ok(station && report?.pushed && others.length === 0);
      const { down, up } = moved();
      assert.deepEqual(
        [station.vif, station.since, station.txBytes, station.rxBytes],
        ["home-ap-24", since, Math.round(down - start.down), Math.round(up - start.up)],
      );
      assert.ok(station.txBytes > 1_000_000 && station.snr > 20);
    }
  });

  it("never fall, though the signal comes and goes", async () => {
    const { clock, world, ask } = await joined();
    let before: StationStatistics | undefined;
    let weakest = 100;
    for (let i = 0; i < 60; i++) {
      world.moveClient(phoneMac, { x: i % 2 === 0 ? 2 : 14, y: 0 });
      await clock.advance(1000);
      const [now] = (await ask()).stations;
      assert.ok(now);
      if (before?.since === now.since) {
        for (const name of counters) assert.ok(now[name] >= (before?.[name] ?? 0), name);
      }
      weakest = Math.min(weakest, now.snr);
      before = now;
    }
    assert.ok(before && before.txRetries > 0 && before.rxRetries > 0 && before.txRetries < before.txFrames);
    assert.ok(weakest < 50);
  });
});

describe("a refused station", () => {
  const refusals = (log: readonly string[]) => log.filter((line) => line.startsWith("authFailed"));

  it("with a wrong key is told as such", async () => {
    const { clock, world, observer } = await joined();
    world.teachClient(phoneMac, [{ ssid: "home", psk: "wrong-horse" }]);
    world.deauthenticate(world.client(phoneMac)?.association?.bssid ?? phoneMac, phoneMac);
    await clock.advance(10_000);
    assert.ok(refusals(observer.log).length > 1);
    assert.deepEqual([...new Set(refusals(observer.log))], [`authFailed home-ap-24 ${phoneMac} wrong key`]);
  });

  it("for another reason is told, and not those whom the access point cannot hear", async () => {
    const { clock, driver, observer, request } = await joined();
    request("wifi0", [{ name: "home-ap-24", ap: { aclPolicy: "deny", acl: [phoneMac] } }]);
    driver.requestDeauth("wifi0", "home-ap-24", phoneMac, 1);
    await clock.advance(5000);
    assert.deepEqual([...new Set(refusals(observer.log))], [`authFailed home-ap-24 ${phoneMac}`]);
    // It hears the access point, which is loud, and is not heard.
    const whisper = { ...phone, mac: "02:00:00:00:00:02", place: { x: 3, y: 1 }, power: -60 };
    const quiet = await joined({ clients: [whisper] });
    await quiet.clock.advance(5000);
    assert.ok(quiet.observer.log.some((line) => line.startsWith("probeRequest")) === false);
    assert.deepEqual(refusals(quiet.observer.log), []);
  });
});

describe("the temperature of a simulated radio", () => {
  it("rises while it works, is the same on each run, and is that of its surroundings when it is off", async () => {
    const measured = async () => {
      const { clock, ask, request } = await joined({ clients: [{ ...phone, traffic: "bulk" }] });
      const values: number[] = [];
      const look = async () => values.push((await ask({ temperature: true })).temperature ?? Number.NaN);
      await look();
      for (let i = 0; i < 10; i++) {
        await clock.advance(60_000);
        await look();
      }
      request("wifi0", [], { enabled: false });
      await clock.advance(0);
      await look();
      await clock.advance(3_600_000);
      await look();
      return values;
    };
    const values = await measured();
    const [cold = 0, , , , , warm = 0] = values;
    assert.ok(cold >= 38 && cold < 40 && warm > 44 && warm < 90, values.join());
    assert.equal(values.at(-1), 38);
    assert.deepEqual(await measured(), values);
    assert.deepEqual((await (await joined()).ask()).temperature, undefined);
  });
});

describe("WPA2 of a simulated network", () => {
  it("is what its beacon says", async () => {
    const { world, clock, driver, request } = bench();
    request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, wpa: wpa2 } }]);
    await clock.advance(0);
    world.addSite("next", { x: 5, y: 0 });
    const [network] = world.heardNetworks("next", 2437);
    assert.equal(network?.ssid, "home");
    assert.deepEqual(network?.security, { akms: ["psk"], pairwise: ["ccmp"], pmf: "disabled" });
    driver.close();
  });
});
