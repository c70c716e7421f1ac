import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Column, type Device, lineOf, search, sorted } from "./client-list.ts";

const now = (more: Partial<NonNullable<Device["now"]>> = {}): NonNullable<Device["now"]> => ({
  ...{ mac: "m", hostname: "tv", address: "192.168.40.9", node: "gateway", ssid: "Home", band: "5G", channel: 36 },
  ...{
    snr: 31,
    rxLinkMbps: 400,
    txLinkMbps: 800,
    rxMbps: 1,
    txMbps: 2,
    connectedSeconds: 60,
    seenAt: "2026-01-01T00:00:00Z",
  },
  key: { key: "key-1", label: "Guests", zone: "guest", isolated: false, hold: null },
  lastKnownAt: null,
  ...more,
});
const device = (more: Partial<Device>): Device => ({
  name: more.nickname ?? more.mac ?? "02:00:00:00:00:01",
  ...{ mac: "02:00:00:00:00:01", nickname: null, profile: null, shared: false, frozen: null, band: null },
  ...{ ending: [], now: now() },
  ...more,
});
const lines = [
  device({ mac: "02:00:00:00:00:01", nickname: "Télé" }),
  device({ mac: "02:00:00:00:00:02", now: now({ hostname: "", node: "attic", snr: 12, rxMbps: null, txMbps: null }) }),
  device({ mac: "02:00:00:00:00:03", nickname: "Away", now: null, frozen: { until: null, told: true } }),
].map(lineOf);
const names = (found: typeof lines | readonly (typeof lines)[number][]) => found.map(({ name }) => name);

describe("the list of clients", () => {
  it("has of a client whose node is not heard of where it was then, and nothing that would run on", () => {
    const { isHere, node, snrDb, mbps, connectedSeconds, lastKnownAt } = lineOf(
      device({ now: now({ lastKnownAt: "2026-01-01T00:01:00Z" }) }),
    );
    assert.deepEqual([isHere, node, snrDb, mbps, connectedSeconds], [true, "gateway", 31, null, null]);
    assert.equal(lastKnownAt, Date.UTC(2026, 0, 1, 0, 1));
  });

  it("has the key that each joined with, by which it is found and sorted, too", () => {
    const [guest, , away] = lines;
    assert.deepEqual([guest?.key?.label, away?.key], ["Guests", null]);
    const own = lineOf(
      device({
        nickname: "Own",
        now: now({ key: { key: "key", label: null, zone: "home", isolated: false, hold: null } }),
      }),
    );
    const untold = lineOf(device({ nickname: "Untold", now: now({ key: null }) }));
    const some = [...lines.slice(0, 1), untold, own];
    assert.deepEqual(names(search(some, "guests shared")), ["Télé"]);
    assert.deepEqual(names(sorted(some, { column: "key", isDown: false })), ["Télé", "Own", "Untold"]);
  });

  it("has those that are away, too, and what is held against them", () => {
    assert.deepEqual([lines[2]?.isHere, lines[2]?.held], [false, ["no Internet"]]);
    assert.deepEqual(lineOf(device({ band: { prefer: "2.4G", only: true, until: null, told: true } })).held, [
      "2.4 GHz only",
    ]);
  });

  it("finds by several words, without accents, and by any way to write an address", () => {
    assert.deepEqual(names(search(lines, "TELE gateway")), ["Télé"]);
    assert.deepEqual(names(search(lines, "02-00-00-00-00-03")), ["Away"]);
    assert.deepEqual(names(search(lines, " ")).length, 3);
    assert.deepEqual(search(lines, "nothing"), []);
  });

  it("sorts by each column; what is unknown is last both ways", () => {
    const by = (column: Column, isDown: boolean) => names(sorted(lines, { column, isDown }));
    assert.deepEqual(by("snr", false), ["02:00:00:00:00:02", "Télé", "Away"]);
    assert.deepEqual(by("snr", true), ["Télé", "02:00:00:00:00:02", "Away"]);
    assert.deepEqual(by("mbps", true), ["Télé", "02:00:00:00:00:02", "Away"]);
    assert.deepEqual(by("node", false), ["02:00:00:00:00:02", "Télé", "Away"]);
  });
});
