import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { descriptionOf } from "./description.ts";
import { graphOf, legendOf, widthOf } from "./graph.ts";
import { healthOf } from "./health.ts";
import { aClient, aLink, aPicture } from "./testing/pictures.ts";
import { pathOf } from "./thing-path.ts";

describe("the graph of a home", () => {
  it("is a tree: the Internet, the gateway on it, extenders on that, clients on each", () => {
    const { things, lines } = graphOf(aPicture(2, 2), new Set());
    assert.deepEqual(
      things.map(({ id, parent }) => [id, parent]),
      [
        ["internet", null],
        ["node gateway", "internet"],
        ["node extender-1", "node gateway"],
        ["client 02:00:00:00:00:00", "node gateway"],
        ["client 02:00:00:00:00:01", "node extender-1"],
      ],
    );
    assert.equal(lines.length, 4);
  });

  it("has a number in the place of a folded node's clients", () => {
    const { things } = graphOf(aPicture(2, 5), new Set(["gateway"]));
    const fold = things.find(({ kind }) => kind === "fold");
    assert.deepEqual([fold?.label, fold?.count, things.length], ["3 clients", 3, 6]);
  });

  it("tells bands by colour, weakness by dashes, rate by width, what is gone by all of it", () => {
    const clients = [
      aClient(1, { band: "2.4G", snrDb: 8, txLinkMbps: 20 }),
      aClient(2, { band: "6G", txLinkMbps: 1300 }),
    ];
    const links = [aLink("gateway", null, { up: false })];
    const { lines } = graphOf({ ...aPicture(1), clients, links }, new Set());
    assert.deepEqual(
      lines.map(({ colour, isWeak, isDown, width }) => [colour, isWeak, isDown, Math.round(width)]),
      [
        ["wire", false, true, 4],
        ["band-2", true, false, 1],
        ["band-6", false, false, 5],
      ],
    );
    assert.equal(widthOf(null), 1);
  });

  it("is told in words, too", () => {
    const links = [aLink("gateway", null), aLink("extender-1", "gateway", { medium: "wifi", band: "5G" })];
    assert.equal(
      descriptionOf({ ...aPicture(2, 3), links }),
      "Map of the home: gateway gateway, 2 clients; extender extender-1 on gateway by Wi-Fi on 5 GHz, 1 client.",
    );
  });

  it("marks a node as the table beside it does, and says so in words", () => {
    const note = "its 5 GHz radio is not as it was told: channel 99 asked for, 36 is on";
    const picture = aPicture(2, 0);
    const nodes = picture.nodes.map((node) => (node.role === "gateway" ? { ...node, note } : node));
    const noted = { ...picture, nodes };
    const tones = graphOf(noted, new Set()).things.flatMap(({ id, tone }) => (id.startsWith("node") ? [tone] : []));
    assert.deepEqual(tones, ["warn", "good"]);
    assert.deepEqual(
      tones,
      healthOf(noted).map(({ tone }) => tone),
    );
    assert.match(descriptionOf(noted), /^Map of the home: gateway gateway, 0 clients, not as it should be; extender/);
  });

  it("leads to the pages of clients and nodes, whatever they are called", () => {
    assert.equal(pathOf("home", "node a/b ?"), "/l/home/nodes/a%2Fb%20%3F");
    assert.equal(pathOf("home", "client 02:00:00:00:00:01"), "/l/home/clients/02%3A00%3A00%3A00%3A00%3A01");
    assert.equal(pathOf("home", "internet"), null);
  });
});

describe("a home that nothing is heard of", () => {
  const lastKnownAt = "2026-08-01T18:00:00.000Z";
  const picture = aPicture(2, 2, {
    links: [aLink("gateway", null, { medium: null, up: null }), aLink("extender-1", "gateway", { up: null })],
    clients: [aClient(0, { lastKnownAt }), aClient(1, { lastKnownAt, node: "extender-1" })],
  });

  it("is drawn as it was known last, and the legend says so", () => {
    const graph = graphOf(picture, new Set());
    assert.ok(graph.lines.every(({ isUnknown }) => isUnknown));
    assert.deepEqual(
      graph.things.filter(({ isLastKnown }) => isLastKnown).map(({ kind }) => kind),
      ["client", "client"],
    );
    assert.deepEqual(legendOf(graph), { hasUnknown: true, hasUnknownKind: false, hasLastKnown: true });
    assert.deepEqual(legendOf(graphOf(aPicture(2, 2), new Set())), {
      ...{ hasUnknown: false, hasUnknownKind: false, hasLastKnown: false },
    });
  });

  it("has a sign in the legend for a line of which is not known by what it goes, as in the past", () => {
    const then = aPicture(1, 0, { links: [aLink("gateway", null, { medium: null, up: true })] });
    assert.deepEqual(legendOf(graphOf(then, new Set())), {
      ...{ hasUnknown: false, hasUnknownKind: true, hasLastKnown: false },
    });
  });

  it("is that in words, too", () => {
    assert.equal(
      descriptionOf(picture),
      "Map of the home: gateway gateway, 1 client as last known; extender extender-1 on gateway by cable (not known whether it is there), 1 client as last known.",
    );
  });
});
