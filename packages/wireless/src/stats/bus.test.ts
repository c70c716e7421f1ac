import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Mac } from "@opensync-ts/base/units";
import { limits } from "../limits.ts";
import { macNumber } from "../testing/fixtures.ts";
import { idleStation, phone, quietChannel, statsRig } from "../testing/stats-rig.ts";
import type { StatsRecord } from "./contract.ts";
import { encodeSamples } from "./sample-codec.ts";
import { TlvWriter, tlvTypes } from "./tlv.ts";

type Reports = readonly { readonly at: number; readonly records: readonly StatsRecord[] }[];

/** `tx_bytes` of every report about a station. */
function bytes(reports: Reports): (number | undefined)[] {
  return reports.flatMap(({ records }) =>
    records.map((each) => (each.stats === "STA" ? each.data.tx_bytes : undefined)),
  );
}

function sum(reports: Reports): number {
  return bytes(reports).reduce<number>((total, each) => total + (each ?? 0), 0);
}

/** A driver whose station has moved so many bytes by then. */
function moving(bytesPerSecond: number, since = 0) {
  return (now: number) => ({ stations: [{ ...idleStation, txBytes: (bytesPerSecond * (now - since)) / 1_000 }] });
}

describe("polls of the statistics bus", () => {
  it("come at multiples of their period, never at once, and ask for what subscribers want", async () => {
    const rig = statsRig();
    await rig.clock.advance(1_200);
    rig.collect({ stats: ["STA"], pollPeriod: 2_000 });
    await rig.clock.advance(3_000);
    assert.deepEqual(rig.requests, ["2 wifi0 STA", "4 wifi0 STA"]);
  });

  it("are shared by those that are due at one time, and only by those", async () => {
    const rig = statsRig({ phys: ["wifi0", "wifi1"] });
    rig.collect({ stats: ["CHAN"], pollPeriod: 6_000 });
    rig.collect({ stats: ["STA"], pollPeriod: 4_000 });
    rig.collect({ stats: ["STA"], pollPeriod: 4_000 });
    await rig.clock.advance(12_000);
    assert.deepEqual(rig.requests, [
      "4 wifi0 STA",
      "4 wifi1 STA",
      "6 wifi0 CHAN",
      "6 wifi1 CHAN",
      "8 wifi0 STA",
      "8 wifi1 STA",
      "12 wifi0 STA CHAN",
      "12 wifi1 STA CHAN",
    ]);
  });

  it("are none where nobody polls", async () => {
    const rig = statsRig();
    rig.collect({ stats: ["STA"] });
    await rig.clock.advance(10_000);
    assert.deepEqual(rig.requests, []);
  });

  it("ask for temperatures, and for BSSs that are heard without a scan", async () => {
    const rig = statsRig();
    rig.answer = () => ({ temperature: 55.5, bsses: [{ bssid: macNumber(9), snr: 12, control: 2412 }] });
    const radios = rig.collect({ stats: ["PHY"], pollPeriod: 1_000 });
    const heard = rig.collect({ stats: ["BSS_SCAN"], pollPeriod: 2_000, reportPeriod: 2_000 });
    await rig.clock.advance(2_500);
    assert.deepEqual(rig.requests, ["1 wifi0 PHY", "2 wifi0 PHY BSS_SCAN"]);
    assert.deepEqual(
      radios.map(({ records }) => records.map(({ data }) => data)),
      [[{ phy_name: "wifi0", temperature_celsius: 55.5 }], [{ phy_name: "wifi0", temperature_celsius: 55.5 }]],
    );
    assert.equal(heard[0]?.records.length, 1);
  });

  it("are not answered by what nobody asked for, nor by the results of a scan", async () => {
    const rig = statsRig();
    rig.latency = 500;
    rig.associate();
    rig.answer = () => ({ stations: [{ ...idleStation, txBytes: 70 }] });
    const reports = rig.collect({ pollPeriod: 1_000, reportPeriod: 1_000, stats: ["STA", "BSS_SCAN"] });
    await rig.clock.advance(1_100);
    rig.push({ stations: [{ ...idleStation, txBytes: 5 }], pushed: true });
    rig.scanned([{ bssid: macNumber(9), snr: 12 }]);
    await rig.clock.advance(399);
    assert.equal(reports.length, 0);
    await rig.clock.advance(2);
    assert.deepEqual([reports[0]?.at, sum(reports)], [1.5, 5]);
  });

  it("end with their subscriber", async () => {
    const rig = statsRig();
    const stop = rig.bus.subscribe({
      name: "one",
      stats: ["STA"],
      pollPeriod: 1_000,
      reportPeriod: 1_000,
      report() {},
    });
    await rig.clock.advance(1_500);
    stop();
    stop();
    await rig.clock.advance(5_000);
    assert.equal(rig.requests.length, 1);
  });
});

