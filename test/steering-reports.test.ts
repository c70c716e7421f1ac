import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startHome } from "./support/steering-home.ts";

const group = `ovsh i Band_Steering_Config ifnames:='["map",[["home-ap-24","2.4G"],["home-ap-50","5G"]]]'`;

describe("what the cloud hears of steering", () => {
  it("a move by the high water mark: counts and events of both bands, once", async () => {
    await using home = await startHome({ device: "laptop", habits: { bandPreference: { "2.4G": 30 } } });
    await home.run(group);
    await home.run("ovsh i Band_Steering_Clients hwm:=35 lwm:=20 mac:=AA:BB:CC:DD:EE:FF");
    await home.pass(150);
    const [report, ...others] = home.reports();
    assert.deepEqual(
      others
        .flatMap(({ clients }) =>
          clients.flatMap(({ bands }) => bands.flatMap(({ events }) => events.map(({ type }) => type))),
        )
        .filter((type) => type !== "ACTIVITY" && type !== "PROBE"),
      [],
    );
    assert.equal(report?.clients.length, 1);
    const [{ mac, bands } = { mac: "", bands: [] }] = report.clients;
    assert.equal(mac, "AA:BB:CC:DD:EE:FF");
    const [low, high] = ["2.4G", "5G"].map((band) => bands.find((one) => one.band === band));
    assert.ok(low && high);
    const { events: lowEvents, ...lowCounts } = low;
    const { events: highEvents, ...highCounts } = high;
    const none = { rejects: 0, connects: 0, disconnects: 0, activityChanges: 0, broadcastProbes: 0 };
    const still = { steeringSuccesses: 0, steeringFailures: 0, steeringKicks: 0, stickyKicks: 0 };
    assert.deepEqual(
      { ...lowCounts, broadcastProbes: 0 },
      {
        ...{ ...none, ...still, band: "2.4G", ifName: "home-ap-24", connected: false },
        ...{ disconnects: 1, steeringSuccesses: 1, steeringKicks: 1 },
      },
    );
    const { activityChanges, ...rest } = highCounts;
    assert.equal(highEvents.filter(({ type }) => type === "ACTIVITY").length, activityChanges + 1);
    assert.deepEqual(
      { ...rest, broadcastProbes: 0, activityChanges: 0 },
      {
        ...{ ...none, ...still, band: "5G", ifName: "home-ap-50", connected: true, connects: 1 },
      },
    );
    const kinds = (events: typeof lowEvents) => events.filter(({ type }) => !["PROBE", "ACTIVITY"].includes(type));
    assert.deepEqual(
      kinds(lowEvents).map(({ offsetMs: _, ...event }) => event),
      [
        { type: "CLIENT_BS_BTM" },
        { type: "CLIENT_BTM_STATUS", status: 0 },
        { type: "DISCONNECT", snrDb: 56, source: "LOCAL", disconnectType: "DEAUTH", reason: 0 },
      ],
    );
    const [connect, capabilities] = kinds(highEvents);
    assert.ok(connect?.type === "CONNECT" && capabilities?.type === "CLIENT_CAPABILITIES");
    assert.equal(connect.snrDb, 50);
    const { btm, band2G, band5G, band6G, maxStreams, maxWidth, rrmBeaconActive, rrmBeaconTable } =
      capabilities.capabilities;
    assert.deepEqual(
      { btm, band2G, band5G, band6G, maxStreams, maxWidth, rrmBeaconActive, rrmBeaconTable },
      {
        btm: true,
        band2G: true,
        band5G: true,
        band6G: false,
        maxStreams: 2,
        maxWidth: 2,
        rrmBeaconActive: true,
        rrmBeaconTable: false,
      },
    );
    assert.ok(capabilities.assocIes && capabilities.assocIes.length > 20);
    for (const { offsetMs } of [...lowEvents, ...highEvents]) assert.ok(offsetMs >= 0 && offsetMs < 60_000);
  });

  it("refusals before association: probes, a block, and that it was let in", async () => {
    // It knows 2.4 GHz only, and says nothing of what it can do before it is let in.
    await using home = await startHome({ device: "iot", comesAfter: 5 });
    await home.run(group);
    await home.run("ovsh i Band_Steering_Clients pref_5g:=always mac:=AA:BB:CC:DD:EE:FF");
    await home.pass(150);
    assert.equal(home.where(), "gateway/home-ap-24");
    const bands = home.reports().flatMap(({ clients }) => clients.flatMap((one) => one.bands));
    const events = bands.flatMap((one) => one.events);
    assert.ok(events.some((event) => event.type === "PROBE" && event.blocked && event.snrDb > 0));
    assert.ok(bands.reduce((sum, { rejects }) => sum + rejects, 0) > 0);
    assert.equal(events.filter(({ type }) => type === "BAND_STEERING_ATTEMPT").length, 1);
    assert.deepEqual(
      events.flatMap((event) => (event.type === "BACKOFF" ? [[event.enabled, event.periodSeconds]] : [])),
      [
        [true, 120],
        [false, 0],
      ],
    );
  });
});
