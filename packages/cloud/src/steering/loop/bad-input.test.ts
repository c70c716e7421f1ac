import assert from "node:assert/strict";
import { it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import fc from "fast-check";
import { aLocation } from "../../testing/locations.ts";
import { describeStores } from "../../testing/stores.ts";
import * as limits from "../limits.ts";
import { snapshotSchema } from "../optimiser/snapshot.ts";
import { defaultProfiles } from "../profiles.ts";
import { bssidOf, FakeHome, homeDocument } from "../testing/fake-home.ts";
import { inOurTime, Knowledge } from "./knowledge.ts";
import { snapshotOf } from "./snapshot-of.ts";

const phone = mac("02:00:00:00:00:01");
const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 2 ** 32 - 1, 2 ** 63, Number.MAX_VALUE, -1e300, 8.64e15, 1_767_225_600_000),
  fc.double({ noNaN: true }),
  fc.integer(),
);

describeStores("a node that reports garbage", (bench) => {
  it("makes no snapshot that cannot be, whatever the figures are", async () => {
    const { id } = await aLocation(bench.store);
    const home = new FakeHome(bench.store, id);
    home.put(phone, { node: "gw", band: "5G", snrDb: 30 });
    const figures = fc.record({
      at: number,
      snrDb: number,
      bytes: number,
      rate: number,
      duration: number,
      offset: number,
    });
    fc.assert(
      fc.property(fc.array(figures, { minLength: 1, maxLength: 6 }), (list) => {
        const now = home.clock.wallTime();
        const knowledge = new Knowledge(defaultProfiles, now);
        for (const node of ["gw", "ext"] as const) knowledge.takeRows(node, home.tables(node).reader, now);
        for (const { at, snrDb, bytes, rate, duration, offset } of list) {
          const bend = (report: ClientsReport): ClientsReport => ({
            ...report,
            timestampMs: at,
            clients: report.clients.map((record) => ({
              ...{ ...record, durationMs: duration, connectOffsetMs: offset },
              stats: { ...record.stats, snrDb, txBytes: bytes, txRateMbps: rate },
            })),
          });
          home.capture((report) => {
            const clients = report.clients.map(bend);
            const surveys = report.surveys.map((survey) => ({ ...survey, timestampMs: offset }));
            knowledge.takeReport(report.nodeId, inOurTime({ ...report, clients, surveys }, now), "UTC", () => null);
          });
        }
        const { nodes, clients, observations, presence } = knowledge;
        const document = homeDocument();
        const wishes = new Map();
        const snapshot = snapshotOf({
          ...{ home: document, nodes, clients, observations, presence, wishes, now, profiles: defaultProfiles },
        });
        const { success, error } = snapshotSchema.safeParse(snapshot);
        assert.ok(success, error?.message);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("stays within its bounds, and can be written, whatever names clients have", async () => {
    const { id } = await aLocation(bench.store);
    const home = new FakeHome(bench.store, id, { mode: "recommend" });
    await home.start();
    home.put(phone, { node: "gw", band: "5G", snrDb: 30 });
    home.lease(phone, { hostname: `a\u0000b\ud800${"x".repeat(1000)}`, vendor_class: "\u0007", fingerprint: "*" });
    await home.pass(2);
    for (let count = 0; count < limits.clients + 50; count++) {
      const address = mac(
        `06:00:00:00:${(count >> 8).toString(16).padStart(2, "0")}:${(count & 255).toString(16).padStart(2, "0")}`,
      );
      home.clients.set(address, { node: "gw", band: "2.4G", snrDb: 20 });
    }
    await home.pass(2);
    assert.equal(home.steering.answers.clients().length, limits.clients);
    assert.equal(home.tables("gw").reader("Band_Steering_Clients").size, limits.rowsPerNode);
    assert.ok((home.steering.steering("gw")?.refusals.length ?? 0) > 0, "those left out are told");
    await home.restart();
    assert.equal(home.steering.answers.clients().length, limits.clients);
    await home.steering.stop();
  });

  it("has tables that lack columns, or make no sense: nothing is said of it, and the other node is steered", async () => {
    const { id } = await aLocation(bench.store);
    const home = new FakeHome(bench.store, id, { mode: "recommend" });
    for (const row of [...home.tables("ext").reader("Wifi_VIF_State").values()]) {
      home.tables("ext").set("Wifi_VIF_State", row._uuid, { mac: "00:00:00:00:00:00", associated_clients: "none" });
    }
    for (const row of [...home.tables("ext").reader("Wifi_Radio_State").values()]) {
      home.tables("ext").set("Wifi_Radio_State", row._uuid, { channel: null, ht_mode: 7, hw_mode: null });
    }
    await home.start();
    home.put(phone, { node: "gw", band: "5G", snrDb: 30 });
    await home.pass(3);
    assert.equal(home.steering.steering("ext"), undefined);
    assert.ok(home.row("gw", phone));
    assert.deepEqual(home.steering.answers.classOf(phone)?.at, { bssid: bssidOf("gw", "5G"), node: "gw" });
    await home.steering.stop();
  });
});
