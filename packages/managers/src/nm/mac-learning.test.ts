import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { LearnedMac } from "@opensync-ts/target/network";
import { learnedAddresses as maxAddresses, tagValues } from "./limits.ts";
import { learningRows, tagValuesOf } from "./mac-learning.ts";

const laptop: LearnedMac = { bridge: "br-home", port: "eth1", mac: mac("02:00:00:00:00:0a"), vlan: 0 };
const reporting = new Set(["eth1", "eth2", "x"]);

describe("learned addresses", () => {
  it("are shown of ports that report", () => {
    const rows = learningRows([laptop, { ...laptop, port: "home-ap-24", mac: mac("02:00:00:00:00:0b") }], reporting);
    assert.deepEqual([...rows.values()], [{ brname: "br-home", ifname: "eth1", hwaddr: laptop.mac, vlan: 0 }]);
  });

  it("are one row per address and VLAN: behind the port where it was learned last", () => {
    const rows = learningRows([laptop, { ...laptop, vlan: 7 }, { ...laptop, port: "eth2" }], reporting);
    assert.deepEqual(
      [...rows.values()].map(({ ifname, vlan }) => [ifname, vlan]),
      [
        ["eth2", 0],
        ["eth1", 7],
      ],
    );
  });

  it("of ports that the table cannot name are left out, and all of them are bounded", () => {
    assert.equal(learningRows([{ ...laptop, port: "x" }], reporting).size, 0);
    const many = Array.from({ length: maxAddresses + 5 }, (_, vlan) => ({ ...laptop, vlan }));
    assert.equal(learningRows(many, reporting).size, maxAddresses);
  });

  it("are values of a tag: once each, sorted, as many as it holds", () => {
    assert.deepEqual(tagValuesOf([{ hwaddr: "B" }, { hwaddr: "a" }, { hwaddr: "b" }]), ["a", "b"]);
    assert.equal(tagValuesOf(Array.from({ length: 999 }, (_, n) => ({ hwaddr: `${n}` }))).length, tagValues);
  });
});
