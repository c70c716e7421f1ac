import assert from "node:assert/strict";
import { it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { SteeredBand } from "@opensync-ts/telemetry/steering";
import { setSetting } from "../store/settings.ts";
import { alice } from "../testing/locations.ts";
import { describeStores } from "../testing/stores.ts";
import * as limits from "./limits.ts";
import { clientRecord, clientsReport, surveyReport } from "./testing/served.ts";
import { hour, minute, TelemetryCloud } from "./testing/telemetry-cloud.ts";

const tv = mac("02:00:00:00:00:01");
const phone = mac("02:00:00:00:00:02");

describeStores("events and alerts of telemetry", (bench) => {
  it("tells who comes, roams and leaves, and where each stayed", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
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

  it("tells what people do, also before it is in the store, and that a node works as it should once", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
    const { gateway, location } = cloud;
    cloud.connect(gateway);
    const settled = { kind: "state", node: gateway, from: "VERIFYING", to: "SETTLED", reason: "" } as const;
    for (let times = 0; times < 2; times++) cloud.locations.events.emit("event", { location, ...settled });
    const about = { words: `asked for 2.4 GHz only for ${tv}`, client: tv, facts: { band: "2.4G" } };
    const deed = { action: "version.edit", by: alice, details: [] };
    bench.store.deeds.emit("done", { ...deed, location, about });
    bench.store.deeds.emit("done", { ...deed, location: null });
    assert.deepEqual(cloud.told("node-settled", "deed"), [
      `${gateway}: works as it should`,
      `alice asked for 2.4 GHz only for ${tv}`,
    ]);
    const [own] = await cloud.telemetry.queries.events({ location, client: tv });
    assert.deepEqual([own?.kind, own?.details.band, own?.details.actor], ["deed", "2.4G", "alice"]);
    const at = (own?.at ?? 0) - 5000;
    bench.store.deeds.emit("done", { ...deed, location, about: { words: "wrote a row" }, at });
    const known = await cloud.telemetry.queries.events({ location, kinds: ["deed"] });
    assert.deepEqual([known.at(-1)?.text, known.at(-1)?.at], ["alice wrote a row", at], "as of when it was done");
    await cloud.telemetry.flush();
    assert.deepEqual((await cloud.telemetry.queries.events({ location, client: tv }))[0], own);
    await cloud.telemetry.stop();
    bench.store.deeds.emit("done", { ...deed, location, about });
    assert.equal(cloud.told("deed").length, 2, "nothing is told once it has stopped");
  });

  it("raises and clears alerts of nodes, once each, and remembers them over a restart", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
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
    assert.match(cloud.alerts[2]?.text ?? "", /is not as it should be: it is being set up/);
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
    const cloud = await new TelemetryCloud(bench.store).start();
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
    const cloud = await new TelemetryCloud(bench.store).start();
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
    const cloud = await new TelemetryCloud(bench.store).start();
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

  it("keeps an alert of a version that was taken back until another is applied, also after a restart", async () => {
    const cloud = await new TelemetryCloud(bench.store).start();
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
    const cloud = await new TelemetryCloud(bench.store).start();
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
});