describe("reports of the statistics bus", () => {
  it("that are due with a poll come after its answers, of all radios, and contain them", async () => {
    const rig = statsRig({ phys: ["wifi0", "wifi1"] });
    rig.latency = 70;
    rig.answer = ({ phy }) => (phy === "wifi0" ? moving(8_000)(rig.clock.now()) : {});
    rig.associate();
    const reports = rig.collect({ pollPeriod: 1_000, reportPeriod: 1_000 });
    await rig.clock.advance(3_500);
    assert.deepEqual(
      reports.map(({ at }) => at),
      [1.07, 2.07, 3.07],
    );
    assert.deepEqual(bytes(reports), [8_000, 8_000, 8_000]);
  });

  it("do not wait for a driver that does not answer, or has nothing", async () => {
    const rig = statsRig();
    rig.answer = null;
    const silent = rig.collect({ pollPeriod: 5_000, reportPeriod: 5_000 });
    await rig.clock.advance(5_000);
    rig.push({ stations: [idleStation] }, 4_999);
    await rig.clock.advance(2_000);
    assert.deepEqual(
      silent.map(({ at }) => at),
      [6],
    );
    rig.offered = false;
    await rig.clock.advance(2_500);
    rig.push({ stations: [idleStation] });
    await rig.clock.advance(1_500);
    assert.deepEqual(
      silent.map(({ at }) => at),
      [6, 10],
    );
  });

  it("come without the answers when the next one is due, and it is said", async () => {
    const rig = statsRig();
    rig.latency = 300;
    rig.answer = () => moving(1_000)(rig.clock.now());
    rig.associate();
    const reports = rig.collect({ pollPeriod: 200, reportPeriod: 200 });
    await rig.clock.advance(2_000);
    assert.ok(reports.length > 5);
    assert.match(
      rig.log().join("\n"),
      /WARNING osw: stats: 1 reports to test sent without answers: drivers take longer than its period/,
    );
    assert.equal(sum(reports), 1_600);
  });

  it("add up counters over several polls, with the latest of everything else", async () => {
    const rig = statsRig();
    rig.associate();
    rig.answer = () => {
      const now = rig.clock.now();
      return { stations: [{ ...idleStation, txBytes: now, snr: now / 1_000 }] };
    };
    rig.collect({ pollPeriod: 1_000 });
    const slow = rig.collect({ reportPeriod: 5_000 });
    await rig.clock.advance(10_500);
    const data = slow.flatMap(({ records }) => records.map(({ data }) => data)) as {
      tx_bytes?: number;
      snr_db?: number;
    }[];
    assert.deepEqual(
      data.map((each) => [each.tx_bytes, each.snr_db]),
      [
        [5_000, 5],
        [5_000, 10],
      ],
    );
  });

  it("say what the object is, by name and address, and what the driver counts", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    rig.push({ stations: [{ ...idleStation, txBytes: 7 }] });
    await rig.clock.advance(1_000);
    rig.push({ stations: [{ ...idleStation, txBytes: 9 }] });
    await rig.clock.advance(1_500);
    const record = reports[1]?.records[0];
    assert.ok(record?.stats === "STA");
    assert.equal(record.at, 1_000);
    assert.deepEqual(record.data, {
      phy_name: "wifi0",
      vif_name: "home-ap-24",
      mac_address: phone,
      vif_address: "02:00:00:00:01:01",
      snr_db: 40,
      tx_bytes: 2,
      tx_frames: 0,
      tx_retries: 0,
      tx_errors: 0,
      tx_rate_mbps: 100,
      rx_bytes: 0,
      rx_frames: 0,
      rx_retries: 0,
      rx_errors: 0,
      rx_rate_mbps: 50,
    });
    assert.equal(record.last.tx_bytes, 9);
  });

  it("are left out when there is nothing to say, and do not repeat what is old", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    rig.push({ stations: [idleStation] });
    await rig.clock.advance(10_500);
    assert.equal(reports.length, 1);
    rig.bus.publish(
      encodeSamples([
        { stats: "STA", values: { phy_name: "wifi0", vif_name: "home-ap-24", mac_address: phone, tx_bytes: 5 } },
      ]),
    );
    await rig.clock.advance(1_000);
    const record = reports[1]?.records[0];
    assert.ok(record?.stats === "STA");
    assert.deepEqual([record.data.tx_bytes, record.data.snr_db, record.last.snr_db], [5, undefined, 40]);
  });

  it("may be months apart", async () => {
    const rig = statsRig();
    const month = 30 * 24 * 3_600_000;
    const longest: number[] = [];
    const setTimer = rig.clock.setTimer.bind(rig.clock);
    rig.clock.setTimer = (delay, callback) => {
      longest.push(delay);
      return setTimer(delay, callback);
    };
    rig.associate();
    const reports = rig.collect({ reportPeriod: month });
    rig.push({ stations: [{ ...idleStation, txBytes: 7 }] });
    await rig.clock.advance(month);
    assert.deepEqual(bytes(reports), [7]);
    assert.ok(Math.max(...longest) < 2 ** 31);
  });

  it("come on a turn of their own, never from within what a publisher or another subscriber does", async () => {
    const rig = statsRig();
    let inside = false;
    let nested = false;
    for (const name of ["one", "two"]) {
      rig.bus.subscribe({
        name,
        stats: ["STA"],
        reportPeriod: 100,
        report: () => {
          nested ||= inside;
          inside = true;
          rig.push({ stations: [idleStation] });
          inside = false;
        },
      });
    }
    inside = true;
    rig.push({ stations: [idleStation] });
    inside = false;
    await rig.clock.advance(1_000);
    assert.equal(nested, false);
    assert.ok(rig.bus.counters.samples > 5);
  });

  it("are put off for a subscriber that does not take them: it loses no byte, and nobody else waits", async () => {
    const rig = statsRig();
    rig.associate();
    rig.answer = () => moving(1_000)(rig.clock.now());
    let release = () => {};
    const taken: StatsRecord[] = [];
    rig.bus.subscribe({
      name: "slow",
      stats: ["STA"],
      pollPeriod: 1_000,
      reportPeriod: 1_000,
      report: async (records) => {
        taken.push(...records);
        if (taken.length === 1) await new Promise<void>((resolve) => (release = resolve));
      },
    });
    const quick = rig.collect({ reportPeriod: 1_000 });
    await rig.clock.advance(20_500);
    assert.equal(taken.length, 1);
    assert.equal(rig.bus.counters.putOff, 20 - 1 - limits.statsReports);
    assert.equal(rig.log().filter((line) => line.includes("reports to slow put off")).length, 1);
    assert.equal(quick.length, 20);
    release();
    await rig.clock.advance(1_000);
    assert.equal(sum([{ at: 0, records: taken }]), 21_000);
  });

  it("fail alone", async () => {
    const rig = statsRig();
    rig.bus.subscribe({
      name: "bad",
      stats: ["STA"],
      reportPeriod: 1_000,
      report: () => {
        throw new Error("no more paper");
      },
    });
    const good = rig.collect({});
    rig.push({ stations: [idleStation] });
    await rig.clock.advance(1_500);
    rig.push({ stations: [idleStation] });
    await rig.clock.advance(1_500);
    assert.equal(good.length, 2);
    assert.equal(rig.bus.counters.failed, 2);
    assert.match(rig.log().join("\n"), /ERR osw: stats: bad: a report failed in its subscriber: no more paper/);
  });
});

