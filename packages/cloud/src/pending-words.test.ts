import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pendingWords } from "./pending-words.ts";
import type { RowStatus } from "./row-status.ts";
import type { TableReader } from "./rows.ts";

const radio = (channel: number | null, wanted: number, band = "5G", ht_mode = "HT20") =>
  ((table: string) =>
    new Map(
      table === "Wifi_Radio_Config"
        ? [["a", { if_name: "wifi1", freq_band: band, channel: wanted, ht_mode }]]
        : table === "Wifi_Radio_State"
          ? [["b", { if_name: "wifi1", channel }]]
          : [],
    )) as unknown as TableReader;
const row = (id: RowStatus["id"], status: RowStatus["status"], reason: string | null = null): RowStatus => ({
  ...{ id, stated: "radios[0]", status, reason },
});
const wifi1 = row("Wifi_Radio_Config wifi1", "applied", "Wifi_Radio_State wifi1: channel is 36, wanted 100");

describe("what is still to come of a node, for people", () => {
  for (const [tables, expected] of [
    [radio(36, 100), "5 GHz: changing to channel 100, listening for radar first (up to a minute)"],
    [radio(null, 120), "5 GHz: changing to channel 120, listening for radar first (up to ten minutes)"],
    [radio(36, 100, "5G", "HT160"), "5 GHz: changing to channel 100, listening for radar first (up to ten minutes)"],
    [radio(36, 44), "5 GHz: changing to channel 44"],
    [radio(1, 6, "2.4G"), "2.4 GHz: changing to channel 6"],
    [radio(36, 36), "5 GHz: being set up"],
    [undefined, "radio wifi1: being set up"],
  ] as const) {
    it(`is told without tables and columns: ${expected}`, () => assert.equal(pendingWords([wifi1], tables), expected));
  }

  it("is told of access points, with how many more there are; null where all is done", () => {
    const rows = [row("Wifi_VIF_Config home-ap-50", "pending"), wifi1, row("Wifi_Inet_Config br-home", "proven")];
    assert.equal(pendingWords(rows, undefined), "access point home-ap-50: to be set up next (and 1 more)");
    assert.equal(
      pendingWords([row("Wifi_VIF_Config home-ap-24", "contested", "somebody else keeps writing it")], undefined),
      "access point home-ap-24: somebody else keeps writing it",
    );
    assert.equal(pendingWords([row("Wifi_Inet_Config br-home", "proven")], undefined), null);
    assert.equal(
      pendingWords([row("Wifi_VIF_Config home-ap-50", "refused", "it has no room")], undefined),
      "access point home-ap-50: not possible: it has no room",
    );
  });
});
