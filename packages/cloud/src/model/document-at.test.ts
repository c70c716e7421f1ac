import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testHome } from "../test-node.ts";
import { documentAt } from "./document-at.ts";

const ms = Date.parse;
const mac = "02:00:00:00:00:01";

function home(keys: readonly object[], policies?: readonly object[]) {
  const security = { mode: "wpa2", keys };
  return testHome({ networks: [{ ssid: "Test", security }], ...(policies && { policies }) });
}

const family = { id: "key", psk: "the family's key" };
const visitor = { id: "key-1", psk: "the visitor's key", expires: "2026-06-03T12:00:00+02:00" };

describe("a document at a time", () => {
  it("is itself, for good, where nothing in it depends on time", () => {
    const document = home([family]);
    assert.deepEqual(documentAt(document, 0), { home: document, until: null });
  });

  it("has a key until it expires, and not from then on", () => {
    const document = home([family, visitor]);
    const before = documentAt(document, ms("2026-06-03T09:59:59Z"));
    assert.deepEqual(before, { home: document, until: ms("2026-06-03T10:00:00Z") });
    const after = documentAt(document, ms("2026-06-03T10:00:00Z"));
    assert.deepEqual(
      after.home.networks[0]?.security.keys.map(({ id }) => id),
      ["key"],
    );
    assert.equal(after.until, null);
  });

  it("switches a network off when its last key has expired", () => {
    const [network] = documentAt(home([visitor]), ms("2026-07-01T00:00:00Z")).home.networks;
    assert.deepEqual([network?.enabled, network?.security.keys], [false, []]);
  });

  it("has the policies that are in force, and says when the first of all changes comes", () => {
    const scope = { kind: "device", mac };
    const action = { kind: "freeze" };
    const windows = [{ days: ["wed"], from: "08:00", to: "09:00" }];
    const document = home(
      [family, visitor],
      [
        { id: "always", scope, action },
        { id: "off", enabled: false, scope, action },
        { id: "weekly", scope, action, schedule: { kind: "weekly", timeZone: "UTC", windows } },
        { id: "over", scope, action, schedule: { kind: "until", instant: "2026-06-01T00:00:00Z" } },
      ],
    );
    const { home: now, until } = documentAt(document, ms("2026-06-03T07:00:00Z"));
    assert.deepEqual(
      now.policies?.map(({ id }) => id),
      ["always"],
    );
    assert.equal(until, ms("2026-06-03T08:00:00Z"));
    const later = documentAt(document, ms("2026-06-03T08:00:00Z"));
    assert.deepEqual(
      later.home.policies?.map(({ id }) => id),
      ["always", "weekly"],
    );
    assert.equal(later.until, ms("2026-06-03T09:00:00Z"));
  });
});
