import assert from "node:assert/strict";
import { it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { statsReport } from "@opensync-ts/telemetry/testing/arbitrary-report";
import fc from "fast-check";
import { parseHome } from "../home.ts";
import { Location } from "../location.ts";
import { Locations } from "../locations.ts";
import { StoreRefusal, StoreUnavailable } from "../store/errors.ts";
import type { Store } from "../store/store.ts";
import { aLocation } from "../testing/locations.ts";
import { describeStores } from "../testing/stores.ts";
import * as limits from "./limits.ts";
import { Telemetry } from "./telemetry.ts";
import { clientRecord, clientsReport, surveyReport } from "./testing/served.ts";
import { hour, minute, TelemetryCloud } from "./testing/telemetry-cloud.ts";

const tv = mac("02:00:00:00:00:01");
const phone = mac("02:00:00:00:00:02");

describeStores("telemetry", (bench) => {
  it("answers what nodes have reported: of clients, radios, channels and nodes", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
    const { gateway, location, telemetry } = cloud;
    const from = cloud.now;
    for (let each = 0; each < 20; each++) {
      await cloud.clock.advance(minute);
      cloud.publish(gateway, {
        clients: [
          clientsReport(cloud.now, [
            clientRecord(tv, { txBytes: 7_500_000, snrDb: 30, txRateMbps: 400 }),
            clientRecord(phone, { rxBytes: 1_000, snrDb: 20 }),
          ]),
        ],
        surveys: [
          surveyReport(cloud.now, { busyPercent: 40 }),
          surveyReport(cloud.now, { busyPercent: 70, channel: 149 }, "off-chan"),
        ],
      });
    }
    await telemetry.flush();
    const span = { from, to: cloud.now };
    const { queries } = telemetry;
    const series = await queries.clientSeries(location, tv, span);
    assert.deepEqual([series.step, series.points.length, series.truncated], [60, 20, false]);
    const [first] = series.points;
    assert.deepEqual(
      [first?.at, first?.txMbps, first?.snrDb?.mean, first?.node, first?.band],
      [from, 1, 30, gateway, "5G"],
    );
    const [radio] = (await queries.radioSeries(location, { node: gateway, band: "5G" }, span)).points;
    assert.deepEqual([radio?.busyPercent, radio?.channel, radio?.clients], [40, 36, 2]);
    const [channel] = (await queries.channelSeries(location, { channel: 149 }, span)).points;
    assert.deepEqual([channel?.busyPercent, channel?.channel], [70, 149]);
    assert.deepEqual((await queries.nodeSeries(location, gateway, span)).points, []);
    assert.deepEqual(
      (await queries.topTalkers(location, span)).map((each) => [each.mac, each.txBytes]),
      [
        [tv, 150_000_000],
        [phone, 0],
      ],
    );
    assert.deepEqual((await queries.topTalkers(location, span, 1)).length, 1);
    assert.deepEqual(
      queries.clientsNow(location).map(({ mac: address, node, links }) => [address, node, links[0]?.txMbps]),
      [
        [tv, gateway, 1],
        [phone, gateway, 0],
      ],
    );
    const raw = await queries.raw({ node: gateway, ...span, to: span.to + 1, limit: 5 });
    assert.equal(raw.records.length, 5);
    assert.ok(raw.next);
    await telemetry.maintain();
    const quarters = await queries.clientSeries(location, tv, { ...span, step: 900 });
    assert.equal(
      quarters.points.reduce((sum, point) => sum + point.txBytes, 0),
      150_000_000,
    );
    await telemetry.stop();
  });

  it("refuses questions that cannot be answered, with what to do", async () => {
    const { telemetry, location, now } = await new TelemetryCloud(bench.store).start();
    const refused = (from: number, to: number, step?: number) =>
      assert.rejects(
        telemetry.queries.clientSeries(location, tv, { from, to, step }),
        (error) => error instanceof StoreRefusal && /^(from, to|step): /.test(error.message),
      );
    await refused(now, now);
    await refused(Number.NaN, now);
    await refused(now - hour, now, 61);
    await refused(now - 100 * 24 * hour, now, 60);
    const year = await telemetry.queries.clientSeries(location, tv, { from: now - 365 * 24 * hour, to: now });
    assert.equal(year.step, 86_400);
    const lastWeek = { from: now - 7 * 24 * hour, to: now - 7 * 24 * hour + hour };
    assert.equal((await telemetry.queries.clientSeries(location, tv, lastWeek)).step, 900);
    await telemetry.stop();
  });

  it("counts a payload once, also when it comes again after a restart, and goes on in the same minute", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
    const { gateway, location } = cloud;
    await cloud.clock.advance(30_000);
    const report = (bytes: number) => ({ clients: [clientsReport(cloud.now, [clientRecord(tv, { rxBytes: bytes })])] });
    const payload = cloud.publish(gateway, report(100));
    cloud.statistics.take(gateway, gateway, "stats", "topic", payload);
    await cloud.telemetry.stop();
    await cloud.start();
    cloud.statistics.take(gateway, gateway, "stats", "topic", payload);
    await cloud.clock.advance(10_000);
    cloud.publish(gateway, report(11));
    await cloud.telemetry.flush();
    const { points } = await cloud.telemetry.queries.clientSeries(location, tv, {
      from: cloud.now - hour,
      to: cloud.now,
    });
    assert.deepEqual(
      points.map(({ rxBytes }) => rxBytes),
      [111],
    );
    assert.equal(cloud.telemetry.counters.ingest.repeated, 1);
    await cloud.telemetry.stop();
  });

  it("keeps nothing of nodes that are of no location", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
    cloud.publish("stranger", { clients: [clientsReport(cloud.now, [clientRecord(tv)])] });
    await cloud.telemetry.flush();
    const answer = await cloud.telemetry.queries.raw({ node: "stranger", from: 0, to: cloud.now + 1 });
    assert.deepEqual(answer.records, []);
    assert.deepEqual(cloud.telemetry.counters.store, { written: 0, dropped: 0, waiting: 0 });
    await cloud.telemetry.stop();
  });

  it("begins without the store, and takes up what was open once it is there", async () => {
    const { store } = bench;
    const cloud = await new TelemetryCloud(store).start();
    const { gateway, location } = cloud;
    await cloud.clock.advance(4 * minute);
    assert.equal(cloud.alerts.length, 2);
    await cloud.telemetry.stop();
    let isGone = true;
    const run: Store["run"] = (what, work, options) =>
      isGone
        ? Promise.reject(new StoreUnavailable(`the store cannot ${what} now: gone`))
        : store.run(what, work, options);
    const shy: Store = Object.create(store, {
      run: { value: run },
      ...{ random: { value: store.random }, clock: { value: store.clock } },
    });
    await cloud.start(shy);
    cloud.publish(gateway, { clients: [clientsReport(cloud.now, [clientRecord(tv, { rxBytes: 5 })])] });
    await cloud.clock.advance(5 * minute);
    await assert.rejects(cloud.telemetry.queries.alerts({ location }), StoreUnavailable);
    assert.equal(cloud.alerts.length, 2);
    isGone = false;
    await cloud.clock.advance(limits.flushMs);
    await cloud.telemetry.maintain();
    assert.equal(cloud.telemetry.queries.openAlerts(location).length, 2);
    const { points } = await cloud.telemetry.queries.clientSeries(location, tv, {
      from: cloud.now - hour,
      to: cloud.now,
    });
    assert.deepEqual(
      points.map(({ rxBytes }) => rxBytes),
      [5],
    );
    const lines = cloud.ring.records().filter(({ text }) => /the store cannot/.test(text));
    assert.ok(lines.length <= 10, `${lines.length} lines`);
    await cloud.telemetry.stop();
  });

  it("takes whatever a node reports", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
    const { gateway, telemetry } = cloud;
    const property = fc.property(statsReport, (report) => {
      const { nodeId: _, ...parts } = report;
      cloud.publish(gateway, parts);
    });
    fc.assert(property, { numRuns: 150 });
    for (let each = 0; each < 20; each++) {
      await cloud.clock.advance(minute);
      fc.assert(property, { numRuns: 5 });
    }
    const { waiting } = telemetry.counters.store;
    assert.ok(waiting > 0);
    await telemetry.flush();
    await telemetry.maintain();
    const { dropped, waiting: left } = telemetry.counters.store;
    assert.deepEqual([dropped, left], [0, 0]);
    const complaints = cloud.ring.records().filter(({ text }) => /refuses|failed/.test(text));
    assert.deepEqual(complaints, []);
    await telemetry.stop();
  });

  it("is of the cloud's own locations", async () => {
    const { id, tenant } = await aLocation(bench.store);
    const cloud = new TelemetryCloud(bench.store, id);
    const home = parseHome(
      JSON.stringify({ name: "Home", nodes: [{ id: cloud.gateway, role: "gateway" }], networks: [] }),
      "home",
    );
    const location = new Location(home, { id: cloud.location, tenant: null, version: 1 });
    const locations = new Locations(location);
    const telemetry = await Telemetry.start({
      ...{ store: bench.store, locations, statistics: cloud.statistics, directory: cloud.directory },
      ...{ clock: cloud.clock, log: cloud.log },
    });
    location.duplicate(cloud.gateway, ["10.0.0.1", "10.0.0.2"]);
    location.setQuarantine(cloud.gateway, "version 1 made it hang up");
    cloud.publish(cloud.gateway, { clients: [clientsReport(cloud.now, [clientRecord(tv)])] });
    await cloud.clock.advance(4 * minute);
    assert.deepEqual(
      telemetry.queries
        .openAlerts(location.id)
        .map(({ kind }) => kind)
        .sort(),
      ["duplicate-serial", "node-offline", "node-quarantined"],
    );
    assert.deepEqual(
      telemetry.queries.clientsNow(location.id).map(({ mac: address }) => address),
      [tv],
    );
    await telemetry.flush();
    assert.equal((await telemetry.queries.alerts({ tenant })).length, 3);
    assert.deepEqual(await telemetry.queries.alerts({ tenant: "another" }), []);
    await telemetry.stop();
  });

  it("outlives followers that throw", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
    cloud.telemetry.onEvent(() => {
      throw new Error("mine");
    });
    cloud.connect(cloud.gateway);
    assert.equal(cloud.told("node-connected").length, 1);
    await cloud.telemetry.stop();
  });
});
