import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  broadcastOf,
  contains,
  formatIpv4,
  isHostAddress,
  isPrivate,
  maskOf,
  networkOf,
  parseIpv4,
  parseNetmask,
} from "./ipv4.ts";

const at = (text: string) => parseIpv4(text) ?? -1;

describe("addresses", () => {
  it("are read as they are written, and nothing else is", () => {
    fc.assert(fc.property(fc.nat(2 ** 32 - 1), (address) => parseIpv4(formatIpv4(address)) === address));
    for (const bad of [
      "",
      "1.2.3",
      "1.2.3.4.5",
      "256.1.1.1",
      "1.2.3.-4",
      "01.2.3.4",
      " 1.2.3.4",
      "1.2.3.4\n",
      "a.b.c.d",
    ]) {
      assert.equal(parseIpv4(bad), undefined, JSON.stringify(bad));
    }
  });

  it("have netmasks without holes", () => {
    for (let prefix = 0; prefix <= 32; prefix++) assert.equal(parseNetmask(formatIpv4(maskOf(prefix))), prefix);
    for (const bad of ["255.0.255.0", "0.255.255.255", "255.255.255.1", "x"])
      assert.equal(parseNetmask(bad), undefined);
  });

  it("are hosts of their networks but for the first and the last", () => {
    const subnet = { address: at("10.1.2.129"), prefix: 25 };
    assert.deepEqual([networkOf(subnet), broadcastOf(subnet)].map(formatIpv4), ["10.1.2.128", "10.1.2.255"]);
    assert.deepEqual(
      ["10.1.2.128", "10.1.2.130", "10.1.2.255", "10.1.2.1"].map((text) => isHostAddress(subnet, at(text))),
      [false, true, false, false],
    );
    assert.ok(contains({ address: 0, prefix: 0 }, at("203.0.113.1")));
    assert.deepEqual(
      ["192.168.1.1", "169.254.1.1", "172.31.0.1", "172.32.0.1", "198.51.100.1"].map((text) => isPrivate(at(text))),
      [true, true, true, false, false],
    );
  });
});
