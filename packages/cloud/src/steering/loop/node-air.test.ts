import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TableReader } from "../../rows.ts";
import { nodeAir, offAirBands } from "./node-air.ts";

/** One radio on `radio`, whose access point says that it is on `vif`; null: it does not say. */
function airOf(radio: number | null, vif: number | null) {
  const tables: Readonly<Record<string, readonly object[]>> = {
    Wifi_Radio_Config: [{ if_name: "wifi1", freq_band: "5G" }],
    Wifi_Radio_State: [{ if_name: "wifi1", freq_band: "5G", channel: radio, ht_mode: "HT80" }],
    Wifi_VIF_State: [{ if_name: "home-ap-50", mode: "ap", mac: "02:00:00:00:aa:01", ssid: "Home", channel: vif }],
  };
  const rows = (name: string) => new Map((tables[name] ?? []).map((row, index) => [String(index), row]));
  return nodeAir(rows as unknown as TableReader).accessPoints.map(({ channel }) => channel);
}

describe("the channel of an access point", () => {
  it("is that of its radio; where that does not say it, what the access point says", () => {
    assert.deepEqual(airOf(149, 36), [149]);
    assert.deepEqual(airOf(null, 36), [36]);
    assert.deepEqual(airOf(null, null), []);
  });
});

describe("access points that are not on the air", () => {
  const air = (radio: object, vif: object) => {
    const tables: Readonly<Record<string, readonly object[]>> = {
      Wifi_Radio_Config: [{ if_name: "wifi1", freq_band: "5G" }],
      Wifi_Radio_State: [{ if_name: "wifi1", freq_band: "5G", ht_mode: "HT80", ...radio }],
      Wifi_VIF_State: [{ if_name: "home-ap-50", mode: "ap", mac: "02:00:00:00:aa:01", ssid: "Home", ...vif }],
    };
    const rows = (name: string) => new Map((tables[name] ?? []).map((row, index) => [String(index), row]));
    return nodeAir(rows as unknown as TableReader);
  };
  const listening = new Map([["100", '{"state": "cac_started"}']]);

  it("are told with why: their radio listens for radar, or it or they are off", () => {
    const of = (radio: object, vif: object) => offAirBands(air(radio, vif));
    assert.deepEqual(of({ channels: listening }, { enabled: false, channel: 100 }), [{ band: "5G", why: "radar" }]);
    assert.deepEqual(of({ channel: 36 }, { enabled: false }), [{ band: "5G", why: "off" }]);
    assert.deepEqual(of({ channel: 36, enabled: false, channels: listening }, {}), [{ band: "5G", why: "off" }]);
    assert.deepEqual(of({ channel: 36, channels: listening }, { enabled: true }), [], "it looks elsewhere meanwhile");
  });

  it("are none to be on, and are known by their address", () => {
    const { accessPoints, offAir } = air({ channels: listening }, { enabled: false });
    assert.deepEqual([accessPoints, offAir[0]?.bssid], [[], "02:00:00:00:aa:01"]);
  });
});