describe("counters of stations", () => {
  it("of an association that is older than the subscriber count from its first sample on", async () => {
    const rig = statsRig();
    rig.associate("home-ap-24", phone, -60_000);
    rig.answer = () => moving(1_000, -60_000)(rig.clock.now());
    const first = rig.collect({ pollPeriod: 1_000 });
    await rig.clock.advance(3_500);
    const second = rig.collect({ pollPeriod: 1_000 });
    await rig.clock.advance(2_000);
    assert.deepEqual(bytes(first), [0, 1_000, 1_000, 1_000, 1_000]);
    assert.deepEqual(bytes(second), [1_000, 1_000]);
  });

  it("begin anew with an association, whatever the next sample shows", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    const at = async (txBytes: number) => {
      rig.push({ stations: [{ ...idleStation, txBytes }] });
      await rig.clock.advance(1_000);
    };
    await at(500);
    rig.disassociate();
    rig.associate();
    await at(800);
    await at(900);
    await rig.clock.advance(1_000);
    assert.deepEqual(bytes(reports), [500, 800, 100]);
  });

  it("count once when a sample of the association is quicker than its announcement", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    rig.push({ stations: [{ ...idleStation, txBytes: 500 }] });
    await rig.clock.advance(1_000);
    rig.push({ stations: [{ ...idleStation, txBytes: 100 }] });
    await rig.clock.advance(50);
    rig.disassociate();
    rig.associate("home-ap-24", phone, 1_000);
    rig.push({ stations: [{ ...idleStation, txBytes: 150 }] });
    await rig.clock.advance(1_500);
    assert.equal(sum(reports), 500 + 150);
  });

  it("of a station that has gone are completed by what was still on its way", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    rig.push({ stations: [{ ...idleStation, txBytes: 500 }] });
    await rig.clock.advance(400);
    rig.disassociate();
    rig.push({ stations: [{ ...idleStation, txBytes: 600 }] }, 399);
    await rig.clock.advance(1_000);
    rig.associate();
    rig.push({ stations: [{ ...idleStation, txBytes: 700 }] }, 1_401);
    await rig.clock.advance(1_000);
    assert.equal(sum(reports), 600 + 700);
  });

  it("are those of each link, so that a roam counts nothing twice", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    rig.push({ stations: [{ ...idleStation, txBytes: 500 }] });
    await rig.clock.advance(1_000);
    rig.disassociate();
    rig.associate("guest-ap-24");
    rig.push({ stations: [{ ...idleStation, vif: "guest-ap-24", txBytes: 30 }] });
    await rig.clock.advance(1_000);
    rig.disassociate("guest-ap-24");
    rig.associate();
    rig.push({ stations: [{ ...idleStation, txBytes: 510 }] });
    await rig.clock.advance(1_500);
    assert.equal(sum(reports), 500 + 30 + 510);
  });

  it("that fall have begun anew, all of one station and of no other, and it is said", async () => {
    const rig = statsRig();
    const other = macNumber(2);
    rig.associate();
    rig.associate("home-ap-24", other);
    const reports = rig.collect({});
    const push = (txBytes: number, rxBytes: number, ofOther: number) =>
      rig.push({
        stations: [
          { ...idleStation, txBytes, rxBytes },
          { ...idleStation, station: other, txBytes: ofOther },
        ],
      });
    push(500, 10, 1_000);
    await rig.clock.advance(1_000);
    push(20, 11, 1_001);
    await rig.clock.advance(1_500);
    const data = reports[1]?.records.map((each) =>
      each.stats === "STA" ? [each.data.tx_bytes, each.data.rx_bytes] : [],
    );
    assert.deepEqual(data, [
      [20, 11],
      [1, 0],
    ]);
    assert.match(rig.log().join("\n"), /INFO osw: stats: counters begin anew: wifi0 home-ap-24 0a:00:00:00:00:01$/m);
  });

  it("go over the end of 32 bits, and beyond it where drivers count further", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    for (const txBytes of [2 ** 32 - 10, 6, 2 ** 33]) {
      rig.push({ stations: [{ ...idleStation, txBytes }] });
      await rig.clock.advance(1_000);
    }
    await rig.clock.advance(500);
    assert.deepEqual(bytes(reports), [2 ** 32 - 10, 16, 2 ** 33 - 6]);
  });

  it("that a driver corrects downwards add nothing, and restart nothing else", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    for (const [txBytes, txRetries] of [
      [100, 10],
      [200, 8],
      [300, 12],
    ] as const) {
      rig.push({ stations: [{ ...idleStation, txBytes, txRetries }] });
      await rig.clock.advance(1_000);
    }
    await rig.clock.advance(500);
    const retries = reports.flatMap(({ records }) =>
      records.map((each) => each.stats === "STA" && each.data.tx_retries),
    );
    assert.deepEqual(
      [bytes(reports), retries],
      [
        [100, 100, 100],
        [10, undefined, 2],
      ],
    );
  });

  it("reported twice or out of order count once", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    await rig.clock.advance(500);
    rig.push({ stations: [{ ...idleStation, txBytes: 50 }] });
    rig.push({ stations: [{ ...idleStation, txBytes: 50 }] });
    rig.push({ stations: [{ ...idleStation, txBytes: 40 }] }, 400);
    await rig.clock.advance(1_000);
    assert.deepEqual(bytes(reports), [50]);
    assert.equal(rig.bus.counters.stale, 1);
  });

  it("are remembered while the station is there, and forgotten when it has gone and all have reported", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({ reportPeriod: 1_000 });
    rig.push({ stations: [{ ...idleStation, txBytes: 100 }] });
    await rig.clock.advance(limits.statsForget * 2);
    rig.push({ stations: [{ ...idleStation, txBytes: 150 }] });
    await rig.clock.advance(1_500);
    assert.deepEqual(bytes(reports), [100, 50]);
    rig.disassociate();
    await rig.clock.advance(limits.statsForget * 2);
    rig.associate();
    rig.push({ stations: [{ ...idleStation, txBytes: 1_000 }] });
    await rig.clock.advance(1_500);
    assert.deepEqual(bytes(reports), [100, 50, 1_000]);
  });
});

