import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changedColumns, isEmpty, sameValue } from "./record.ts";
import { unsetRadioState, unsetVifState } from "./rows.ts";

describe("a record with nothing said", () => {
  it("holds what the database puts into a new row", () => {
    const { if_name, wpa_psks, mac_list, enabled, wps_pbc_key_id } = unsetVifState;
    assert.deepEqual(
      { if_name, wpa_psks, mac_list, enabled, wps_pbc_key_id },
      { if_name: "", wpa_psks: new Map(), mac_list: [], enabled: null, wps_pbc_key_id: "" },
    );
  });

  it("leaves references and PM's thermal columns alone", () => {
    assert.equal("associated_clients" in unsetVifState, false);
    assert.equal("vif_states" in unsetRadioState, false);
    assert.equal("thermal_downgraded" in unsetRadioState, false);
    assert.equal("thermal_tx_chainmask" in unsetRadioState, true);
  });
});

describe("comparing records", () => {
  it("sees equal sets and maps as equal, whatever objects they are", () => {
    assert.equal(sameValue([1, 2], [1, 2]), true);
    assert.equal(sameValue([1, 2], [1]), false);
    assert.equal(
      sameValue(
        new Map([
          ["a", 1],
          ["b", 2],
        ]),
        new Map([
          ["b", 2],
          ["a", 1],
        ]),
      ),
      true,
    );
    assert.equal(sameValue(new Map([["a", 1]]), new Map([["a", 2]])), false);
    assert.equal(sameValue(null, ""), false);
  });

  it("gives the columns that differ and nothing else", () => {
    const last = { ...unsetVifState, ssid: "one", channel: 6 };
    assert.deepEqual(changedColumns(last, { ...last, ssid: "two" }), { ssid: "two" });
    assert.equal(isEmpty(changedColumns(last, { ...last })), true);
  });
});
