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
    assert.deepEqual(words(home(), added), ["network “Home”, key “Guests”: new; opens: Everything"]);
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
    const left = "nothing is said of them any more; nodes are left as they are";
    assert.deepEqual(words({ policies: [] }, {}), [`rules: ${left}`]);
    const lamp = { mac: "02:00:00:00:01:03", nickname: "Lamp" };
    assert.deepEqual(
      words({ devices: [lamp] }, {}),
      ["device “Lamp”: removed", `devices: ${left}`],
      "its name stays on the node",
    );
    assert.deepEqual(words({ policies: [{ id: "rule-1", label: "Bedtime" }] }, {}), [
      "rule “Bedtime”: removed",
      "rules: nothing is said of them any more; who has no Internet now by one of them stays without",
    ]);
  });

  it("say values as the form does", () => {
    const keys = (more: object) => home({}, [{ id: "key", label: "guest", psk: null, ...more }]);
    assert.deepEqual(words(keys({}), keys({ zone: "guest" })), [
      "network “Home”, key “guest”, access: Everything → Internet and shared devices",
    ]);
  });

  it("tell what is set of a radio, and what was", () => {
    const radios = (...entries: readonly object[]) => ({ radios: entries });
    const entry = { band: "5G", node: "gateway", channel: 100, width: 80 };
    const is = "radio setting “5 GHz of gateway”";
    assert.deepEqual(words(radios(), radios(entry)), [`${is}: new: channel 100, 80 MHz wide`]);
    assert.deepEqual(words(radios(entry), radios()), [`${is}: removed: channel 100, 80 MHz wide`]);
    assert.deepEqual(words(radios(entry), radios({ ...entry, channel: 149, width: 40, power: 20 })), [
      `${is}, channel: 100 → 149`,
      `${is}, width: 80 MHz → 40 MHz`,
      `${is}, power: as it is → 20 dBm`,
    ]);
  });

  describe("of rules", () => {
    const mac = "02:00:00:00:01:03";
    const now = new Date(2026, 10, 27, 14).getTime();
    const called = { names: new Map([[mac, "television"]]), now };
    const hold = (minutes: number, parts: object = {}) => ({
      ...{ id: "band-020000000103", enabled: true, scope: { kind: "device", mac } },
      schedule: { kind: "until", instant: new Date(now + minutes * 60_000).toISOString() },
      action: { kind: "band", prefer: "2.4G", only: true },
      ...parts,
    });
    const guests = {
      ...{ id: "rule-1", enabled: true, scope: { kind: "zone", zone: "guest" }, schedule: { kind: "always" } },
      action: { kind: "internet-only" },
    };
    const told = (before: readonly object[], after: readonly object[]) =>
      differences({ policies: before }, { policies: after }, called).map(({ words }) =>
        words.replaceAll(/\d\d[:.]\d\d[^,)]*?(?=$|:| →)/g, "TIME"),
      );

    it("name what was asked for on a client's page by the client, with what and until when", () => {
      assert.deepEqual(told([guests], [hold(30), guests]), ["television: 2.4 GHz only until TIME"]);
      assert.deepEqual(told([guests, hold(30)], [hold(60), guests]), [
        "television: 2.4 GHz only until TIME: before: television: 2.4 GHz only until TIME",
      ]);
      assert.deepEqual(told([hold(30)], []), ["television: 2.4 GHz only until TIME: ended"]);
      const freeze = hold(0, { id: "freeze-020000000103", schedule: { kind: "always" }, action: { kind: "freeze" } });
      assert.deepEqual(told([], [freeze]), ["television: no Internet, until that is changed"]);
    });

    it("call a rule without a name by what it says, and tell what it said before", () => {
      assert.deepEqual(told([], [guests]), ["rule “Every guest reaches the Internet only, always”: new"]);
      assert.deepEqual(told([guests], [{ ...guests, label: "Visitors", action: { kind: "freeze" } }]), [
        "rule “Every guest reaches the Internet only, always”, what: reaches the Internet only → has no Internet",
        "rule “Every guest reaches the Internet only, always”, name: no name → Visitors",
      ]);
    });
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