describe("surveys", () => {
  const survey = (active: number, busy: number) => ({
    survey: [{ ...quietChannel, active, busy, tx: busy, rx: 0, rxSelf: 0 }],
  });
  const record = (reports: Reports, index: number) => {
    const found = reports[index]?.records[0];
    assert.ok(found?.stats === "CHAN");
    return found.data;
  };

  it("need two samples for times, and give whole percents of them", async () => {
    const rig = statsRig();
    const reports = rig.collect({ stats: ["CHAN"] });
    rig.push(survey(10_000, 9_000));
    await rig.clock.advance(1_000);
    rig.push(survey(11_000, 9_509));
    await rig.clock.advance(1_500);
    assert.deepEqual(record(reports, 0), { phy_name: "wifi0", freq_mhz: 2412, noise_floor_dbm: -95 });
    assert.deepEqual(record(reports, 1), {
      phy_name: "wifi0",
      freq_mhz: 2412,
      noise_floor_dbm: -95,
      active_msec: 1_000,
      cnt_msec: { tx: 509, rx: 0, rx_inbss: 0, busy: 509 },
      cnt_percent: { tx: 50, rx: 0, rx_inbss: 0, busy: 50 },
    });
  });

  it("go on from zero when the radio has begun anew", async () => {
    const rig = statsRig();
    const reports = rig.collect({ stats: ["CHAN"] });
    for (const [active, busy] of [
      [10_000, 100],
      [400, 200],
    ] as const) {
      rig.push(survey(active, busy));
      await rig.clock.advance(1_000);
    }
    await rig.clock.advance(500);
    assert.deepEqual([record(reports, 1).active_msec, record(reports, 1).cnt_percent?.busy], [400, 50]);
  });

  it("keep the percents of a driver that has its own", async () => {
    const rig = statsRig();
    const reports = rig.collect({ stats: ["CHAN"] });
    rig.bus.publish(
      encodeSamples([
        { stats: "CHAN", values: { phy_name: "wifi0", freq_mhz: 2437, cnt_percent: { tx: 10, busy: 60 } } },
      ]),
    );
    await rig.clock.advance(1_500);
    assert.deepEqual(record(reports, 0).cnt_percent, { tx: 10, busy: 60 });
  });
});

