import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import * as limits from "./limits.ts";
import type { Change } from "./reconcile.ts";
import { rowId } from "./rows.ts";
import { WithheldRows } from "./withheld-rows.ts";

describe("rows that are left alone for now", () => {
  it("are those that are brought back again and again, and none once the home states something else", () => {
    const clock = new VirtualClock();
    const withheld = new WithheldRows(clock);
    const change: Change = {
      ...{ kind: "update", table: "Wifi_VIF_Config", uuid: "a" as Uuid, row: { ssid: "Mine" }, was: { ssid: "Other" } },
      id: rowId("Wifi_VIF_Config", { if_name: "home-ap-24" }),
    };
    for (let n = 0; n < limits.repairsPerWindow; n++) {
      assert.equal(withheld.contested([change]).size, 0);
      withheld.wrote([change], []);
    }
    assert.equal(withheld.contested([change]).get(change.id)?.status, "contested");
    withheld.refuse(change.id, "not on this node");
    withheld.forget();
    assert.deepEqual([withheld.contested([change]).size, withheld.refused().size], [0, 0]);
    withheld.stop();
  });
});
