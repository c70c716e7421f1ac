import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { mac } from "@opensync-ts/base/units";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import type { SteeredBand } from "@opensync-ts/telemetry/steering";
import { statsReport } from "@opensync-ts/telemetry/testing/arbitrary-report";
import fc from "fast-check";
import { parseHome } from "../home.ts";
import { Location } from "../location.ts";
import { Locations } from "../locations.ts";
import { Statistics } from "../statistics/statistics.ts";
import { StoreRefusal, StoreUnavailable } from "../store/errors.ts";
import { setSetting } from "../store/settings.ts";
import type { Store } from "../store/store.ts";
import { aLocation, alice, unused } from "../testing/locations.ts";
import { describeStores } from "../testing/stores.ts";
import type { Alert } from "./alerts/alerts.ts";
import type { TelemetryEvent } from "./events/event.ts";
import * as limits from "./limits.ts";
import { Telemetry } from "./telemetry.ts";
import { clientRecord, clientsReport, FakeLocations, surveyReport } from "./testing/served.ts";

const minute = 60_000;
const hour = 60 * minute;
const tv = mac("02:00:00:00:00:01");
const phone = mac("02:00:00:00:00:02");

const root = mkdtempSync(join(tmpdir(), "opensync-telemetry-"));
after(() => rmSync(root, { recursive: true }));
let epoch = Date.UTC(2026, 7, 1);

/** A cloud's worth of telemetry, with one location of two nodes. */
class Cloud {
  readonly clock: VirtualClock;
  readonly ring = new LogRing(1_000);
  readonly locations = new FakeLocations();
  readonly statistics: Statistics;
  readonly events: TelemetryEvent[] = [];
  readonly alerts: Alert[] = [];
  readonly location: string;
  readonly gateway = unused("gw").replace(" ", "-");
  readonly pod = unused("pod").replace(" ", "-");
  readonly directory = mkdtempSync(join(root, "cloud-"));
  readonly #store: Store;
  #telemetry: Telemetry | undefined;

  constructor(store: Store, location = unused("location of telemetry")) {
    this.location = location;
    // Each on days of its own: rows of one test are not pruned by another.
    epoch += 24 * hour;
    this.clock = new VirtualClock(epoch);
    this.#store = store;
    this.statistics = new Statistics({ clock: this.clock, log: this.log });
    this.locations.add(this.location, this.gateway, this.pod);
  }

  get log(): Log {
    return Log.create({ name: "CLOUD", sink: this.ring.sink, wallTime: () => 0 });
  }

  get telemetry(): Telemetry {
    assert.ok(this.#telemetry);
    return this.#telemetry;
  }

  get now(): number {
    return this.clock.wallTime();
  }

  async start(store = this.#store): Promise<this> {
    const telemetry = await Telemetry.start({
      ...{ store, locations: this.locations, statistics: this.statistics, directory: this.directory },
      ...{ clock: this.clock, log: this.log },
    });
    // The store has things of other tests, which are over for this one.
    telemetry.onEvent((event) => event.location === this.location && this.events.push(event));
    telemetry.onAlert((alert) => alert.location === this.location && this.alerts.push(alert));
    this.#telemetry = telemetry;
    return this;
  }

  publish(node: string, parts: Partial<StatsReport>): Uint8Array {
    const payload = compress(encodeReport({ ...emptyReport(node), ...parts }));
    this.statistics.take(node, node, "stats", `/ap/${node}/opensync`, payload);
    return payload;
  }

  connect(node: string, peer = "ssl:10.0.0.1:4000"): void {
    this.locations.set(node, { connection: "connected" });
    this.locations.events.emit("event", { location: this.location, kind: "connected", node, peer });
  }

  disconnect(node: string): void {
    this.locations.set(node, { connection: "absent", settled: false });
    this.locations.events.emit("event", { location: this.location, kind: "disconnected", node, reason: "gone" });
  }

  settle(...nodes: readonly string[]): void {
    for (const node of nodes) this.locations.set(node, { settled: true, pending: null });
  }

  told(...kinds: readonly TelemetryEvent["kind"][]): readonly string[] {
    return this.events.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);
  }
}

