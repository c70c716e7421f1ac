import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { StationState } from "@opensync-ts/target/radio";
import { associatedClientRecord, newestStations } from "./associated-clients.ts";
import type { VifConfig } from "./rows.ts";
import { station, vifConfig, wpa2 } from "./testing/rows.ts";

const twoKeys = new Map([
  ["key", "password-1"],
  ["key-2", "password-2"],
]);
const record = (members: Partial<StationState>, columns: Partial<VifConfig> | null = {}) =>
  associatedClientRecord(station(members), wpa2, columns && vifConfig({ rsn_pairwise_ccmp: true, ...columns }));

describe("Wifi_Associated_Clients", () => {
  it("shows how the station is connected", () => {
    const { mac: address, state, key_id, pmf, wpa_key_mgmt, pairwise_cipher } = record({ akm: "sae", pmf: true });
    assert.deepEqual(
      { address, state, key_id, pmf, wpa_key_mgmt, pairwise_cipher },
      {
        address: "02:00:00:00:0a:01",
        state: "active",
        key_id: "key",
        pmf: true,
        wpa_key_mgmt: "sae",
        pairwise_cipher: "rsn-ccmp",
      },
    );
  });

  it("shows of which multi-link device the station is a link", () => {
    assert.equal(record({ mldAddr: mac("02:00:00:00:0b:01") }).mld_addr, "02:00:00:00:0b:01");
    assert.equal(record({}).mld_addr, null);
  });

  it("says WPA's cipher on an AP that knows WPA only", () => {
    const wpa = { ...wpa2, wpa: true, rsn: false };
    assert.equal(associatedClientRecord(station({ pairwise: "tkip" }), wpa, null).pairwise_cipher, "wpa-tkip");
  });

  it("names the key that the station used", () => {
    assert.equal(record({ keyId: 2 }, { wpa_psks: twoKeys }).key_id, "key-2");
    assert.equal(record({ keyId: 0 }, { wpa_psks: twoKeys }).key_id, "key");
    assert.equal(record({ keyId: null }, { wpa_psks: twoKeys }).key_id, null);
    assert.equal(record({ keyId: 4 }, null).key_id, "key-4");
  });

  it("names the only key there is, whatever the driver says", () => {
    assert.equal(record({ keyId: null }, { wpa_psks: new Map([["key-7", "password-7"]]) }).key_id, "key-7");
  });

  const tags: readonly [what: string, columns: Partial<VifConfig>, keyId: number | null, tag: string | null][] = [
    [
      "of its key",
      { wpa_psks: twoKeys, wpa_oftags: new Map([["key-2", "guests"]]), default_oftag: "all" },
      2,
      "guests",
    ],
    ["of the vif", { wpa_psks: twoKeys, wpa_oftags: new Map([["key-2", "guests"]]), default_oftag: "all" }, 0, "all"],
    ["none", { wpa_psks: twoKeys }, 0, null],
    [
      "oftag of a first generation row",
      {
        rsn_pairwise_ccmp: null,
        security: new Map([
          ["key", "password-1"],
          ["oftag", "home"],
        ]),
      },
      0,
      "home",
    ],
    [
      "oftag-<key> of a first generation row",
      {
        rsn_pairwise_ccmp: null,
        security: new Map([
          ["key", "p"],
          ["key-2", "q"],
          ["oftag", "home"],
          ["oftag-key-2", "guests"],
        ]),
      },
      2,
      "guests",
    ],
  ];
  for (const [what, columns, keyId, tag] of tags) {
    it(`carries the device tag: ${what}`, () => assert.equal(record({ keyId }, columns).oftag, tag));
  }
});

describe("a station seen on several vifs", () => {
  it("is where it connected last", () => {
    const address = mac("02:00:00:00:0a:01");
    const on = (vif: string, connectedAt: number) =>
      [vif, new Map([[address, station({ vif, connectedAt })]])] as const;
    assert.equal(newestStations(new Map([on("a", 5), on("b", 9), on("c", 7)])).get(address)?.vif, "b");
    assert.equal(newestStations(new Map([on("b", 5), on("a", 5)])).get(address)?.vif, "a");
  });
});
