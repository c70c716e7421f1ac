import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ipv4Problem,
  macProblem,
  octetsOf,
  passphraseProblem,
  portProblem,
  rangeProblem,
  ssidProblem,
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
    assert.equal(rangeProblem(lan, "192.168.40.10", "192.168.40.200"), undefined);
    assert.match(rangeProblem(lan, "192.168.41.10", "192.168.41.20") ?? "", /network of 192.168.40.1/);
    assert.match(rangeProblem(lan, "192.168.40.20", "192.168.40.10") ?? "", /after the last/);
    assert.equal(rangeProblem(lan, "", "192.168.40.10"), undefined, "what is not finished is told by its own field");
  });

  it("of devices have six pairs, and ports end at 65535", () => {
    assert.deepEqual([macProblem("AA:bb:cc:00:11:22"), macProblem("aa-bb-cc-00-11-22")], [undefined, undefined]);
    assert.ok(macProblem("aa:bb"));
    assert.deepEqual([portProblem(1), portProblem(65_535)], [undefined, undefined]);
    for (const port of [0, 65_536, 1.5, undefined]) assert.ok(portProblem(port), String(port));
  });
});
