import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log } from "@opensync-ts/base/log";
import { mac } from "@opensync-ts/base/units";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { Statistics } from "../../statistics/statistics.ts";
import { checkDocument } from "../../store/documents.ts";
import { parsePolicy } from "../../telemetry/policy.ts";
import { Telemetry } from "../../telemetry/telemetry.ts";
import { clientRecord, clientsReport, FakeLocations, surveyReport } from "../../telemetry/testing/served.ts";
import { unused } from "../../testing/locations.ts";
import { describeStores } from "../../testing/stores.ts";
import { livePicture } from "./live-picture.ts";

const minute = 60_000;
const phone = mac("02:00:00:00:00:02");
const root = mkdtempSync(join(tmpdir(), "opensync-picture-"));
after(() => rmSync(root, { recursive: true }));

/** A phone walks from the gateway to the extender, which goes away at the end. */
describeStores("a location at a time", (bench) => {
  const clock = new VirtualClock(Date.UTC(2026, 9, 1));
  const began = clock.wallTime();
  const log = Log.create({ name: "CLOUD", sink: () => undefined, wallTime: () => 0 });
  const gateway = unused("gw").replace(" ", "-");
  const pod = unused("pod").replace(" ", "-");
  const location = unused("location of a picture");
  const locations = new FakeLocations();
  const statistics = new Statistics({ clock, log });
  const nodes = [
    { id: gateway, role: "gateway" },
    { id: pod, role: "extender" },
  ];
  const home = checkDocument({ name: "Home", nodes, networks: [], devices: [{ mac: phone, nickname: "Phone" }] });
  let telemetry: Telemetry;

  const start = (rawHours: number) =>
    Telemetry.start({
      ...{ store: bench.store, locations, statistics, directory: root, clock, log },
      policy: parsePolicy({ rawHours }),
    });
  const publish = (node: string, parts: Partial<StatsReport>) =>
    statistics.take(
      node,
      node,
      "stats",
      `/ap/${node}/opensync`,
      compress(encodeReport({ ...emptyReport(node), ...parts })),
    );
  const pictureAt = (at: number) =>
    livePicture(
      { queries: telemetry.queries, locations: { get: () => undefined }, wallTime: () => clock.wallTime() },
      ...([location, home, at] as const),
    );
  const where = async (at: number) =>
    (await pictureAt(at)).clients.map(({ name, node, band, snrDb }) => [name, node, band, snrDb && Math.round(snrDb)]);

  before(async () => {
    locations.add(location, gateway, pod);
    telemetry = await start(6);
    for (const node of [gateway, pod])
      locations.events.emit("event", { location, kind: "connected", node, peer: "ssl:10.0.0.1:4000" });
    for (let each = 0; each < 10; each++) {
      await clock.advance(minute);
      const now = clock.wallTime();
      const [here, there] = each < 5 ? [gateway, pod] : [pod, gateway];
      const stats = { snrDb: each < 5 ? 40 - each : 30 + each, rxRateMbps: 400, txRateMbps: 500, rxBytes: 1_000_000 };
      publish(here, { clients: [clientsReport(now, [clientRecord(phone, stats)])] });
      const gone = clientRecord(phone, {}, { connected: false, durationMs: 0, disconnectCount: each === 5 ? 1 : 0 });
      publish(there, {
        clients: each < 5 ? [] : [clientsReport(now, [gone])],
        surveys: [surveyReport(now, { busyPercent: 50, busyTxPercent: 10, busySelfPercent: 5 })],
      });
    }
    locations.events.emit("event", { location, kind: "disconnected", node: pod, reason: "cable" });
    await telemetry.flush();
  });
  after(async () => {
    await telemetry.stop();
  });

  it("has a client where it was then, as it was heard then", async () => {
    assert.deepEqual(await where(began + 4.5 * minute), [["Phone", gateway, "5G", 37]]);
    assert.deepEqual(await where(began + 8.5 * minute), [["Phone", pod, "5G", 37]]);
    const { from, clients, radios, links } = await pictureAt(began + 8.5 * minute);
    assert.equal(from, "reports");
    assert.ok(Date.parse(clients[0]?.since ?? "") >= began + 5 * minute);
    assert.deepEqual(
      radios.map(({ node, band, channel, busyPercent, ownPercent }) => [node, band, channel, busyPercent, ownPercent]),
      [[gateway, "5G", 36, 50, 15]],
    );
    assert.deepEqual(
      links.map(({ node, parent }) => [node, parent]),
      [
        [gateway, null],
        [pod, gateway],
      ],
    );
  });

  it("is at the moment of an event as it was from then on, whatever had been reported until then", async () => {
    const [roam] = await telemetry.queries.events({ location, kinds: ["client-roamed"] });
    assert.ok(roam);
    assert.deepEqual(
      (await pictureAt(roam.at)).clients.map(({ node, snrDb }) => [node, snrDb]),
      [[pod, null]],
    );
    assert.deepEqual(
      (await pictureAt(roam.at - 1)).clients.map(({ node }) => node),
      [gateway],
    );
  });

  it("tells of clients of a node that had gone by then as they were known last, as it does of now", async () => {
    const lastOf = async (at: number) =>
      (await pictureAt(at)).clients.map(({ node, lastKnownAt }) => [node, lastKnownAt]);
    const [gone] = await telemetry.queries.events({ location, kinds: ["node-disconnected"] });
    assert.ok(gone);
    assert.deepEqual(await lastOf(gone.at - 1), [[pod, null]]);
    assert.deepEqual(await lastOf(gone.at), [[pod, new Date(gone.at).toISOString()]]);
  });

  it("knows what has just happened, which is not in the store yet, page by page", async () => {
    const ids = async (limit: number, previous?: string) => {
      const question = { location, kinds: ["node-duplicate", "node-connected"] as const, limit };
      const page = await telemetry.queries.events({ ...question, ...(previous && { before: previous }) });
      return page.map(({ id, kind }) => [id, kind] as const);
    };
    locations.events.emit("event", { location, kind: "duplicate", node: gateway, peers: ["10.0.0.1", "10.0.0.2"] });
    const [newest, ...others] = await ids(10);
    assert.deepEqual([newest?.[1], others.length], ["node-duplicate", 2]);
    assert.deepEqual(await ids(1), [newest]);
    assert.deepEqual(await ids(10, newest?.[0]), others);
    await telemetry.flush();
    assert.deepEqual(await ids(10), [newest, ...others]);
  });

  it("has nodes as they were connected then", async () => {
    const states = async (at: number) => (await pictureAt(at)).nodes.map(({ connection }) => connection);
    assert.deepEqual(await states(began - minute), [null, null]);
    assert.deepEqual(await states(began + 5 * minute), ["connected", "connected"]);
    const late = await pictureAt(clock.wallTime() + 1000);
    assert.deepEqual(
      late.nodes.map(({ connection, pending }) => [connection, pending]),
      [
        ["connected", null],
        ["absent", "not connected: cable"],
      ],
    );
  });

  it("says of a time before all that nothing is known, and since when something is", async () => {
    const { from, unknown, knownFrom, clients } = await pictureAt(began - 60 * minute);
    assert.deepEqual([from, clients.length], ["nothing", 0]);
    assert.ok(unknown.includes("who was connected to what"), unknown.join());
    assert.equal(Date.parse(knownFrom ?? ""), began);
  });

  it("is made of averages where payloads are no longer kept", async () => {
    await telemetry.stop();
    rmSync(join(root, "telemetry"), { recursive: true });
    telemetry = await start(0);
    const { from, stepSeconds } = await pictureAt(began + 4.5 * minute);
    assert.deepEqual([from, stepSeconds], ["averages", 60]);
    assert.deepEqual(await where(began + 4.5 * minute), [["Phone", gateway, "5G", 36]]);
    assert.deepEqual(await where(began + 8.5 * minute), [["Phone", pod, "5G", 38]]);
  });
});