describe("surveys of drivers that say since when they count", () => {
  const at = (control: number, since: number, active: number) => ({
    survey: [{ ...quietChannel, control, since, active }],
  });
  const active = (reports: Reports) =>
    reports.map(({ records }) => records.map((each) => (each.stats === "CHAN" ? each.data.active_msec : undefined)));

  it("count from the first sample on, as far as it is of the subscriber's time", async () => {
    const rig = statsRig();
    await rig.clock.advance(500);
    const reports = rig.collect({ stats: ["CHAN"] });
    await rig.clock.advance(300);
    rig.push(at(2412, 700, 100));
    rig.push(at(2437, 400, 400));
    await rig.clock.advance(1_000);
    rig.push(at(2412, 700, 150));
    rig.push(at(2437, 400, 1_400));
    await rig.clock.advance(1_000);
    assert.deepEqual(active(reports), [
      [100, 0],
      [50, 1_000],
    ]);
  });

  it("begin anew when they say so, however much they have counted since", async () => {
    const rig = statsRig();
    const reports = rig.collect({ stats: ["CHAN"] });
    rig.push(at(2412, 0, 0));
    await rig.clock.advance(1_000);
    rig.push(at(2412, 0, 900));
    await rig.clock.advance(1_500);
    rig.push(at(2412, 1_100, 1_400));
    await rig.clock.advance(1_000);
    assert.deepEqual(active(reports), [[0], [900], [1_400]]);
  });

  it("go on through a change of channel; of others, the next sample is only compared with", async () => {
    const rig = statsRig({ phys: ["wifi0"] });
    const reports = rig.collect({ stats: ["CHAN"] });
    const both = (known: number, other: number) => {
      rig.push(at(2412, 0, known));
      rig.push({ survey: [{ ...quietChannel, control: 2437, active: other }] });
    };
    both(0, 0);
    both(100, 100);
    await rig.clock.advance(1_000);
    rig.move({ control: 2462, width: 20, center0: 2462, center1: 0, puncture: 0 });
    both(200, 200);
    await rig.clock.advance(1_000);
    both(300, 300);
    await rig.clock.advance(1_500);
    assert.deepEqual(active(reports), [
      [100, 100],
      [100, undefined],
      [100, 100],
    ]);
  });
});

