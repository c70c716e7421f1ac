import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  endProblem,
  hostProblem,
  ipv4Problem,
  macProblem,
  netmaskProblem,
  octetsOf,
  passphraseProblem,
  portProblem,
  serialProblem,
  ssidProblem,
  startProblem,
  subnetProblem,
} from "./checks.ts";
import { madeUpPassphrase, webDraw } from "./passphrase.ts";

describe("a name of a network", () => {
  it("is measured in octets", () => {
    assert.equal(octetsOf("☕"), 3);
    assert.equal(ssidProblem("a".repeat(32)), undefined);
    assert.match(ssidProblem("a".repeat(33)) ?? "", /by 1 of 32/);
    assert.equal(ssidProblem("🏠".repeat(8)), undefined);
    assert.match(ssidProblem("🏠".repeat(9)) ?? "", /by 4 of 32/);
    assert.equal(ssidProblem("שלום <b>"), undefined);
    assert.ok(ssidProblem(""));
  });
});

describe("a passphrase", () => {
  for (const [text, isFine] of [
    ["1234567", false],
    ["12345678", true],
    ["a".repeat(63), true],
    ["a".repeat(64), true],
    ["z".repeat(64), false],
    ["schön und gut", false],
    [null, true],
  ] as const) {
    it(`${isFine ? "takes" : "refuses"} ${text === null ? "what stays as it is" : `'${text.slice(0, 14)}' of ${text.length}`}`, () => {
      assert.equal(passphraseProblem(text) === undefined, isFine);
    });
  }

  it("that is made up is fine, and another each time", () => {
    const made = new Set(Array.from({ length: 50 }, () => madeUpPassphrase(webDraw)));
    assert.equal(made.size, 50);
    for (const text of made) assert.equal(passphraseProblem(text), undefined, text);
    assert.equal(
      madeUpPassphrase(() => 0),
      "baba-baba-baba-baba-baba",
    );
  });
});

describe("addresses", () => {
  it("are four numbers up to 255", () => {
    assert.equal(ipv4Problem("192.168.40.1"), undefined);
    for (const text of ["", "192.168.40", "192.168.40.256", "192.168.040.1", "a.b.c.d"])
      assert.ok(ipv4Problem(text), text);
  });

  it("handed out are in the gateway's network, the first before the last", () => {
    const lan = { address: "192.168.40.1", netmask: "255.255.255.0" };
    assert.equal(startProblem(lan, "192.168.40.10", "192.168.40.200"), undefined);
    assert.equal(
      startProblem(lan, "192.168.41.10", "192.168.41.20"),
      "Not an address of the network of 192.168.40.1: give one from 192.168.40.1 to 192.168.40.254.",
    );
    assert.match(startProblem(lan, "192.168.40.20", "192.168.40.10") ?? "", /after the last/);
    assert.match(startProblem(lan, "", "192.168.40.10") ?? "", /Write an address/);
    for (const whole of ["192.168.40.0", "192.168.40.255"]) assert.match(hostProblem(lan, whole) ?? "", /^Not an/);
    assert.equal(hostProblem({ ...lan, address: "192.168" }, "10.0.0.1"), undefined, "told by the network's own field");
  });

  it("of networks have a netmask, and are no other network's", () => {
    for (const text of ["255.255.255.0", "255.255.0.0", "255.255.255.252"])
      assert.equal(netmaskProblem(text), undefined);
    for (const text of ["0.0.0.0", "255.0.255.0", "255.255.255.255", "24"]) assert.ok(netmaskProblem(text), text);
    const lan = { address: "192.168.40.1", netmask: "255.255.255.0" };
    const home = { ...lan, name: "The home's network" };
    assert.equal(subnetProblem({ ...lan, address: "192.168.41.1" }, [home]), undefined);
    assert.match(
      subnetProblem({ address: "192.168.41.1", netmask: "255.255.0.0" }, [home]) ?? "",
      /^The home's network has these addresses already \(192.168.40.1, netmask 255.255.255.0\)/,
    );
    assert.match(subnetProblem({ ...lan, address: "192.168.40.0" }, []) ?? "", /give one from 192.168.40.1 to/);
    assert.equal(subnetProblem({ address: "192", netmask: lan.netmask }, [home]), ipv4Problem("192"));
  });

  it("of devices have six pairs, and ports end at 65535", () => {
    assert.deepEqual([macProblem("AA:bb:cc:00:11:22"), macProblem("aa-bb-cc-00-11-22")], [undefined, undefined]);
    assert.ok(macProblem("aa:bb"));
    assert.deepEqual([portProblem(1), portProblem(65_535)], [undefined, undefined]);
    for (const port of [0, 65_536, 1.5, undefined]) assert.ok(portProblem(port), String(port));
  });
});

describe("the end of a key", () => {
  it("is said to be over from then on", () => {
    const end = "2026-08-01T10:00:00Z";
    assert.equal(endProblem(end, Date.parse(end) - 1), undefined);
    assert.match(endProblem(end, Date.parse(end)) ?? "", /^This is over/);
    assert.equal(endProblem(undefined, Date.parse(end)), undefined);
  });
});

describe("a serial number", () => {
  it("is what can stand on a label", () => {
    assert.equal(serialProblem("AB12-34:5678"), undefined);
    for (const text of ["AB 12", "é", "x".repeat(65)]) assert.ok(serialProblem(text), text);
  });
});
