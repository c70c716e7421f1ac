import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Location } from "../location.ts";
import { Locations } from "../locations.ts";
import type { NodeDescription } from "../mirror.ts";
import { testHome } from "../test-node.ts";
import { NodeAccess } from "./node-access.ts";

const nothingSaid: NodeDescription = {
  id: null,
  serialNumber: null,
  model: null,
  firmwareVersion: null,
  statsTopic: null,
  mqttTopics: new Map(),
  timeEventsTopic: null,
};

function access(home: object = {}, descriptions: Readonly<Record<string, Partial<NodeDescription>>> = {}) {
  const location = new Location(testHome(home));
  location.description = (id) => descriptions[id] && { ...nothingSaid, ...descriptions[id] };
  const taken: string[] = [];
  const nodes = new NodeAccess(new Locations(location), (node, clientId, kind) =>
    taken.push(`${node} ${clientId} ${kind}`),
  );
  const publish = (clientId: string, topic: string) => nodes.publish(clientId, topic, Buffer.of(1));
  return { nodes, publish, taken, location };
}

describe("who may connect to the broker", () => {
  it("is a node of the home with its own certificate", () => {
    const { nodes } = access();
    assert.equal(nodes.admit("gateway", "gateway"), true);
    assert.match(
      String(nodes.admit("gateway", "extender")),
      /its certificate is that of 'extender' \(expected 'gateway'/,
    );
    assert.match(String(nodes.admit("stranger", "stranger")), /'stranger' is no node of any home/);
    assert.match(String(nodes.admit("", "gateway")), /'' is no node/);
  });

  it("is whoever says so on a connection without TLS", () => {
    assert.equal(access().nodes.admit("gateway", undefined), true);
  });

  it("is not a node that another one says it is", () => {
    const taken = { id: "gateway", role: "gateway", serialNumber: "SN1" };
    const nodes = [taken, { id: "extender", role: "extender" }];
    const impostor = access({ nodes }, { gateway: { id: "extender" } });
    assert.equal(impostor.nodes.admit("extender", "extender"), true);
    assert.match(String(impostor.nodes.admit("extender", "gateway")), /its certificate is that of 'gateway'/);
  });

  it("may call itself by the id or serial number of its AWLAN_Node row, and have the certificate the home names", () => {
    const node = { id: "gateway", role: "gateway", serialNumber: "SN1", certificateName: "Model X" };
    const { nodes } = access({ nodes: [node] }, { gateway: { id: "5C0FFEE" } });
    for (const id of ["gateway", "SN1", "5C0FFEE"]) assert.equal(nodes.admit(id, "Model X"), true, id);
    assert.notEqual(nodes.admit("SN1", "gateway"), true);
  });
});

describe("where a node may publish", () => {
  it("is the topics it was given, and those its own rows name; the topic says what it is", () => {
    const mqttTopics = new Map([
      ["Latency", "/own/latency"],
      ["Crash.Reports", "/crashes"],
    ]);
    const { publish, taken } = access(
      {},
      {
        gateway: { id: "unit", mqttTopics, statsTopic: "/own/stats", timeEventsTopic: "/own/events" },
      },
    );
    const topics = [
      "/ap/gateway/opensync",
      "/ap/gateway/latency",
      "log/unit",
      "/own/stats",
      "/own/latency",
      "/own/events",
    ];
    for (const topic of [...topics, "/crashes"]) assert.equal(publish("unit", topic), true, topic);
    assert.deepEqual(
      taken.map((line) => line.replace("gateway unit ", "")),
      ["stats", "latency", "log", "stats", "latency", "time events", "other"],
    );
  });

  it("is no other topic, and never another node's, even where its own row names it", () => {
    const { publish, taken } = access({}, { gateway: { mqttTopics: new Map([["x", "/ap/extender/opensync"]]) } });
    assert.match(String(publish("gateway", "/ap/extender/opensync")), /another node's/);
    assert.match(String(publish("gateway", "log/extender")), /another node's/);
    assert.match(String(publish("gateway", "anything")), /no column of its AWLAN_Node row names that topic/);
    assert.deepEqual(taken, []);
  });

  it("is nowhere once the home does not have it any more", () => {
    const { publish, location } = access();
    location.setHome(testHome({ nodes: [{ id: "extender", role: "extender" }] }));
    assert.match(String(publish("gateway", "/ap/gateway/opensync")), /no node of any home any more/);
  });
});
