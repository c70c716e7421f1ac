import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { defaultProfiles } from "../profiles.ts";
import { homeDocument } from "../testing/fake-home.ts";
import { newClient } from "./known-client.ts";
import { allowedBands, wishOf } from "./wishes.ts";

const phone = mac("02:00:00:00:00:07");
const keys = [
  { id: "key", psk: "the family's key" },
  { id: "key-1", psk: "the guests' key", zone: "guest" },
];
const home = homeDocument({
  networks: [{ ssid: "Home", security: { mode: "wpa2-wpa3", keys } }],
  policies: [{ id: "fast", scope: { kind: "everybody" }, action: { kind: "band", prefer: "6G" } }],
});

describe("what the home wants of a client", () => {
  const wish = (key: string | null) => {
    const client = { ...newClient(phone, 0, defaultProfiles), network: "Home", key };
    const found = wishOf(home, phone, client, defaultProfiles, 0);
    return [found.closed, allowedBands(found, client)];
  };

  it("is no band that its key does not open, whatever a policy prefers", () => {
    assert.deepEqual(wish("key-1"), [["6G"], []]);
    assert.deepEqual(wish("key"), [[], ["6G"]]);
    assert.deepEqual(wish(null), [[], ["6G"]]);
  });
});
