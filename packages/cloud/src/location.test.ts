import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { parseHome } from "./home.ts";
import { Location, type NodeSession } from "./location.ts";

const nodes = [{ id: "gw", role: "gateway" }];
const home = (name: string) => parseHome(JSON.stringify({ name, nodes, networks: [] }), "home.json");

/** A session of which only what the location asks for is there. */
class FakeSession {
  state = "MIRRORING";
  readonly rows = [];
  readonly counters = { writes: 0, transactions: 0, refused: 0 };
  readonly peer = "ssl:10.0.0.7:4000";
  heardAt: number | null = 1000;
  isSilent = false;
  looks = 0;
  told = 0;

  heard(): void {
    this.told++;
  }

  look(): void {
    this.looks++;
  }
}

function newBench(proven = false) {
  const location = new Location(home("First"), { id: "l", tenant: null, version: 1, proven });
  const fake = new FakeSession();
  const session = fake as unknown as NodeSession;
  const enter = (to: "SETTLED" | "UNSETTLED" | "WRITING") => {
    fake.state = to;
    location.sessionEvent("gw", session, { kind: "state", from: "VERIFYING", to, reason: "" });
  };
  return { location, fake, session, enter, view: () => location.node("gw") };
}

describe("a node of a location", () => {
  it("was heard of last by its session, and keeps that when it is gone, until it publishes again", () => {
    const { location, fake, session, view } = newBench();
    assert.deepEqual([view()?.heardAt, view()?.silent], [null, false]);
    location.connected("gw", session);
    fake.heardAt = 2000;
    assert.equal(view()?.heardAt, 2000);
    fake.isSilent = true;
    assert.deepEqual([view()?.connection, view()?.silent], ["connected", true]);
    location.look();
    assert.equal(fake.looks, 1);
    location.disconnected("gw", session, "cable");
    assert.deepEqual([view()?.connection, view()?.silent, view()?.heardAt], ["absent", false, 2000]);
    location.heard("gw", 3000);
    assert.equal(view()?.heardAt, 3000);
  });

  it("is known for who was on it when it went, by which keys, also to its neighbours, until it says something else", () => {
    const { location, session } = newBench();
    location.connected("gw", session);
    const clients = [{ mac: mac("02:00:00:00:01:02"), ssid: "Home", key: "key-1" }];
    location.setClients("gw", clients);
    location.disconnected("gw", session, "cable");
    assert.deepEqual(location.lastClients("gw"), clients);
    assert.deepEqual(location.clientsElsewhere("pod"), clients);
    location.connected("gw", session);
    location.setClients("gw", []);
    assert.deepEqual(
      [location.lastClients("gw"), location.clientsElsewhere("pod")],
      [[], []],
      "it says what is so now",
    );
  });

  it("tells of it when others are on it than before, and not where it says the same again", () => {
    const { location, session } = newBench();
    location.connected("gw", session);
    const kinds: string[] = [];
    location.events.on("event", ({ kind }) => kinds.push(kind));
    const clients = [{ mac: mac("02:00:00:00:01:02"), ssid: "Home", key: "key-1" }];
    for (const each of [clients, [...clients], []]) location.setClients("gw", each);
    assert.deepEqual(kinds, ["clients", "clients"]);
  });

  it("has its session know that it has published something", () => {
    const { location, fake, session } = newBench();
    location.connected("gw", session);
    location.heard("gw", 2000);
    assert.equal(fake.told, 1);
  });

  it("has been given what held when all of it was written, also where it cannot do all, and after it has gone", () => {
    const { location, session, enter } = newBench();
    assert.equal(location.given("gw"), undefined);
    location.connected("gw", session);
    enter("WRITING");
    assert.equal(location.given("gw"), undefined);
    enter("SETTLED");
    assert.equal(location.given("gw")?.name, "First");
    location.setHome(home("Second"), 2);
    assert.equal(location.given("gw")?.name, "First", "not yet");
    enter("UNSETTLED");
    location.disconnected("gw", session, "cable");
    location.setHome(home("Third"), 3);
    assert.equal(location.given("gw")?.name, "Second");
  });

  it("has been given what was proven before the cloud was started", () => {
    assert.equal(newBench(true).location.given("gw")?.name, "First");
  });
});

describe("a version of a location", () => {
  it("is proven once each node has shown this one, not while another is settled still from the one before", () => {
    const nodes = ["gw", "pod"].map((id, index) => ({ id, role: index === 0 ? "gateway" : "extender" }));
    const both = (name: string) => parseHome(JSON.stringify({ name, nodes, networks: [] }), "home.json");
    const location = new Location(both("First"), { id: "l", tenant: null, version: 1 });
    const proven: (number | null)[] = [];
    location.events.on("settled", ({ version }) => proven.push(version));
    const fakes = { gw: new FakeSession(), pod: new FakeSession() };
    const enter = (node: "gw" | "pod", to: "SETTLED" | "VERIFYING") => {
      const from = fakes[node].state as "SETTLED" | "VERIFYING";
      fakes[node].state = to;
      location.sessionEvent(node, fakes[node] as unknown as NodeSession, { kind: "state", from, to, reason: "" });
    };
    for (const node of ["gw", "pod"] as const) {
      location.connected(node, fakes[node] as unknown as NodeSession);
      enter(node, "SETTLED");
    }
    assert.deepEqual(proven, [1]);
    // Sessions learn of a version one after the other.
    location.setHome(both("Second"), 2);
    assert.deepEqual([location.settled, location.node("pod")?.pending], [false, "being provisioned"]);
    enter("gw", "VERIFYING");
    enter("gw", "SETTLED");
    assert.deepEqual([location.node("gw")?.settled, location.settled, location.proven], [true, false, false]);
    enter("pod", "VERIFYING");
    assert.deepEqual(proven, [1]);
    enter("pod", "SETTLED");
    assert.deepEqual([proven, location.settled, location.proven], [[1, 2], true, true]);
  });
});

describe("clients of a location's other nodes", () => {
  const mac = "02:00:00:00:00:09" as never;
  const on = (key: string) => ({ mac, ssid: "Home", key });

  it("stay those of a node that is not connected, which serves them all the same; who knows better goes before it", () => {
    const nodes = [{ id: "gw", role: "gateway" }, ...["a", "b"].map((id) => ({ id, role: "extender" }))];
    const three = parseHome(JSON.stringify({ name: "Three", nodes, networks: [] }), "home.json");
    const location = new Location(three, { id: "l", tenant: null, version: 1, proven: false });
    const [a, b] = [new FakeSession(), new FakeSession()] as unknown as [NodeSession, NodeSession];
    assert.equal(location.isUnheardElsewhere("gw"), true, "nobody has said anything");
    location.connected("a", a);
    location.connected("b", b);
    location.setClients("a", []);
    assert.equal(location.isUnheardElsewhere("gw"), true);
    location.setClients("b", [on("key-1")]);
    assert.equal(location.isUnheardElsewhere("gw"), false);
    location.disconnected("b", b, "cable");
    assert.deepEqual(location.clientsElsewhere("gw"), [on("key-1")]);
    assert.equal(location.isUnheardElsewhere("gw"), false);
    location.setClients("a", [on("key")]);
    assert.deepEqual(location.clientsElsewhere("gw").at(-1), on("key"));
  });
});
