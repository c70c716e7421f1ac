import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Home, type HomeNode, parseHome } from "./home.ts";
import { NodeIndex } from "./identity.ts";

const home: Home = parseHome(
  JSON.stringify({
    name: "Home",
    nodes: [
      { id: "gateway", role: "gateway" },
      { id: "attic", role: "extender", serialNumber: "SN7", certificateName: "pod-7.example" },
    ],
  }),
  "home.json",
);

const index = new NodeIndex<{ readonly node: HomeNode }>();
index.add(home, (node) => ({ node }));

describe("who is calling", () => {
  const kind = (id: string | null, serialNumber: string | null, commonName?: string) =>
    index.identify({ id, serialNumber }, commonName).kind;

  it("is a member by id, or by serial number", () => {
    assert.equal(kind("gateway", null, "gateway"), "member");
    assert.equal(kind(null, "gateway", "gateway"), "member");
    assert.equal(kind("whatever", "SN7", "pod-7.example"), "member");
  });

  it("is not a member by id where the home tells the node by its serial number", () => {
    assert.equal(kind("attic", "SN8", "pod-7.example"), "unknown");
  });

  it("is an impostor with the certificate of another node", () => {
    const identity = index.identify({ id: "gateway", serialNumber: null }, "attic");
    assert.ok(identity.kind === "impostor" && identity.reason.includes("certificate is that of 'attic'"));
  });

  it("is believed without TLS", () => {
    assert.equal(kind("gateway", null), "member");
  });

  it("is unknown before it says who it is, and when the home does not state it", () => {
    assert.equal(kind(null, null, "gateway"), "unknown");
    assert.equal(kind("stranger", null, "stranger"), "unknown");
  });
});
