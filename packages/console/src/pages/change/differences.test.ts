import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { differences } from "./differences.ts";
import { pathFrom, pathText, withValue } from "./lists.ts";

const words = (before: unknown, after: unknown) => differences(before, after).map((each) => each.words);
const home = (parts: object = {}, keys: readonly object[] = [{ id: "key", psk: null }]) => ({
  networks: [{ ssid: "Home", hidden: false, security: { mode: "wpa2", keys }, ...parts }],
});

describe("differences in words", () => {
  it("name the thing, what of it, and from what to what; never a secret", () => {
    assert.deepEqual(words(home(), home({ hidden: true })), ["network “Home”, hidden: no → yes"]);
    const secret = words(home(), home({}, [{ id: "key", psk: "a secret that is new" }]));
    assert.deepEqual(secret, ["network “Home”, key “key”, passphrase: changed"]);
    const added = home({}, [
      { id: "key", psk: null },
      { id: "key-1", label: "Guests", psk: "another secret" },
    ]);
    assert.deepEqual(words(home(), added), ["network “Home”, key “Guests”: new"]);
    assert.deepEqual(words(added, home()), ["network “Home”, key “Guests”: removed"]);
  });

  it("tell a new name from another network", () => {
    assert.deepEqual(words(home(), home({ ssid: "Villa" })), ["network “Home”, name: Home → Villa"]);
  });

  it("are none between the same, whatever the order of members", () => {
    assert.deepEqual(words({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 }), []);
  });

  it("tell that a list is stated, which says that there is nothing else", () => {
    assert.deepEqual(words({}, { forwards: [] }), ["port forwards: none, on the nodes too"]);
    assert.deepEqual(words({ policies: [] }, {}), ["rules: none here; nodes keep what they have"]);
  });

  it("say values as the form does", () => {
    const keys = (more: object) => home({}, [{ id: "key", label: "guest", psk: null, ...more }]);
    assert.deepEqual(words(keys({}), keys({ zone: "guest" })), [
      "network “Home”, key “guest”, access: Everything → Internet and shared devices",
    ]);
  });
});

describe("paths", () => {
  it("are read as the cloud writes them, and lead to one place", () => {
    const path = ["networks", 0, "security", "keys", 1, "psk"];
    assert.equal(pathText(path), "networks[0].security.keys[1].psk");
    assert.deepEqual(pathFrom("networks[0].security.keys[1].psk"), path);
    assert.deepEqual(withValue({ a: [{ b: 1 }, { b: 2 }] }, ["a", 1, "b"], 3), { a: [{ b: 1 }, { b: 3 }] });
    assert.deepEqual(withValue({ a: [1, 2], b: 1 }, ["a", 0], undefined), { a: [2], b: 1 });
    assert.deepEqual(withValue({ a: 1, b: 1 }, ["b"], undefined), { a: 1 });
    assert.deepEqual(withValue({}, ["lan", "dhcp", "start"], "x"), { lan: { dhcp: { start: "x" } } });
  });
});
