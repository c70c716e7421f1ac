/**
 * Ten minutes of a house full of life: every type of statistics on three radios, each at its own interval, from the air to the
 * payloads that the broker has. What is counted is counted exactly.
 *
 * How many reports there are follows from the rows alone. OWM reports at the multiples of `reporting_interval` on the monotonic
 * clock; so does SM for latency, on the wall clock, which here begins at a multiple of all of them; SM's reports about the device
 * count from when the row came. No report is empty here: on each channel there is a neighbour, and each radio has a client that is
 * always busy. Only refusals come as they like.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { difference, sumOf } from "./testing/byte-ledger.ts";
import { PublishedStatistics } from "./testing/published-statistics.ts";
import { StatisticsHome, second } from "./testing/statistics-home.ts";
import { type Row, radios, rows } from "./testing/statistics-rows.ts";

const end = 600;
/** What is made at the end is published by then. */
const published = 640;
const rowsCame = 1;
/** SM hands in what it has a tenth of the shortest reporting interval later. */
const handedInAfter = 2;

/** Reports by stream, as seconds from the start; those that `lost` tells to be lost are left out. */
function expectedTimes(lost: (stream: string, at: number) => boolean = () => false): Map<string, number[]> {
  const times = new Map<string, number[]>();
  const add = (stream: string, first: number, interval: number) => {
    const all = times.get(stream) ?? [];
    for (let at = first; at <= end; at += interval) if (!lost(stream, at)) all.push(at);
    times.set(
      stream,
      all.sort((a, b) => a - b),
    );
  };
  for (const row of rows) {
    const interval = row.reporting_interval ?? 0;
    if (row.stats_type === "client_auth_fails") continue;
    add(streamOf(row), interval, interval);
    if (row.stats_type === "device") add("device SM", rowsCame + interval, interval);
  }
  return times;
}

function streamOf({ stats_type: type, radio_type, survey_type, if_name }: Row): string {
  if (type === "device") return "device OWM";
  return [type, radio_type, survey_type, if_name].filter((part) => part !== undefined && part !== null).join(" ");
}

function isOwms(stream: string): boolean {
  return !stream.startsWith("latency") && stream !== "device SM";
}

function sorted(times: ReadonlyMap<string, readonly number[]>): readonly (readonly [string, readonly number[]])[] {
  return [...times].sort(([a], [b]) => (a < b ? -1 : 1));
}

