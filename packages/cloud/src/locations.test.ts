import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseHome } from "./home.ts";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import { type Caller, Locations } from "./locations.ts";
import { homeText } from "./test-home.ts";

function locationOf(
  id: string,
  ...nodes: readonly (string | { readonly id: string; readonly serialNumber: string })[]
) {
  const entries = nodes.map((node, index) => ({
    role: index === 0 ? "gateway" : "extender",
    ...(typeof node === "string" ? { id: node } : node),
  }));
  return new Location(parseHome(homeText({ nodes: entries }), id), { id, tenant: null, version: 1 });
}

const called = (id: string, serialNumber: string | null = null): Caller => ({
  id,
  serialNumber,
  model: null,
  commonName: null,
  peer: `ssl:192.0.2.1:${id}`,
  reason: "it is in no home",
  seenAt: 0,
});

describe("the locations that are served", () => {
  it("tell of each node where it is stated, by id and by serial number", () => {
    const [one, two] = [locationOf("one", "a"), locationOf("two", "b", { id: "c", serialNumber: "SN-C" })];
    const locations = new Locations(one, two);
    const whereIs = (id: string | null, serialNumber: string | null) => {
      const identity = locations.identify({ id, serialNumber }, undefined);
      return identity.kind === "member" ? identity.place.location.id : identity.kind;
    };
    assert.deepEqual([whereIs("a", null), whereIs("b", "x"), whereIs("whatever", "SN-C")], ["one", "two", "two"]);
    // Its serial number tells it, and nothing else.
    assert.equal(whereIs("c", null), "unknown");
    assert.equal(locations.placeOf("c")?.location, two);
  });

  it("follow their homes: a node goes from one to another", () => {
    const [one, two] = [locationOf("one", "a", "b"), locationOf("two", "c")];
    const locations = new Locations(one, two);
    one.setHome(locationOf("one", "a").home);
    assert.equal(locations.placeOf("b"), undefined);
    two.setHome(locationOf("two", "c", "b").home);
    assert.equal(locations.placeOf("b")?.location, two);
    locations.remove("two");
    assert.deepEqual([locations.placeOf("b"), locations.placeOf("c"), locations.size], [undefined, undefined, 1]);
    two.setHome(locationOf("two", "d").home);
    assert.equal(locations.placeOf("d"), undefined);
  });

  it("leave a node that two of them state where it was, and say so", () => {
    const [one, two] = [locationOf("one", "a"), locationOf("two", "a", "b")];
    const locations = new Locations(one);
    assert.deepEqual(locations.add(two), ["a"]);
    locations.remove("two");
    assert.equal(locations.placeOf("a")?.location, one);
  });

  it("remember who has called and is nobody's, within bounds and until somebody has them", () => {
    const locations = new Locations(locationOf("one", "a"));
    const said: string[] = [];
    locations.events.on("event", (event) => said.push(`${event.location} ${event.kind}`));
    locations.stranger(called("x"), true);
    locations.stranger(called("y"), false);
    assert.deepEqual([locations.callers.map(({ id }) => id), said], [["x", "y"], ["null stranger"]]);
    locations.add(locationOf("two", "x"));
    assert.deepEqual(
      locations.callers.map(({ id }) => id),
      ["y"],
    );
    for (let index = 0; index < limits.rememberedCallers; index++) locations.stranger(called(`n${index}`), false);
    assert.equal(locations.callers.length, limits.rememberedCallers);
  });
});
