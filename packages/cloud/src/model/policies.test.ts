import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { testHome } from "../test-node.ts";
import { policyFor, type Subject } from "./policies.ts";

const tablet = mac("02:00:00:00:00:01");

function policies(...scopes: object[]) {
  const list = scopes.map((scope, index) => ({ id: `p${index}`, scope, action: { kind: "band", prefer: "5G" } }));
  return testHome({ policies: list }).policies ?? [];
}

describe("of several policies", () => {
  const everybody = { kind: "everybody" };
  const network = { kind: "network", ssid: "Test" };
  const zone = { kind: "zone", zone: "guest" };
  const device = { kind: "device", mac: tablet };
  const guest: Subject = { mac: tablet, ssid: "Test", zone: "guest" };

  const cases: readonly [title: string, scopes: object[], subject: Subject, expected: string | undefined][] = [
    ["the one about the device goes before all others", [everybody, network, zone, device], guest, "p3"],
    ["its zone goes before its network", [network, zone, everybody], guest, "p1"],
    ["its network goes before everybody", [everybody, network], guest, "p1"],
    ["the first of two alike decides", [everybody, everybody], guest, "p0"],
    ["none decides that is about others", [zone, network], { mac: tablet, ssid: null, zone: null }, undefined],
  ];
  for (const [title, scopes, subject, expected] of cases) {
    it(title, () => assert.equal(policyFor(policies(...scopes), "band", subject)?.id, expected));
  }

  it("one of another kind says nothing", () => {
    assert.equal(policyFor(policies(everybody), "freeze", guest), undefined);
  });
});
