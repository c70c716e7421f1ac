import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keyOf } from "./ask.ts";
import { isOfAll, Staleness } from "./news.ts";

const nodesOf = (location: string) => keyOf("GET /locations/:location/nodes", { params: { location } });
const all = keyOf("GET /locations", {});

describe("what happens at a location", () => {
  const stale = new Staleness();
  stale.add("node", { at: "2026-01-01T00:00:00Z", location: "here", kind: "state" });

  it("makes answers about it and about all locations old, and none about others", () => {
    assert.equal(stale.has(nodesOf("here")), true);
    assert.equal(stale.has(all), true);
    assert.equal(stale.has(nodesOf("elsewhere")), false);
    assert.equal(stale.has(keyOf("GET /locations/:location/document", { params: { location: "here" } })), false);
  });

  it("makes what pages say of its clients old with what they say of its nodes, so that they do not contradict each other", () => {
    const params = { location: "here", mac: "02:00:00:00:00:01" };
    for (const kind of ["node", "event", "change"]) {
      const told = new Staleness();
      told.add(kind, { location: "here" });
      assert.equal(told.has(keyOf("GET /locations/:location/devices", { params })), true, kind);
      assert.equal(told.has(keyOf("GET /locations/:location/steering/clients/:mac", { params })), true, kind);
      assert.equal(told.has(keyOf("GET /locations/:location/picture", { params })), true, kind);
    }
  });

  it("makes them old everywhere where it does not say where it was", () => {
    for (const data of [{ location: null }, {}, "text", null, undefined]) {
      const anywhere = new Staleness();
      assert.equal(anywhere.isEmpty, true);
      anywhere.add("node", data);
      assert.equal(anywhere.has(nodesOf("elsewhere")), true);
    }
  });

  it("is nothing where its kind is not known", () => {
    const none = new Staleness();
    none.add("hello", { location: "here" });
    assert.equal(none.isEmpty, true);
  });

  it("is gathered for longer where a question is about all locations", () => {
    assert.deepEqual(
      [isOfAll(all), isOfAll(keyOf("GET /alerts", {} as never)), isOfAll(nodesOf("here"))],
      [true, true, false],
    );
  });
});