describeStores("telemetry", (bench) => {
  it("answers what nodes have reported: of clients, radios, channels and nodes", async () => {
    const cloud = await new Cloud(bench.store).start();
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
    const { telemetry, location, now } = await new Cloud(bench.store).start();
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
    const cloud = await new Cloud(bench.store).start();
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
    const cloud = await new Cloud(bench.store).start();
    cloud.publish("stranger", { clients: [clientsReport(cloud.now, [clientRecord(tv)])] });
    await cloud.telemetry.flush();
    const answer = await cloud.telemetry.queries.raw({ node: "stranger", from: 0, to: cloud.now + 1 });
    assert.deepEqual(answer.records, []);
    assert.deepEqual(cloud.telemetry.counters.store, { written: 0, dropped: 0, waiting: 0 });
    await cloud.telemetry.stop();
  });

  it("tells who comes, roams and leaves, and where each stayed", async () => {
    const cloud = await new Cloud(bench.store).start();
    const { gateway, pod, location } = cloud;
    for (const node of [gateway, pod]) cloud.locations.set(node, { connection: "connected", settled: true });
    const report = (connected: boolean, connects: number, disconnects: number, offset: number) => ({
      clients: [
        clientsReport(cloud.now, [
          clientRecord(
            tv,
            {},
            {
              connected,
              connectCount: connects,
              disconnectCount: disconnects,
              connectOffsetMs: offset,
              disconnectOffsetMs: offset,
            },
          ),
        ]),
      ],
    });
    cloud.publish(gateway, report(true, 1, 0, 1_000));
    await cloud.clock.advance(5 * minute);
    cloud.publish(gateway, report(false, 0, 1, 10_000));
    await cloud.clock.advance(1_000);
    cloud.publish(pod, report(true, 1, 0, 8_000));
    await cloud.clock.advance(5 * minute);
    cloud.publish(pod, report(false, 0, 1, 2_000));
    await cloud.clock.advance(3 * minute);
    assert.deepEqual(cloud.told("client-connected", "client-roamed", "client-disconnected"), [
      `${tv}: connected to ${gateway} 5G`,
      `${tv}: went from ${gateway} 5G to ${pod} 5G`,
      `${tv}: left ${pod} 5G`,
    ]);
    await cloud.telemetry.flush();
    const stays = await bench.store.run("look", (transaction) =>
      transaction
        .selectFrom("client_stays")
        .selectAll()
        .where("location_id", "=", location)
        .orderBy("from_ms")
        .execute(),
    );
    assert.deepEqual(
      stays.map(({ node_id, to_ms, from_ms }) => [node_id, (to_ms ?? 0) - from_ms]),
      [
        [gateway, 5 * minute - 9_000],
        [pod, 5 * minute + 6_000],
      ],
    );
    const events = await cloud.telemetry.queries.events({ location, client: tv });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["client-disconnected", "client-roamed", "client-connected"],
    );
    const [, roamed] = events;
    assert.deepEqual(
      roamed,
      cloud.events.find(({ kind }) => kind === "client-roamed"),
    );
    assert.ok(roamed);
    const older = await cloud.telemetry.queries.events({ location, before: roamed.id, limit: 1 });
    assert.deepEqual(
      older.map(({ kind }) => kind),
      ["client-connected"],
    );
    await cloud.telemetry.stop();
  });

  it("raises and clears alerts of nodes, once each, and remembers them over a restart", async () => {
    const cloud = await new Cloud(bench.store).start();
    const { gateway, pod, location } = cloud;
    cloud.connect(gateway);
    cloud.connect(pod);
    cloud.settle(gateway, pod);
    await cloud.clock.advance(5 * minute);
    assert.equal(cloud.alerts.length, 0);
    cloud.disconnect(pod);
    await cloud.clock.advance(2 * minute);
    cloud.connect(pod);
    cloud.settle(pod);
    await cloud.clock.advance(minute);
    cloud.disconnect(pod);
    await cloud.clock.advance(170_000);
    assert.equal(cloud.alerts.length, 0);
    await cloud.clock.advance(30_000);
    assert.deepEqual(
      cloud.alerts.map(({ kind, node, text }) => [kind, node, text]),
      [["node-offline", pod, `${pod}: is not connected`]],
    );
    await cloud.telemetry.stop();
    await cloud.start();
    await cloud.clock.advance(10 * minute);
    assert.equal(cloud.alerts.length, 1);
    assert.equal(cloud.telemetry.queries.openAlerts(location).length, 1);
    cloud.connect(pod);
    await cloud.clock.advance(minute);
    assert.deepEqual(
      cloud.alerts.map(({ clearedAt }) => clearedAt !== null),
      [false, true],
    );
    await cloud.clock.advance(8 * minute);
    assert.equal(cloud.alerts.length, 2);
    await cloud.clock.advance(2 * minute);
    assert.match(cloud.alerts[2]?.text ?? "", /is not as stated: being provisioned/);
    cloud.locations.remove(location);
    await cloud.clock.advance(minute);
    assert.deepEqual(
      [cloud.alerts[3]?.kind, cloud.alerts[3]?.clearedBecause],
      ["node-unsettled", "the node is no longer of the location"],
    );
    await cloud.telemetry.flush();
    const stored = await cloud.telemetry.queries.alerts({ location });
    assert.deepEqual(
      stored.map(({ kind, clearedAt }) => [kind, clearedAt !== null]),
      [
        ["node-unsettled", true],
        ["node-offline", true],
      ],
    );
    assert.deepEqual(await cloud.telemetry.queries.alerts({ location, open: true }), []);
    const next = await cloud.telemetry.queries.alerts({ location, before: stored[0]?.id });
    assert.deepEqual(next, stored.slice(1));
    await cloud.telemetry.stop();
  });

  it("raises alerts of the air, of failed authentication, of radar and of two devices with one serial number", async () => {
    const cloud = await new Cloud(bench.store).start();
    const { gateway, location } = cloud;
    cloud.connect(gateway);
    cloud.settle(gateway, cloud.pod);
    cloud.locations.set(cloud.pod, { connection: "connected" });
    const air = async (busyPercent: number, minutes: number) => {
      for (let each = 0; each < minutes; each++) {
        await cloud.clock.advance(minute);
        cloud.publish(gateway, { surveys: [surveyReport(cloud.now, { busyPercent })] });
      }
    };
    await air(95, 9);
    await air(75, 1);
    await air(95, 10);
    assert.equal(cloud.alerts.length, 0);
    await air(95, 1);
    assert.match(cloud.alerts[0]?.text ?? "", /5G: channel 36 is busy for more than 80 % of the time \(95 %\)/);
    await air(75, 10);
    assert.equal(cloud.alerts.length, 1);
    await air(30, 6);
    assert.equal(cloud.alerts[1]?.clearedBecause, "it is over");

    const fail = (authFails: number) =>
      cloud.publish(gateway, {
        authFailures: [
          {
            band: "5G",
            bsses: [{ ifName: "home-ap-50", clients: [{ mac: phone, authFails, invalidPsk: authFails }] }],
          },
        ],
      });
    fail(4);
    await cloud.clock.advance(minute);
    fail(7);
    assert.match(
      cloud.alerts[2]?.text ?? "",
      /02:00:00:00:00:02: failed to authenticate 11 times within 10 min at .*wrong passphrase/,
    );
    assert.equal(cloud.told("auth-failures").length, 2);
    await cloud.clock.advance(12 * minute);
    assert.deepEqual([cloud.alerts[3]?.kind, cloud.alerts[3]?.clearedAt !== null], ["auth-failures", true]);

    const heard = Math.floor(cloud.now / 1000);
    cloud.locations.radar.set(
      gateway,
      new Map([
        ["last_channel", "52"],
        ["num_detected", "1"],
        ["time", String(heard)],
      ]),
    );
    await cloud.clock.advance(minute);
    assert.deepEqual(cloud.told("radar"), [`${gateway}: radio wifi1 has heard radar on channel 52`]);
    assert.equal(cloud.alerts[4]?.kind, "radar");
    await cloud.clock.advance(31 * minute);
    assert.deepEqual([cloud.alerts[5]?.kind, cloud.alerts[5]?.clearedAt !== null], ["radar", true]);

    const duplicate = { kind: "duplicate", node: gateway, peers: ["10.0.0.1", "10.0.0.2"] } as const;
    cloud.locations.events.emit("event", { location, ...duplicate });
    assert.match(cloud.alerts[6]?.text ?? "", /two devices take turns in being it, calling from 10.0.0.1 and 10.0.0.2/);
    await cloud.clock.advance(31 * minute);
    assert.deepEqual([cloud.alerts[7]?.kind, cloud.alerts[7]?.clearedAt !== null], ["duplicate-serial", true]);

    cloud.locations.set(gateway, { settled: false });
    cloud.locations.quarantined.set(gateway, "version 3 made it hang up");
    await cloud.clock.advance(20 * minute);
    assert.equal(cloud.alerts[8]?.text, `${gateway}: is not written: version 3 made it hang up`);
    assert.equal(cloud.alerts.length, 9);
    await cloud.telemetry.flush();
    assert.equal((await cloud.telemetry.queries.alerts({ location })).length, 5);
    await cloud.telemetry.stop();
  });

  it("knows what steering did to a client, once, however often it is reported", async () => {
    const cloud = await new Cloud(bench.store).start();
    const { gateway, location } = cloud;
    const events = [
      { type: "CLIENT_BTM_STATUS", status: 0, offsetMs: 56_000 },
      { type: "PROBE", snrDb: 10, broadcast: true, blocked: false, offsetMs: 1 },
    ] as const;
    const nothing = { rejects: 0, connects: 0, disconnects: 0, activityChanges: 0, broadcastProbes: 0 };
    const outcomes = { steeringSuccesses: 0, steeringFailures: 0, steeringKicks: 0, stickyKicks: 0 };
    const band: SteeredBand = {
      ...{ band: "5G", ifName: "home-ap-50", connected: false, ...nothing, ...outcomes, events },
    };
    const steering = [{ timestampMs: cloud.now, clients: [{ mac: tv, bands: [band] }] }];
    cloud.publish(gateway, { steering });
    cloud.publish(gateway, { steering });
    await cloud.telemetry.flush();
    const found = await cloud.telemetry.queries.steeringEvents({ location, mac: tv });
    assert.deepEqual(
      found.map(({ node, band, ifName, event }) => [node, band, ifName, event.type]),
      [[gateway, "5G", "home-ap-50", "CLIENT_BTM_STATUS"]],
    );
    const later = { location, mac: tv, from: cloud.now + 1 };
    assert.deepEqual(await cloud.telemetry.queries.steeringEvents(later), []);
    await cloud.telemetry.stop();
  });

  it("drops events of a location that has too many, and forgets old ones", async () => {
    const cloud = await new Cloud(bench.store).start();
    const { location, telemetry } = cloud;
    for (let each = 0; each < limits.eventBurst + 50; each++) {
      const event = { kind: "stranger", peer: `ssl:10.0.0.1:${each}`, reason: "\u0000".repeat(5_000) } as const;
      cloud.locations.events.emit("event", { location, ...event });
      if (each === 0) cloud.locations.events.emit("event", { location: null, ...event, reason: location });
    }
    assert.equal(telemetry.counters.eventsDropped, 50);
    await telemetry.flush();
    const events = await telemetry.queries.events({ location, limit: 10_000 });
    assert.equal(events.length, limits.listedRows);
    assert.ok((events[0]?.text.length ?? 0) <= limits.textLength);
    const [stranger] = await telemetry.queries.events({ location: null });
    assert.deepEqual(stranger?.details, { peer: "ssl:10.0.0.1:0", reason: location });
    await setSetting(bench.store, "cloud", "telemetry", { eventsPerLocation: 100, rawHours: 1 }, alice);
    await telemetry.maintain();
    assert.equal(telemetry.policy.rawHours, 1);
    await telemetry.maintain();
    assert.ok((await telemetry.queries.events({ location, limit: 500 })).length <= 100);
    await setSetting(bench.store, "cloud", "telemetry", { eventDays: -1 }, alice);
    await telemetry.maintain();
    assert.equal(telemetry.policy.rawHours, 1);
    assert.ok(cloud.ring.records().some(({ text }) => /setting 'telemetry' is not usable \(eventDays: /.test(text)));
    await setSetting(bench.store, "cloud", "telemetry", undefined, alice);
    await telemetry.stop();
  });

  it("begins without the store, and takes up what was open once it is there", async () => {
    const { store } = bench;
    const cloud = await new Cloud(store).start();
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
    const cloud = await new Cloud(bench.store).start();
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

  it("keeps an alert of a version that was taken back until another is applied, also after a restart", async () => {
    const cloud = await new Cloud(bench.store).start();
    const { location, locations } = cloud;
    const open = () =>
      cloud.telemetry.queries
        .openAlerts(location)
        .filter(({ kind }) => kind === "version-taken-back")
        .map(({ node, subject, text }) => [node, subject, text]);
    // The version that holds again does not state the node that could not bear the other.
    locations.takenBack.set(location, { version: 7, to: 5, node: "attic", reason: "left 5 times" });
    await cloud.clock.advance(minute);
    const raised = ["attic", "version 7", "version 7 is taken back, version 5 holds again: attic left 5 times"];
    assert.deepEqual(open(), [raised]);
    await cloud.telemetry.stop();
    await cloud.start();
    await cloud.clock.advance(hour);
    assert.deepEqual(open(), [raised]);
    locations.takenBack.delete(location);
    await cloud.clock.advance(minute);
    assert.deepEqual(open(), []);
    assert.equal(cloud.told("alert-raised").filter((text) => /taken back/.test(text)).length, 1);
    assert.equal(cloud.told("alert-cleared").filter((text) => /^over: version 7 is taken back/.test(text)).length, 1);
    await cloud.telemetry.stop();
  });

  it("says of a node that is offline that it was refused, and why", async () => {
    const cloud = await new Cloud(bench.store).start();
    const refused = { peer: "ssl:10.0.0.9:4000", reason: "its certificate is that of 'x'", at: cloud.now };
    cloud.locations.set(cloud.pod, { connection: "refused", refused });
    await cloud.clock.advance(4 * minute);
    assert.ok(
      cloud
        .told("alert-raised")
        .includes(`${cloud.pod}: is not connected: ssl:10.0.0.9:4000 was refused: its certificate is that of 'x'`),
    );
    await cloud.telemetry.stop();
  });

  it("is of the cloud's own locations", async () => {
    const { id, tenant } = await aLocation(bench.store);
    const cloud = new Cloud(bench.store, id);
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
    const cloud = await new Cloud(bench.store).start();
    cloud.telemetry.onEvent(() => {
      throw new Error("mine");
    });
    cloud.connect(cloud.gateway);
    assert.equal(cloud.told("node-connected").length, 1);
    await cloud.telemetry.stop();
  });
});
