import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Findable, found, keyWords } from "./find.ts";

const item = (label: string, detail = ""): Findable => ({ id: label, label, detail, kind: "client" });
const items = [
  item("Kitchen tablet", "02:00:00:00:00:01"),
  item("Télé", "02:00:00:00:00:02"),
  item("Kids' laptop"),
  item("gateway", "SIM-GW-6E"),
  item("安全カメラ"),
];
const labels = (typed: string, most = 10) => found(items, typed, most).map(({ label }) => label);

describe("the command palette", () => {
  it("shows all, bounded, before anything is typed", () => {
    assert.equal(labels("").length, 5);
    assert.equal(labels("", 2).length, 2);
  });

  it("ranks beginnings before words before parts before letters in order", () => {
    assert.deepEqual(labels("k"), ["Kitchen tablet", "Kids' laptop"]);
    assert.deepEqual(labels("ta"), ["Kitchen tablet", "gateway"]);
    assert.deepEqual(labels("kdl"), ["Kids' laptop"]);
  });

  it("takes no notice of accents, case and how an address is written", () => {
    assert.equal(labels("TELE")[0], "Télé");
    assert.deepEqual(labels("02-00-00-00-00-01"), ["Kitchen tablet"]);
    assert.deepEqual(labels("カメラ"), ["安全カメラ"]);
  });

  it("finds clients by the key they have joined with, and guests as such", () => {
    const joined = (label: string, key: Parameters<typeof keyWords>[0]) => ({ ...item(label), words: keyWords(key) });
    const clients = [
      joined("phone", { label: "Visitors", zone: "internet-only" }),
      joined("tv", { label: "The home", zone: "home" }),
      joined("desk", null),
    ];
    const of = (typed: string) => found(clients, typed, 10).map(({ label }) => label);
    assert.deepEqual([of("guest"), of("visitor"), of("the home")], [["phone"], ["phone"], ["tv"]]);
  });

  it("finds parts of pages by what else they are called, after what has that as its name", () => {
    const parts = [
      { ...item("Addresses", "Network"), words: "DHCP LAN subnet" },
      { ...item("Rules", "Network"), words: "policies schedule" },
      item("dhcp-server"),
    ];
    const labels = (typed: string) => found(parts, typed, 5).map(({ label }) => label);
    assert.deepEqual(labels("dhcp"), ["dhcp-server", "Addresses"]);
    assert.deepEqual(labels("polic"), ["Rules"]);
    assert.deepEqual(labels("network"), ["Addresses", "Rules"]);
    assert.deepEqual(labels("olicies"), [], "not by the middle of a word");
  });

  it("finds nothing where there is nothing", () => assert.deepEqual(labels("zzz"), []));
});
