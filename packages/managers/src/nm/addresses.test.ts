import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { broadcastOf, contains, formatIpv4, isHostOf, networkOf, parseIpv4, parseNetmask } from "./addresses.ts";

const subnet = (address: string, netmask: string) => ({
  address: parseIpv4(address) ?? 0,
  netmask: parseNetmask(netmask) ?? 0,
});

describe("IPv4 addresses", () => {
  it("are read as they are written", () => {
    fc.assert(fc.property(fc.ipV4(), (text) => assert.equal(formatIpv4(parseIpv4(text) ?? -1), text)));
  });

  it("are four decimal octets, and nothing else", () => {
    for (const text of [
      "",
      "1.2.3",
      "1.2.3.4.5",
      "256.1.1.1",
      "01.2.3.4",
      "1.2.3.4 ",
      "1.2.3.4\n",
      "0x1.2.3.4",
      "::1",
    ]) {
      assert.equal(parseIpv4(text), undefined, text);
    }
  });

  it("as netmasks are ones, then zeros", () => {
    for (let bits = 0; bits <= 32; bits++) {
      const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
      assert.equal(parseNetmask(formatIpv4(mask)), mask);
    }
    for (const text of ["255.0.255.0", "0.0.0.1", "255.255.255.1", "mask"]) assert.equal(parseNetmask(text), undefined);
  });

  it("belong to a subnet or not", () => {
    const home = subnet("192.168.40.1", "255.255.255.0");
    assert.equal(formatIpv4(networkOf(home)), "192.168.40.0");
    assert.equal(formatIpv4(broadcastOf(home)), "192.168.40.255");
    const holds = (text: string) => contains(home, parseIpv4(text) ?? 0);
    const isHost = (text: string) => isHostOf(home, parseIpv4(text) ?? 0);
    assert.deepEqual(["192.168.40.0", "192.168.40.9", "192.168.41.9"].map(holds), [true, true, false]);
    assert.deepEqual(["192.168.40.0", "192.168.40.9", "192.168.40.255"].map(isHost), [false, true, false]);
    assert.ok(isHostOf(subnet("10.0.0.0", "255.255.255.254"), parseIpv4("10.0.0.1") ?? 0), "a /31 has two hosts");
    assert.equal(contains(subnet("200.1.1.1", "128.0.0.0"), parseIpv4("255.0.0.1") ?? 0), true);
  });
});
