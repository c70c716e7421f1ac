import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { LinkType } from "@opensync-ts/target/network";
import fc from "fast-check";
import { flood } from "./flood.ts";
import { type Joints, type Machine, type Netdev, noJoints } from "./netdev.ts";

const owner = {} as Machine;

interface Node extends Netdev {
  joints: Joints;
  usable: boolean;
}

function node(name: string, type: LinkType = "eth"): Node {
  return { owner, name, type, mac: mac("02:00:00:00:00:01"), usable: true, subnet: null, joints: noJoints };
}

/** Ports joined by cables, and in bridges: `cables` and `bridges` list ports by number. */
function graph(size: number, cables: readonly (readonly [number, number])[], bridges: readonly (readonly number[])[]) {
  const ports = Array.from({ length: size }, (_, index) => node(`p${index}`));
  const bridgeNodes = bridges.map((_, index) => node(`b${index}`, "bridge"));
  const at = (index: number) => ports[index] as Node;
  for (const [index, port] of ports.entries()) {
    const peers = cables.flatMap(([a, b]) => (a === index ? [at(b)] : b === index ? [at(a)] : []));
    const bridge = bridgeNodes[bridges.findIndex((members) => members.includes(index))] ?? null;
    port.joints = { ...noJoints, peers: () => peers, bridge: () => bridge };
  }
  for (const [index, bridge] of bridgeNodes.entries()) {
    const members = ports.filter((port) => port.joints.bridge() === bridge);
    bridge.joints = { ...noJoints, ports: () => (bridges[index] ? members : []) };
  }
  return { ports, bridges: bridgeNodes };
}

/** Whom a broadcast reaches, slowly: frames are moved one step at a time until nothing new comes. */
function reference(from: Node): Set<string> {
  const frames = new Set<string>();
  const delivered = new Set<string>();
  const queue: { at: Node; way: "out" | "in" }[] = [{ at: from, way: "out" }];
  for (let frame = queue.shift(); frame; frame = queue.shift()) {
    const { at, way } = frame;
    const key = `${at.name} ${way}`;
    if (frames.has(key) || !at.usable) continue;
    frames.add(key);
    const bridge = at.joints.bridge() as Node | null;
    if (way === "out" && at.type === "bridge")
      queue.push(...[...at.joints.ports()].map((port) => ({ at: port as Node, way: "out" as const })));
    else if (way === "out")
      queue.push(...[...at.joints.peers()].map((peer) => ({ at: peer as Node, way: "in" as const })));
    else if (!bridge) delivered.add(at.name);
    else if (bridge.usable) {
      delivered.add(bridge.name);
      for (const port of bridge.joints.ports()) if (port !== at) queue.push({ at: port as Node, way: "out" });
    }
  }
  delivered.delete(from.name);
  return delivered;
}

const anyGraph = fc.integer({ min: 2, max: 12 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    cables: fc.array(
      fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([a, b]) => a !== b),
      { maxLength: 16 },
    ),
    bridges: fc.array(fc.uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 5 }), { maxLength: 4 }),
    down: fc.array(fc.nat(size - 1), { maxLength: 3 }),
  }),
);

const names = (set: ReadonlySet<Netdev>) => [...set].map(({ name }) => name).sort();

describe("a broadcast", () => {
  it("reaches what is connected by cables and bridges, whatever loops there are, and nothing else", () => {
    fc.assert(
      fc.property(anyGraph, ({ size, cables, bridges, down }) => {
        const made = graph(size, cables, bridges);
        for (const index of down) (made.ports[index] as Node).usable = false;
        for (const from of [...made.ports, ...made.bridges]) {
          assert.deepEqual(names(flood(from)), [...reference(from)].sort());
        }
      }),
      { numRuns: 300 },
    );
  });

  it("between what is in no bridge goes both ways or none, and never further after a cut", () => {
    fc.assert(
      fc.property(anyGraph, fc.nat(15), ({ size, cables, bridges }, cut) => {
        const made = graph(size, cables, bridges);
        const ends = [...made.ports.filter((port) => !port.joints.bridge()), ...made.bridges];
        for (const a of ends) for (const b of flood(a)) assert.ok(!ends.includes(b as Node) || flood(b).has(a));
        const rest = graph(
          size,
          cables.filter((_, index) => index !== cut),
          bridges,
        );
        for (const [index, port] of made.ports.entries()) {
          const before = new Set(names(flood(port)));
          for (const name of names(flood(rest.ports[index] as Node))) assert.ok(before.has(name));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("goes through a chain of thousands of bridges", () => {
    const count = 5000;
    const cables = Array.from({ length: count - 1 }, (_, index) => [2 * index + 1, 2 * index + 2] as const);
    const ports = Array.from({ length: 2 * count }, (_, index) => node(`p${index}`));
    const bridges = Array.from({ length: count }, (_, index) => node(`b${index}`, "bridge"));
    for (const [index, bridge] of bridges.entries()) {
      const pair = [ports[2 * index] as Node, ports[2 * index + 1] as Node];
      bridge.joints = { ...noJoints, ports: () => pair };
      for (const port of pair) port.joints = { ...noJoints, bridge: () => bridge };
    }
    for (const [a, b] of cables) {
      const [left, right] = [ports[a] as Node, ports[b] as Node];
      left.joints = { ...left.joints, peers: () => [right] };
      right.joints = { ...right.joints, peers: () => [left] };
    }
    assert.equal(flood(bridges[0] as Node).size, count - 1);
  });
});