describe("BSSs that were heard", () => {
  const heard = (reports: Reports) =>
    reports.flatMap(({ records }) => records.flatMap((each) => (each.stats === "BSS_SCAN" ? [each.data] : [])));
  const ies = Uint8Array.of(0, 4, 104, 111, 109, 101, 3, 1, 6, 61, 2, 6, 1);

  it("are reported once for each scan that heard them, with the latest of it", async () => {
    const rig = statsRig();
    const reports = rig.collect({ stats: ["BSS_SCAN"] });
    rig.scanned([{ bssid: macNumber(9), snr: 20, control: 2412, width: 20, center0: 2412, center1: 0 }]);
    await rig.clock.advance(1_500);
    rig.scanned([{ bssid: macNumber(9), snr: 22.6, control: 2412, width: "80p80" }]);
    await rig.clock.advance(2_500);
    const common = { phy_name: "wifi0", mac_address: macNumber(9), freq_mhz: 2412 };
    assert.deepEqual(heard(reports), [
      { ...common, snr_db: 20, width_mhz: 20, center_freq0_mhz: 2412 },
      { ...common, snr_db: 23, width_mhz: 8080 },
    ]);
  });

  it("get from their elements what the driver left out, and nothing else", async () => {
    const rig = statsRig();
    const reports = rig.collect({ stats: ["BSS_SCAN"] });
    const ssid = Uint8Array.of(1, 2);
    rig.scanned([
      { bssid: macNumber(1), snr: 20, ies },
      { bssid: macNumber(2), snr: 20, ies, ssid, width: 20 },
      { bssid: macNumber(3), snr: 20, ies: Uint8Array.of(0, 200, 1) },
    ]);
    await rig.clock.advance(1_500);
    const [all, some, nothing] = heard(reports);
    const { ssid: name, freq_mhz, width_mhz, center_freq0_mhz, center_freq1_mhz } = all ?? {};
    assert.deepEqual(
      [Buffer.from(name ?? []).toString(), freq_mhz, width_mhz, center_freq0_mhz, center_freq1_mhz],
      ["home", 2437, 40, 2447, undefined],
    );
    assert.deepEqual([some?.ssid, some?.width_mhz, some?.freq_mhz], [ssid, 20, 2437]);
    assert.deepEqual(Object.keys(nothing ?? {}).sort(), ["ies", "mac_address", "phy_name", "snr_db"]);
  });

  it("that no frame can have are cut to what is possible, and counted", async () => {
    const rig = statsRig();
    const reports = rig.collect({ stats: ["BSS_SCAN"] });
    rig.scanned([
      { bssid: macNumber(1), snr: Number.NaN, ssid: new Uint8Array(33), ies: new Uint8Array(limits.statsIes + 1) },
      { bssid: "somebody" as Mac, snr: 20 },
    ]);
    await rig.clock.advance(1_500);
    assert.deepEqual(heard(reports), [{ phy_name: "wifi0", mac_address: macNumber(1) }]);
    assert.equal(rig.bus.counters.malformed, 4);
  });
});

