import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApAttributeName, ApAttributes } from "@opensync-ts/target/radio";
import { apAttributeNames, formatApAttribute, formatNetworks, sameApAttribute } from "./ap-attributes.ts";
import { limits } from "./limits.ts";
import { ap, channel, macNumber, wpa2, wpa3 } from "./testing/fixtures.ts";

const [a, b] = [macNumber(1), macNumber(2)];
const key = (keyId: number, psk: string) => ({ keyId, psk });

describe("a long list in one line", () => {
  it("is cut and counted", () => {
    const macs = Array.from({ length: limits.namedEntries + 3 }, (_, n) => macNumber(n));
    const text = formatApAttribute("acl", { ...ap, acl: macs });
    assert.equal(text.split(" ").length, limits.namedEntries + 3);
    assert.match(text, / and 3 more\]$/);
    assert.equal(formatApAttribute("acl", { ...ap, acl: macs.slice(0, 2) }), `[${macs[0]} ${macs[1]}]`);
  });
});

describe("when an AP attribute is as wanted", () => {
  const table: readonly [string, ApAttributeName, Partial<ApAttributes>, Partial<ApAttributes>, boolean][] = [
    ["SSIDs differ by case", "ssid", { ssid: "Home" }, { ssid: "home" }, false],
    ["channels by puncture", "channel", {}, { channel: { ...channel("2.4G", 1), puncture: 2 } }, false],
    ["no channel equals no channel", "channel", { channel: null }, { channel: null }, true],
    ["the wpa block by PMF", "wpa", { wpa: wpa2 }, { wpa: { ...wpa2, pmf: "optional" } }, false],
    ["by group rekey interval", "wpa", { wpa: { ...wpa2, groupRekey: 60 } }, { wpa: wpa2 }, false],
    ["except where none is asked for", "wpa", { wpa: wpa2 }, { wpa: { ...wpa2, groupRekey: 60 } }, true],
    ["AKMs as sets", "wpa", { wpa: { ...wpa2, akm: ["psk", "sae"] } }, { wpa: { ...wpa2, akm: ["sae", "psk"] } }, true],
    ["PSKs by passphrase", "psks", { psks: [key(0, "12345678")] }, { psks: [key(0, "87654321")] }, false],
    ["PSKs by key id", "psks", { psks: [key(1, "12345678")] }, { psks: [key(0, "12345678")] }, false],
    ["PSKs by number", "psks", { psks: [key(0, "12345678")] }, { psks: [] }, false],
    [
      "a lone SAE password whatever its key id",
      "psks",
      { wpa: wpa3, psks: [key(3, "12345678")] },
      { psks: [key(0, "12345678")] },
      true,
    ],
    [
      "but not several",
      "psks",
      { wpa: wpa3, psks: [key(0, "12345678"), key(1, "abcdefgh")] },
      { psks: [key(0, "12345678")] },
      false,
    ],
    ["ACLs as sets", "acl", { acl: [a, b] }, { acl: [b, a, a] }, true],
    ["ACLs by members", "acl", { acl: [a] }, { acl: [b] }, false],
    ["an empty deny list as no list", "aclPolicy", { aclPolicy: "deny" }, { aclPolicy: "none" }, true],
    ["and the reverse", "aclPolicy", { aclPolicy: "none" }, { aclPolicy: "deny", acl: [a] }, true],
    ["but not one with members", "aclPolicy", { aclPolicy: "deny", acl: [a] }, { aclPolicy: "none" }, false],
    ["an empty allow list lets nobody in", "aclPolicy", { aclPolicy: "allow" }, { aclPolicy: "none" }, false],
    ["modes member by member", "mode", {}, { mode: { ...ap.mode, he: false } }, false],
  ];
  for (const [name, attribute, wanted, actual, expected] of table) {
    it(`${name}`, () => {
      assert.equal(sameApAttribute(attribute, { ...ap, ...wanted }, { ...ap, ...actual }), expected);
    });
  }

  it("every attribute equals itself", () => {
    for (const name of apAttributeNames) assert.ok(sameApAttribute(name, ap, structuredClone(ap)), name);
  });
});

describe("AP attributes for people", () => {
  it("show PSKs by key id and length only", () => {
    const psks = [key(0, "very secret"), key(2, "also secret one")];
    assert.equal(formatApAttribute("psks", { ...ap, psks }), "[0:11chars 2:15chars]");
    const network = { ssid: "x", bssid: null, psk: "very secret", wpa: wpa2, bridge: "", multiAp: true, priority: 1 };
    assert.doesNotMatch(formatNetworks([network]), /secret/);
  });

  it("are in the words of the field", () => {
    assert.equal(formatApAttribute("channel", ap), "2412 (20/2412 0) 0x0");
    assert.equal(formatApAttribute("wpa", ap), "rsn akm=psk pairwise=ccmp pmf=disabled");
    assert.equal(formatApAttribute("mode", ap), "wnm_bss_trans+rrm_neighbor_report+wmm+wmm_uapsd+ht+he");
    assert.equal(formatApAttribute("acl", { ...ap, acl: [a] }), `[${a}]`);
    assert.equal(formatApAttribute("ssid", { ...ap, ssid: "a\nb" }), '"a\\nb"');
  });
});
