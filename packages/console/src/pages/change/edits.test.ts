import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Doc, Network } from "./doc.ts";
import {
  addGuests,
  addKey,
  addNetwork,
  freeBands,
  limitedToGuests,
  nextKeyId,
  nextPolicyId,
  openGuestKeys,
  reserve,
  typedSecrets,
  withoutSecrets,
} from "./edits.ts";

const network = (parts: Partial<Network> = {}, mode: Network["security"]["mode"] = "wpa2"): Network => ({
  ssid: "Home",
  security: { mode, keys: [{ id: "key", psk: null }] },
  enabled: true,
  hidden: false,
  isolate: false,
  bridge: "br-home",
  ...parts,
});
const doc = (...networks: readonly Network[]): Doc => ({ name: "Home", nodes: [], networks, radios: [], bridges: [] });
const guests = { label: " Guests ", psk: "baba-baba", zone: "guest" } as const;

describe("a key for guests", () => {
  it("comes behind the first, which is WPA3's, and takes no number that is taken", () => {
    const once = addKey(doc(network()), 0, guests);
    assert.deepEqual(once.networks[0]?.security.keys[1], {
      id: "key-1",
      label: "Guests",
      psk: "baba-baba",
      zone: "guest",
    });
    assert.equal(addKey(once, 0, guests).networks[0]?.security.keys[2]?.id, "key-2");
    const key = (id: string) => ({ id, psk: null });
    assert.deepEqual(
      [nextKeyId([]), nextKeyId([key("key-3")]), nextKeyId([key("key"), key("key-2")])],
      ["key", "key-4", "key-1"],
    );
  });

  it("widens WPA3, which knows one passphrase", () => {
    assert.equal(addGuests(doc(network({}, "wpa3")), 0, guests).networks[0]?.security.mode, "wpa2-wpa3");
    assert.equal(addGuests(doc(network()), 0, guests).networks[0]?.security.mode, "wpa2");
  });

  it("is the one that is there already and opens everything, made to open less, with its passphrase or another", () => {
    const keys = [
      { id: "key", label: "home", psk: null },
      { id: "key-1", label: "guest", psk: null },
    ];
    const home = doc(network({ security: { mode: "wpa2", keys } }));
    const [place, ...others] = openGuestKeys(home);
    assert.deepEqual([place, others], [{ network: 0, position: 1 }, []]);
    assert.ok(place);
    const limited = limitedToGuests(home, place);
    assert.deepEqual(limited.networks[0]?.security.keys, [keys[0], { ...keys[1], zone: "guest" }], "none beside it");
    assert.deepEqual(openGuestKeys(limited), []);
    const renewed = limitedToGuests(home, place, { psk: "baba-baba" }).networks[0]?.security.keys[1];
    assert.deepEqual(renewed, { ...keys[1], zone: "guest", psk: "baba-baba" });
  });

  it("keeps its holders from devices on the same access point where that is wanted, and leaves that alone else", () => {
    const home = doc(network());
    const place = { network: 0, position: 0 };
    const isolated = [
      ...[addGuests(home, 0, guests), addGuests(home, 0, guests, true)],
      ...[limitedToGuests(home, place), limitedToGuests(home, place, { isolate: true })],
      addGuests(doc(network({ isolate: true })), 0, guests),
    ].map(({ networks }) => networks[0]?.isolate);
    assert.deepEqual(isolated, [false, true, false, true, true]);
  });

  it("is shown from here until the cloud has it, and is null then", () => {
    const made = addGuests(doc(network()), 0, guests);
    assert.deepEqual([...typedSecrets(made)], [["key-1 Home", "baba-baba"]]);
    assert.equal(typedSecrets(withoutSecrets(made)).size, 0);
    assert.deepEqual(withoutSecrets(doc(network())), doc(network()));
  });
});

describe("networks", () => {
  it("are added on the bands that are free", () => {
    assert.deepEqual(freeBands(doc(network())), ["6G"]);
    assert.deepEqual(freeBands(doc(network({ bands: ["5G"] }))), ["2.4G", "6G"]);
    assert.equal(addNetwork(doc(), "New", "baba-baba").networks[0]?.bands, undefined);
    assert.deepEqual(addNetwork(doc(network({ bands: ["5G"] })), "New", "baba-baba").networks[1]?.bands, [
      "2.4G",
      "6G",
    ]);
  });
});

describe("other edits", () => {
  it("reserve a client's address under its host name, where that can be one, once", () => {
    const dhcp = { start: "192.168.40.10", stop: "192.168.40.99", leaseTime: "12h" };
    const lan = { bridge: "br-home", address: "192.168.40.1", netmask: "255.255.255.0", dhcp };
    const home = { ...doc(), lan };
    const mac = "02:00:00:00:00:01";
    const once = reserve(home, mac, "192.168.40.11", "tv");
    assert.deepEqual(once.lan?.dhcp?.reservations, [{ mac, address: "192.168.40.11", name: "tv" }]);
    const again = reserve(once, mac, "192.168.40.12", "my <tv>");
    assert.deepEqual(again.lan?.dhcp?.reservations, [{ mac, address: "192.168.40.12" }]);
    assert.equal(reserve(doc(), mac, "192.168.40.11", null).lan, undefined);
    assert.equal(nextPolicyId(), "rule-1");
  });
});
