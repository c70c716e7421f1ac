import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import type { Columns, TableReader } from "../rows.ts";
import { doubtsOf } from "./doubts.ts";

const uuid = "r0" as Uuid;

function doubts(columns: Columns, state: object = { allowed_channels: [1, 6, 11] }, band = "2.4G") {
  const config = { if_name: "wifi0", freq_band: band, channel: 6, ht_mode: "HT20" };
  const tables: Readonly<Record<string, object>> = {
    Wifi_Radio_Config: config,
    Wifi_Radio_State: { if_name: "wifi0", freq_band: band, ...state },
  };
  const rows = ((table: string) =>
    new Map(tables[table] ? [[uuid, tables[table] as Row]] : [])) as unknown as TableReader;
  return doubtsOf("Wifi_Radio_Config", uuid, columns, rows);
}

describe("what a radio cannot do of an edit by hand", () => {
  for (const [title, columns, state, band, expected] of [
    ["nothing, where it can", { channel: 11 }, undefined, undefined, undefined],
    [
      "a channel that it does not allow",
      { channel: 99 },
      undefined,
      undefined,
      /channel 99 is not among those that wifi0/,
    ],
    ["a channel of another band, where it has not said which it has", { channel: 99 }, {}, undefined, /\(1, 2, .*13\)/],
    ["a width of which there is no channel", { ht_mode: "HT80" }, undefined, undefined, /no channel of 80 MHz has/],
    [
      "a width over channels that it does not have",
      { ht_mode: "HT80", channel: 36 },
      { allowed_channels: [36, 40] },
      "5G",
      /44, 48, too/,
    ],
    ["nothing of other columns", { tx_power: 99 }, undefined, undefined, undefined],
  ] as const) {
    it(`is ${title}`, () => {
      const found = doubts(columns, state, band);
      if (expected === undefined) assert.deepEqual(found, []);
      else assert.match(found.join(), expected);
    });
  }

  it("is not told of other tables, nor where the node's tables are not there yet", () => {
    assert.deepEqual(doubtsOf("Wifi_VIF_Config", uuid, { channel: 99 }, undefined), []);
    assert.deepEqual(doubtsOf("Wifi_Radio_Config", uuid, { channel: 99 }, undefined), []);
  });
});
