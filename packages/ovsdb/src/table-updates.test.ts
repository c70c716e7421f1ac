import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row } from "./datum.ts";
import type { JsonValue } from "./json.ts";
import { replicaLimits } from "./limits.ts";
import { schemaFromJson } from "./schema-json.ts";
import { differencesFromJson, updatesFromJson, watchedTable } from "./table-updates.ts";

const schema = schemaFromJson({
  name: "Test",
  version: "1.0.0",
  tables: {
    Radio: {
      columns: {
        name: { type: "string" },
        channels: { type: { key: "integer", min: 0, max: "unlimited" } },
        states: { type: { key: "string", value: "string", min: 0, max: "unlimited" } },
        vifs: { type: { key: { type: "uuid", refTable: "Vif" }, min: 0, max: "unlimited" } },
      },
    },
    Vif: { columns: { name: { type: "string" } } },
  },
} as never);
const watched = new Map(
  [...schema.tables.values()].map(({ name, columns }) => [name, watchedTable([...columns.values()])]),
);
const [radio, vif] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];

/** The radio of a new replica whose peer tells this. */
function told(columns: { readonly [column: string]: JsonValue }): Row {
  const contents = { Radio: { [radio]: { new: columns } }, Vif: { [vif]: { new: { name: "home-ap-24" } } } };
  const updates = differencesFromJson(watched, contents, () => new Map());
  return updates.find(({ table }) => table === "Radio")?.new as Row;
}

describe("rows of replicas", () => {
  it("have equal sets and maps of one column as one object, also those of other peers and of later updates", () => {
    const columns = { channels: ["set", [1, 6, 11]], states: ["map", [["1", "up"]]] };
    const [a, b] = [told(columns), told(columns)];
    assert.deepEqual([a.channels, a.states], [[1, 6, 11], new Map([["1", "up"]])]);
    assert.equal(a.channels, b.channels);
    assert.equal(a.states, b.states);
    const other = told({ channels: 6 });
    assert.deepEqual(other.channels, [6]);
    const update = { Radio: { [radio]: { old: { channels: 6 }, new: columns } } };
    const [change] = updatesFromJson(
      watched,
      1,
      update,
      (table) => new Map(table === "Radio" ? [[radio, other]] : []) as never,
    );
    assert.equal(change?.new?.channels, a.channels);
  });

  it("do not share what is longer than is worth keeping", () => {
    const channels = ["set", Array.from({ length: replicaLimits.sharedValueLength / 4 }, (_, index) => 1000 + index)];
    const [a, b] = [told({ channels }), told({ channels })];
    assert.deepEqual(a.channels, b.channels);
    assert.notEqual(a.channels, b.channels);
  });

  it("refer to others as before", () => {
    assert.deepEqual(told({ vifs: ["uuid", vif] }).vifs, [vif]);
    assert.deepEqual(
      told({
        vifs: [
          "set",
          [
            ["uuid", vif],
            ["uuid", radio],
          ],
        ],
      }).vifs,
      [radio, vif],
    );
    assert.deepEqual(told({ vifs: ["set", []] }).vifs, []);
  });
});
