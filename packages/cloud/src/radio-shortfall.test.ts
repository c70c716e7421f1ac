import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { Row } from "@opensync-ts/ovsdb/datum";
import * as limits from "./limits.ts";
import { LateRadios, radioShortfalls } from "./radio-shortfall.ts";
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
  for (const [title, config, state, more, expected] of [
    ["are none where all is so", {}, {}, {}, []],
    ["are named with what they were told", { channel: 99 }, {}, {}, ["wifi0, channel 99"]],
    ["with all of it", { channel: 99, ht_mode: "HT160" }, {}, {}, ["wifi0, channel 99 and HT160"]],
    ["are those that are to be off", { enabled: false, channel: 99 }, {}, {}, ["wifi0, off"]],
    ["are not those that are off, as they are to be", { enabled: false, channel: 99 }, { enabled: false }, {}, []],
    ["are not those whose channel radar was heard on", { channel: 100 }, { channels: barred }, {}, []],
    ["are not those that follow a parent", { channel: 99, vif_configs: ["Wifi_VIF_Config 0"] }, {}, uplink, []],
    ["are not those that report nothing", { channel: 99 }, { channel: null }, {}, []],
  ] as const) {
    it(title, () =>
      assert.deepEqual(
        radioShortfalls(aRadio(config, state, more)).map(({ text }) => text),
        expected,
      ),
    );
  }

  it("are told of once they had their time, and no longer once they are as they were told", async () => {
    const clock = new VirtualClock();
    const late = new LateRadios(clock);
    const wrong = aRadio({ channel: 99 }, {});
    late.look(aRadio({}, {}));
    late.look(wrong);
    assert.equal(late.note, null);
    const deadline = radioShortfalls(wrong)[0]?.deadline ?? 0;
    await clock.advance(deadline - 1);
    late.look(wrong);
    assert.equal(late.note, null);
    await clock.advance(1);
    assert.equal(late.note, "one radio is not as it was told: wifi0, channel 99");
    late.look(aRadio({}, {}));
    assert.equal(late.note, null);
  });

  it("have longer where they listen for radar first", () => {
    assert.equal(radioShortfalls(aRadio({ channel: 100 }, {}))[0]?.deadline, limits.radarProofMs);
    assert.equal(radioShortfalls(aRadio({ channel: 44 }, {}))[0]?.deadline, limits.proofMs);
  });
});
