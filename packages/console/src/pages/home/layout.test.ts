import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { awayFrom, cablesOf } from "./cables.ts";
import { graphOf } from "./graph.ts";
import { Layout } from "./layout.ts";
import type { Picture } from "./picture.ts";
import { clientRadius, nodeRadius, placesOf } from "./places.ts";
import { aLink, aPicture } from "./testing/pictures.ts";

const none = new Map();
const show = (layout: Layout, picture: Picture, pins = none) => {
  layout.show(graphOf(picture, new Set()), true, pins);
  while (layout.step());
};
const at = (layout: Layout, id: string) => {
  const { x, y } = layout.things.get(id) ?? { x: Number.NaN, y: Number.NaN };
  return { x, y };
};

describe("the layout of a home", () => {
  it("is the same for the same home", () => {
    const [one, other] = [new Layout(), new Layout()];
    for (const layout of [one, other]) show(layout, aPicture(8, 150));
    for (const id of one.things.keys()) assert.deepEqual(at(one, id), at(other, id), id);
  });

  it("has no two things over each other, with 8 nodes and 150 clients", () => {
    const layout = new Layout();
    show(layout, aPicture(8, 150));
    const things = [...layout.things.values()];
    for (const [index, a] of things.entries()) {
      for (const b of things.slice(index + 1)) {
        const radius = (placed: typeof a) => (placed.thing.kind === "client" ? clientRadius : nodeRadius);
        const distance = Math.hypot(a.x - b.x, a.y - b.y);
        assert.ok(distance > (radius(a) + radius(b)) * 0.95, `${a.id} and ${b.id}: ${distance}`);
      }
    }
  });

  it("keeps each client nearer to its node than to any other", () => {
    const layout = new Layout();
    show(layout, aPicture(8, 150));
    const nodes = [...layout.things.values()].filter(({ id }) => id.startsWith("node "));
    for (const client of layout.things.values()) {
      if (client.thing.kind !== "client") continue;
      const [nearest] = nodes.toSorted(
        (a, b) => Math.hypot(a.x - client.x, a.y - client.y) - Math.hypot(b.x - client.x, b.y - client.y),
      );
      assert.equal(nearest?.id, client.thing.parent);
    }
  });

  it("leaves all in its place when figures change, and stands still", () => {
    const layout = new Layout();
    const picture = aPicture(4, 40);
    show(layout, picture);
    const before = [...layout.things.keys()].map((id) => at(layout, id));
    const faster = picture.clients.map((client) => ({ ...client, txLinkMbps: 866 }));
    layout.show(graphOf({ ...picture, clients: faster }, new Set()), true, none);
    assert.equal(layout.isMoving, false);
    assert.deepEqual(
      [...layout.things.keys()].map((id) => at(layout, id)),
      before,
    );
    assert.equal(layout.things.get("client 02:00:00:00:00:00")?.thing.colour, "band-5");
  });

  it("lets a client that roams glide to its new node, in small steps", () => {
    const layout = new Layout();
    const picture = aPicture(2, 20);
    show(layout, picture);
    const id = "client 02:00:00:00:00:00";
    const clients = picture.clients.map((client, index) => (index === 0 ? { ...client, node: "extender-1" } : client));
    const begin = at(layout, id);
    layout.show(graphOf({ ...picture, clients }, new Set()), true, none);
    assert.deepEqual(at(layout, id), begin);
    let [last, longest, steps] = [begin, 0, 0];
    while (layout.step() && steps < 1000) {
      const next = at(layout, id);
      longest = Math.max(longest, Math.hypot(next.x - last.x, next.y - last.y));
      [last, steps] = [next, steps + 1];
    }
    const whole = Math.hypot(last.x - begin.x, last.y - begin.y);
    assert.ok(steps > 10 && longest < whole / 3, `${steps} steps, the longest ${longest} of ${whole}`);
    const node = at(layout, "node extender-1");
    assert.ok(Math.hypot(last.x - node.x, last.y - node.y) < 150);
  });

  it("puts a pinned node where it was put, with its clients around it, and finds it there", () => {
    const layout = new Layout();
    show(layout, aPicture(2, 6), new Map([["node extender-1", { x: 900, y: -400 }]]));
    assert.deepEqual(at(layout, "node extender-1"), { x: 900, y: -400 });
    assert.equal(layout.at({ x: 905, y: -398 })?.id, "node extender-1");
    const { x, y } = at(layout, "client 02:00:00:00:00:01");
    assert.ok(Math.hypot(x - 900, y + 400) < 120);
    layout.move("node extender-1", { x: 0, y: 0 });
    layout.step();
    assert.deepEqual(at(layout, "node extender-1"), { x: 0, y: 0 });
  });

  it("places what hangs on nothing, or in a circle, too", () => {
    const picture = aPicture(3, 0);
    const links = [aLink("gateway", null), aLink("extender-1", "extender-2"), aLink("extender-2", "extender-1")];
    const places = placesOf(graphOf({ ...picture, links }, new Set()).things, true);
    assert.equal(places.size, 4);
    for (const { x, y } of places.values()) assert.ok(Number.isFinite(x) && Number.isFinite(y));
    assert.equal(placesOf([], true).size, 0);
  });

  for (const [nodes, clients] of [
    [2, 8],
    [1, 12],
    [4, 40],
    [8, 150],
  ] as const) {
    for (const isWide of [true, false]) {
      it(`keeps clients off the lines between nodes: ${nodes} nodes, ${clients} clients, ${isWide ? "wide" : "narrow"}`, () => {
        const layout = new Layout();
        const graph = graphOf(aPicture(nodes, clients), new Set());
        layout.show(graph, isWide, none);
        while (layout.step());
        for (const { from, to } of cablesOf(graph)) {
          for (const { id, thing, x, y } of layout.things.values()) {
            if (thing.kind !== "client") continue;
            const { distance } = awayFrom(at(layout, from), at(layout, to), { x, y }, 1);
            assert.ok(distance > clientRadius + 4, `${id} and ${from} to ${to}: ${distance}`);
          }
        }
      });
    }
  }
});
