import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { Row } from "@opensync-ts/ovsdb/datum";
import * as limits from "./limits.ts";
import { RadioFaults, radioShortfalls } from "./radio-shortfall.ts";
import { differencesText } from "./radio-words.ts";
import type { TableReader } from "./rows.ts";

type Rows = Readonly<Record<string, readonly object[]>>;

const readerOf = (tables: Rows): TableReader =>
  ((table: string) =>
    new Map((tables[table] ?? []).map((row, index) => [`${table} ${index}`, row as Row]))) as unknown as TableReader;

function aRadio(config: object, state: object, more: Rows = {}): TableReader {
  const radio = { if_name: "wifi0", freq_band: "5G", enabled: true, channel: 36, ht_mode: "HT80" };
  const rows = { Wifi_Radio_Config: [{ ...radio, ...config }], Wifi_Radio_State: [{ ...radio, ...state }] };
  return readerOf({ ...rows, ...more });
}

describe("radios that are not as they were told", () => {
  const barred = new Map([["100", '{"state": "nop_started"}']]);
  const uplink = { Wifi_VIF_Config: [{ if_name: "bhaul-sta-50", mode: "sta" }] };
  const closed = { allowed_channels: [36, 40, 44, 48] };
  for (const [title, config, state, more, expected] of [
    ["are none where all is so", {}, {}, {}, []],
    ["are told with what they do instead", { channel: 44 }, {}, {}, ["channel 44 asked for, 36 is on"]],
    [
      "are told with why that will never be so",
      ...([{ channel: 99 }, closed, {}, ["channel 99 asked for, 36 is on, and it may not use 99"]] as const),
    ],
    [
      "are told with all of it",
      ...([
        { channel: 44, ht_mode: "HT160", tx_power: 30, tx_chainmask: 3 },
        { tx_power: 20, tx_chainmask: 1 },
      ] as const),
      {},
      [
        "channel 44 asked for, 36 is on; a width of 160 MHz asked for, it is 80 MHz wide; 30 dBm asked for, it sends with 20 dBm; transmit chains 3 asked for, it sends with 1",
      ],
    ],
    ["are those that are to be off", { enabled: false, channel: 99 }, {}, {}, ["off asked for, it is on"]],
    ["are not those that are off, as they are to be", { enabled: false, channel: 99 }, { enabled: false }, {}, []],
    ["are not those whose channel radar was heard on", { channel: 100 }, { channels: barred }, {}, []],
    ["are not those that follow a parent", { channel: 99, vif_configs: ["Wifi_VIF_Config 0"] }, {}, uplink, []],
    ["are not those that report nothing", { channel: 99 }, { channel: null }, {}, []],
  ] as const) {
    it(title, () => assert.deepEqual(radioShortfalls(aRadio(config, state, more)).map(differencesText), expected));
  }

  it("are not those of which the document states what they are to be", () => {
    const rows = aRadio({ channel: 44, tx_power: 30 }, { tx_power: 20 });
    const found = radioShortfalls(rows, (ifName, column) => `${ifName} ${column}` === "wifi0 channel");
    assert.deepEqual(found.map(differencesText), ["30 dBm asked for, it sends with 20 dBm"]);
  });

  it("are known at once, late once they had their time, and none once they are as they were told", async () => {
    const clock = new VirtualClock();
    const faults = new RadioFaults(clock);
    const state = () => faults.faults.map(({ isLate }) => (isLate ? "late" : "waiting"));
    const wrong = aRadio({ channel: 44 }, {});
    assert.deepEqual([faults.look(aRadio({}, {})), state()], [false, []]);
    assert.deepEqual([faults.look(wrong), state()], [true, ["waiting"]]);
    const deadline = radioShortfalls(wrong)[0]?.deadline ?? 0;
    assert.equal(faults.nextDeadline, clock.now() + deadline);
    await clock.advance(deadline - 1);
    assert.deepEqual([faults.look(wrong), state()], [false, ["waiting"]]);
    await clock.advance(1);
    assert.deepEqual([faults.look(wrong), state(), faults.nextDeadline], [true, ["late"], undefined]);
    assert.deepEqual([faults.look(aRadio({}, {})), state()], [true, []]);
  });

  it("have no time where the radio has said that it cannot", () => {
    const faults = new RadioFaults(new VirtualClock());
    faults.look(aRadio({ channel: 99 }, closed));
    assert.deepEqual([faults.faults[0]?.isLate, faults.nextDeadline], [true, undefined]);
  });

  it("have longer where they listen for radar first", () => {
    assert.equal(radioShortfalls(aRadio({ channel: 100 }, {}))[0]?.deadline, limits.radarProofMs);
    assert.equal(radioShortfalls(aRadio({ channel: 44 }, {}))[0]?.deadline, limits.proofMs);
  });
});