describe("ten minutes of everything", () => {
  for (const seed of [1, 2, 3]) {
    it(`are told exactly, across roams, counters that wrap and begin anew, and two broker outages (seed ${seed})`, async () => {
      await using home = await StatisticsHome.start(seed, "counter-wrap");
      const { broker, ledger, target } = home;
      await home.liveUntil(205.5);
      broker.mode = "refuse";
      broker.hangUp();
      await home.liveUntil(310);
      await home.restUntil(331.7);
      ledger.resetCounters(target);
      await home.restUntil(345);
      await home.liveUntil(365.5);
      broker.mode = "accept";
      await home.liveUntil(478.5);
      broker.confirms = false;
      await home.liveUntil(495);
      const arrivedUnconfirmed = [...broker.waiting];
      await home.liveUntil(524);
      broker.confirms = true;
      broker.confirmAll();
      await home.liveUntil(end + 0.5);
      await home.restUntil(published);

      for (const how of ["roamed", "deauthenticated", "out_of_range", "client_removed"] as const) {
        assert.ok(ledger.ends.includes(how), how);
      }
      assert.ok(ledger.wraps > 0 && ledger.lost > 0 && home.connections.length >= 3 && arrivedUnconfirmed.length > 0);
      const told = new PublishedStatistics(broker.received, home.epoch);

      // What could not be published at once, and was not to be queued, is all that is missing.
      const refused = (stream: string, at: number) =>
        stream.startsWith("latency") && !home.wasConnected(at + handedInAfter);
      assert.deepEqual(sorted(told.times(end)), sorted(expectedTimes(refused)));
      assert.ok(
        told.latencies.length < sorted(expectedTimes()).flatMap(([stream, at]) => (isOwms(stream) ? [] : at)).length,
      );
      // What the broker had but did not confirm comes again, byte by byte.
      const payloads = new Set(broker.received.map(({ payload }) => Buffer.from(payload).toString("base64")));
      for (const { payload } of arrivedUnconfirmed) assert.ok(payloads.has(Buffer.from(payload).toString("base64")));

      for (const { band } of radios) {
        const { txBytes, rxBytes, txFrames, rxFrames } = ledger.toldUntil(band, end * second);
        assert.ok(txBytes > 1e8 && rxBytes > 1e7);
        // Two rows for each radio tell of the same.
        assert.deepEqual(
          told.clientCounters(band, end),
          { txBytes: 2 * txBytes, rxBytes: 2 * rxBytes, txFrames: 2 * txFrames, rxFrames: 2 * rxFrames },
          band,
        );
        const { connects, disconnects } = ledger.connections(band, end * second);
        assert.deepEqual(told.connections(band, end), { connects: 2 * connects, disconnects: 2 * disconnects }, band);
        assert.equal(told.capacityBytes(band, end), txBytes, band);
      }
      // The world has moved no more than that, but for what the drivers lost as their counters began anew.
      const sums = radios.map(({ band }) => ledger.toldUntil(band, published * second));
      const toldInAll = sums.reduce((sum, { txBytes, rxBytes }) => sum + txBytes + rxBytes, 0);
      const roundings = 2 * radios.length * 20;
      assert.ok(Math.abs(ledger.movedBytesTold - toldInAll - ledger.lost) <= roundings);

      checkSurveys(told, 331.7 - 330);
      checkRest(told, home);
      assert.ok(
        home.warnings.length < 20 && home.warnings.every((text) => aboutRefusals.test(text)),
        String(home.warnings),
      );
    });
  }

  it("miss what QM had and had not published when an operator ends it, and nothing else", async () => {
    await using home = await StatisticsHome.start(4);
    const { broker, ledger } = home;
    // The reports of 300 s are QM's, and its next publication would be at 301 s.
    const [last, ended, begun] = [300, 300.5, 322.5];
    await home.liveUntil(ended);
    await home.enable("qm", false);
    await home.liveUntil(begun);
    await home.enable("qm", true);
    await home.liveUntil(end + 0.5);
    await home.restUntil(published);

    const told = new PublishedStatistics(broker.received, home.epoch);
    // SM still had what it made then. What was made while there was no QM waited for it.
    const missing = (stream: string, at: number) => at === last && isOwms(stream);
    assert.deepEqual(sorted(told.times(end)), sorted(expectedTimes(missing)));
    for (const { band, reporting } of radios) {
      const parts = clientIntervals(reporting).flatMap((interval) => {
        // A row that did not report then lost nothing.
        if (last % interval !== 0) return [ledger.toldUntil(band, end * second)];
        const lost = difference(
          ledger.toldUntil(band, last * second),
          ledger.toldUntil(band, (last - interval) * second),
        );
        assert.ok(lost.txBytes > 0);
        return [difference(ledger.toldUntil(band, end * second), lost)];
      });
      assert.deepEqual(told.clientCounters(band, end), sumOf(parts), band);
    }
    assert.deepEqual(
      home.warnings.filter((text) => !/messages that were not published end with QM/.test(text)),
      [],
    );
  });

  it("miss what OWM had not reported when DM ends it, and what drivers counted until it is back", async () => {
    await using home = await StatisticsHome.start(5);
    const { broker, ledger } = home;
    const [ended, begun] = [258.3, 262.6];
    await home.liveUntil(ended);
    await home.enable("owm", false);
    await home.restUntil(begun);
    await home.enable("owm", true);
    await home.restUntil(begun + 5);
    await home.liveUntil(end + 0.5);
    await home.restUntil(published);

    const told = new PublishedStatistics(broker.received, home.epoch);
    const missing = (stream: string, at: number) => isOwms(stream) && at > ended && at < begun;
    assert.deepEqual(sorted(told.times(end)), sorted(expectedTimes(missing)));
    for (const { band, reporting } of radios) {
      const parts = clientIntervals(reporting).flatMap((interval) => {
        const lastReport = Math.floor(ended / interval) * interval;
        return [ledger.toldUntil(band, lastReport * second), ledger.toldSince(band, begun * second, end * second)];
      });
      assert.deepEqual(told.clientCounters(band, end), sumOf(parts), band);
    }
    assert.deepEqual(home.warnings, []);
  });

  it("are the same bytes on the same seed", async () => {
    const run = async () => {
      await using home = await StatisticsHome.start(6);
      await home.liveUntil(100);
      return home.broker.received.map(({ topic, payload }) => `${topic} ${Buffer.from(payload).toString("base64")}`);
    };
    const first = await run();
    assert.ok(first.length > 6);
    assert.deepEqual(await run(), first);
  });
});

/** Latency is published at once or not at all. */
const aboutRefusals = /^RAW message of 'SM' refused|^sm: qm did not take a report \(SEND\)|^sm: \d+ more complaints/;

/** Of the rows of type client of a radio: of the one, and of the one that tells differences. */
function clientIntervals(reporting: number): readonly number[] {
  return [reporting, 2 * reporting];
}

/** Each millisecond of a radio, on its channel or away, is in one sample, from the first look to the last; but for those lost. */
function checkSurveys(told: PublishedStatistics, lostSeconds: number): void {
  const firstLook = Math.min(...radios.map(({ sampling }) => sampling));
  for (const { band } of radios) {
    assert.equal(told.listenedMs(band, end), (end - firstLook - lostSeconds) * second, band);
  }
}

function checkRest(told: PublishedStatistics, { ledger }: StatisticsHome): void {
  for (const [index, { band, sampling }] of radios.entries()) {
    // The client that stays is heard at each sample.
    assert.equal(told.rssiSamples(band, `0A:00:00:00:00:0${index + 1}`, end), end / sampling, band);
    const minutes = ledger.refusals.flatMap((refusal) =>
      refusal.band === band && refusal.at < end * second ? [Math.floor(refusal.at / (60 * second))] : [],
    );
    const reports = told.all("authFailures").filter((report) => report.band === band);
    assert.equal(reports.length, new Set(minutes).size, `${band}: minutes in which somebody was refused`);
    const refused = reports.flatMap(({ bsses }) => bsses.flatMap(({ clients }) => clients));
    assert.equal(
      refused.reduce((sum, { authFails }) => sum + authFails, 0),
      minutes.length,
    );
    const wrongKeys = ledger.refusals.filter((each) => each.band === band && each.wrongKey && each.at < end * second);
    assert.equal(
      refused.reduce((sum, { invalidPsk }) => sum + invalidPsk, 0),
      wrongKeys.length,
    );
  }
  const devices = told.all("devices").filter(({ uptimeSeconds }) => uptimeSeconds === undefined);
  assert.ok(devices.every(({ temperatures, thermal }) => temperatures.length === 3 && thermal.length === 60 / 15));
}