describe("the last counters of a station", () => {
  it("count also when nothing was sampled before it left", async () => {
    for (const since of [undefined, 100]) {
      const rig = statsRig();
      const reports = rig.collect({});
      await rig.clock.advance(100);
      rig.associate();
      await rig.clock.advance(300);
      rig.push({
        stations: [{ ...idleStation, txBytes: 700, ...(since === undefined ? {} : { since }) }],
        pushed: true,
      });
      rig.disassociate();
      await rig.clock.advance(1_500);
      assert.equal(sum(reports), 700);
    }
  });

  it("of a short association count whole, though another one was sampled before and had less", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    await rig.clock.advance(100);
    rig.push({ stations: [{ ...idleStation, since: 0, txBytes: 50 }] });
    await rig.clock.advance(100);
    rig.push({ stations: [{ ...idleStation, since: 150, txBytes: 80 }], pushed: true });
    await rig.clock.advance(1_500);
    assert.equal(sum(reports), 130);
  });
});

describe("bad samples", () => {
  it("are counted and dropped, with one line a minute, and nobody else suffers", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({ stats: ["STA", "CHAN"] });
    for (let i = 0; i < 100; i++) {
      rig.bus.publish(Uint8Array.from({ length: 50 }, (_, at) => (at * 7 + i) & 0xff));
      rig.bus.publish(encodeSamples([{ stats: "STA", values: { snr_db: 1 } }]));
      rig.push({
        stations: [{ ...idleStation, txBytes: Number.NaN, rxBytes: -1 }],
        survey: [{ ...quietChannel, busy: Number.POSITIVE_INFINITY }],
      });
      await rig.clock.advance(10);
    }
    rig.push({ stations: [{ ...idleStation, txBytes: 12 }] });
    await rig.clock.advance(1_500);
    assert.equal(bytes(reports).at(-1), 12);
    const { truncated, malformed, refused } = rig.bus.counters;
    assert.deepEqual([truncated, malformed, refused], [100, 300, 100]);
    assert.equal(rig.log().length, 3);
    assert.match(
      rig.log().join("\n"),
      /WARNING osw: stats: 1 STA samples dropped: they lack one of phy_name, vif_name, mac_address/,
    );
  });

  it("with ids that have no definition are counted and left out, with one line a minute; the rest is used", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({ stats: ["STA"] });
    /** A kind that there is none of; and a station with a field that stations do not have. */
    const publish = (txBytes: number) => {
      const writer = new TlvWriter();
      writer.nested(99, () => writer.u32(0, 1));
      writer.nested(2, () => {
        writer.bytes(0, tlvTypes.string, Buffer.from("wifi0\0"));
        writer.bytes(1, tlvTypes.string, Buffer.from("home-ap-24\0"));
        writer.bytes(2, tlvTypes.hwaddr, Buffer.from(phone.replaceAll(":", ""), "hex"));
        writer.u32(4, txBytes);
        writer.u32(99, 1);
      });
      rig.bus.publish(writer.finish());
    };
    for (let count = 1; count <= 50; count++) {
      publish(count);
      await rig.clock.advance(10);
    }
    await rig.clock.advance(1_500);
    assert.equal(rig.bus.counters.unknown, 100);
    assert.equal(sum(reports), 50);
    assert.match(rig.log().join("\n"), /^WARNING osw: stats: 2 TLVs dropped: no definition has their id[^\n]*$/);
    await rig.clock.advance(60_000);
    publish(51);
    await rig.clock.advance(1_500);
    assert.equal(rig.log().length, 2);
  });

  it("of the future are taken to be of now", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    for (const [txBytes, at] of [
      [10, 1e12],
      [20, Number.NaN],
      [30, undefined],
    ] as const) {
      rig.push({ stations: [{ ...idleStation, txBytes }] }, at);
      await rig.clock.advance(100);
    }
    await rig.clock.advance(1_000);
    assert.deepEqual(bytes(reports), [30]);
  });

  it("that come faster than they are taken are dropped and counted; the next one tells what they said", async () => {
    const rig = statsRig();
    rig.associate();
    const reports = rig.collect({});
    for (let i = 1; i <= limits.statsDeliveries + 10; i++) rig.push({ stations: [{ ...idleStation, txBytes: i }] });
    assert.equal(rig.bus.counters.dropped, 10);
    await rig.clock.advance(0);
    rig.push({ stations: [{ ...idleStation, txBytes: 1_000 }] });
    await rig.clock.advance(1_500);
    assert.deepEqual(bytes(reports), [1_000]);
  });

  it("that are too large or too many are refused", async () => {
    const rig = statsRig();
    rig.collect({});
    rig.bus.publish(new Uint8Array(limits.statsBytes + 1));
    const many = Array.from({ length: limits.statsSamples + 5 }, (_, n) => ({ ...idleStation, vif: `vif${n}` }));
    rig.push({ stations: many });
    rig.push({ stations: [{ ...idleStation, vif: "one more" }] });
    await rig.clock.advance(1_500);
    const { dropped, refused } = rig.bus.counters;
    assert.deepEqual([dropped, refused], [1, 6]);
  });
});

describe("subscribing", () => {
  it("is refused where a period makes no sense, and where there are too many", () => {
    const rig = statsRig();
    for (const period of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1]) {
      assert.throws(
        () => rig.collect({ reportPeriod: period }),
        /test: a period of .* ms is not one of 100 ms or more/,
      );
      assert.throws(() => rig.collect({ pollPeriod: period }), RangeError);
    }
    for (let i = 0; i < limits.statsSubscribers; i++) rig.collect({});
    assert.throws(() => rig.collect({}), /there are 1024 subscribers to statistics already/);
  });

  it("ends with the bus", async () => {
    const rig = statsRig();
    const reports = rig.collect({ pollPeriod: 1_000 });
    rig.push({ stations: [idleStation] });
    rig.bus.stop();
    rig.push({ stations: [idleStation] });
    await rig.clock.advance(5_000);
    assert.deepEqual([reports, rig.requests], [[], []]);
  });
});
