import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseMac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { interfaceMac, unitOf } from "./identity.ts";
import { maxInterfaces } from "./limits.ts";

describe("the addresses of a device", () => {
  it("are the same at each start, distinct, unicast and locally administered", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (id) => {
        const addresses = Array.from({ length: maxInterfaces }, (_, index) => interfaceMac(id, index));
        assert.deepEqual(
          addresses,
          Array.from({ length: maxInterfaces }, (_, index) => interfaceMac(id, index)),
        );
        assert.equal(new Set(addresses).size, maxInterfaces);
        for (const address of addresses) {
          assert.equal(parseMac(address), address);
          assert.equal(Number.parseInt(address.slice(0, 2), 16) & 3, 2);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("differ between devices", () => {
    assert.notEqual(interfaceMac("gw", 0), interfaceMac("ext", 0));
  });

  it("end at the bound", () => {
    assert.throws(() => interfaceMac("gw", maxInterfaces), /there is no number 64/);
  });
});

describe("the identity of a device", () => {
  it("follows from its id and model", () => {
    assert.deepEqual(unitOf({ id: "a", model: "m" }), unitOf({ id: "a", model: "m" }));
    assert.equal(unitOf({ id: "a", model: "m" }).serialNumber, "a");
  });
});
