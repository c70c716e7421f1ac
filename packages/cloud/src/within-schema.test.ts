import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigTable, DesiredRow, DesiredState } from "./rows.ts";
import { withinSchema } from "./within-schema.ts";

const row = (table: ConfigTable, name: string, rest: Partial<DesiredRow> = {}): DesiredRow => ({
  id: `${table} ${name}`,
  table,
  key: { if_name: name },
  columns: {},
  entries: {},
  references: null,
  initial: {},
  stated: "networks[0]",
  ...rest,
});
const desired = (...rows: DesiredRow[]): DesiredState => ({ rows, refusals: [], silent: new Set() });
const lacking =
  (...names: string[]) =>
  (table: ConfigTable, column?: string) =>
    names.includes(column === undefined ? table : `${table}.${column}`);

describe("what a home wants of a node whose schema is another", () => {
  it("is the very same where nothing is lacking", () => {
    const wanted = desired(row("Wifi_VIF_Config", "home-ap-24", { columns: { ssid: "Home" } }));
    assert.equal(withinSchema(wanted, lacking("Wifi_VIF_Config.other")), wanted);
  });

  it("leaves a table out, and who would refer to its rows without them", () => {
    const vif = row("Wifi_VIF_Config", "home-ap-24");
    const radio = row("Wifi_Radio_Config", "wifi0", {
      references: { column: "vif_configs", table: "Wifi_VIF_Config", to: [vif.id] },
    });
    const { rows, refusals } = withinSchema(desired(vif, radio), lacking("Wifi_VIF_Config"));
    assert.deepEqual(rows, [{ ...radio, references: { ...radio.references, to: [] } }]);
    assert.deepEqual(refusals, [
      { id: vif.id, stated: "networks[0]", reason: "the node's schema has no table Wifi_VIF_Config" },
    ]);
  });

  it("leaves columns, entries and references out, in one refusal of its own, and provisions the rest of the row", () => {
    const wanted = row("Wifi_VIF_Config", "home-ap-24", {
      columns: { ssid: "Home", pmf: "optional" },
      entries: { wpa_oftags: new Map([["key", "home"]]) },
      initial: { mode: "ap", wds: true },
      references: { column: "neighbors", table: "Wifi_VIF_Neighbors", to: [] },
    });
    const names = ["pmf", "wpa_oftags", "neighbors", "wds"].map((name) => `Wifi_VIF_Config.${name}`);
    const { rows, refusals } = withinSchema(desired(wanted), lacking(...names));
    assert.deepEqual(rows, [
      { ...wanted, columns: { ssid: "Home" }, entries: {}, initial: { mode: "ap" }, references: null },
    ]);
    assert.equal(refusals.length, 1);
    assert.match(refusals[0]?.reason ?? "", /no columns pmf, wpa_oftags, neighbors in Wifi_VIF_Config; the rest/);
    assert.notEqual(refusals[0]?.id, wanted.id);
  });

  it("leaves a row out that cannot be told from others", () => {
    const wanted = desired(row("Wifi_VIF_Config", "home-ap-24"));
    const { rows, refusals } = withinSchema(wanted, lacking("Wifi_VIF_Config.if_name"));
    assert.deepEqual(rows, []);
    assert.match(refusals[0]?.reason ?? "", /no column if_name in Wifi_VIF_Config, by which its rows are told apart/);
  });
});
