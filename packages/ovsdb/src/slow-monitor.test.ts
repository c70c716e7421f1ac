import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Database } from "./database.ts";
import type { Datum } from "./datum.ts";
import { datumFromJson, datumToJson, defaultDatum } from "./datum-json.ts";
import { applyDiff } from "./datum-ops.ts";
import type { JsonObject } from "./json.ts";
import { rowToJson } from "./result-json.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";
import type { ServerLimits } from "./server.ts";
import { nextTurn, testServer } from "./test-server.ts";

const insert = (row: object) => ({ op: "insert", table: "Radio", row });

async function monitored(requests: object, method: string, limits: Partial<ServerLimits> = {}) {
  const setup = testServer({ limits });
  const [client, writer] = [setup.connect(), setup.connect()];
  const initial = (await client.ask(method, ["Test", "m", requests])) as JsonObject;
  return { ...setup, client, writer, initial };
}

describe("a monitor whose client does not read", () => {
  const many = Array.from({ length: 2000 }, (_, i) => insert({ name: `r${i}`, tags: ["set", ["x".repeat(500)]] }));
  const all = { op: "update", table: "Radio", where: [] };

  it("is told the net change of each row once it reads again, and ends up in the right state", async () => {
    const { client, writer, database } = await monitored({ Radio: [{}] }, "monitor_cond");
    await writer.transact(...many);
    client.transport.pause();
    for (let round = 1; round <= 8; round++) {
      await writer.transact({ ...all, row: { counter: round, tags: ["set", [String(round).repeat(500)]] } });
      await writer.transact(insert({ name: `passing${round}` }));
      await writer.transact({ op: "delete", table: "Radio", where: [["name", "==", `passing${round}`]] });
    }
    await writer.transact({ op: "delete", table: "Radio", where: [["name", "==", "r7"]] });
    client.transport.resume();
    const replica = new Replica(database.schema.tables.get("Radio") as TableSchema);
    const updates = (await client.notifications()) as [string, string, { Radio: JsonObject }][];
    for (const [, , { Radio }] of updates) replica.apply(Radio);
    const passing = updates
      .flatMap(([, , { Radio }]) => Object.values(Radio))
      .filter((row) => /passing/.test(JSON.stringify(row)));
    assert.ok(updates.length < 10, `${updates.length} updates for 26 transactions`);
    assert.ok(passing.length < 4, "rows that came and went meanwhile are not told");
    assert.deepEqual(replica.rows(), rowsOf(database));
  });

  it("gets its own transaction's changes before the reply all the same", async () => {
    const { client, writer } = await monitored({ Radio: [{ columns: ["counter", "tags"] }] }, "monitor");
    await writer.transact(...many);
    client.transport.pause();
    const wait = {
      op: "wait",
      table: "Radio",
      where: [["name", "==", "go"]],
      columns: ["name"],
      until: "==",
      rows: [{ name: "go" }],
    };
    client.write(
      JSON.stringify({ id: "w", method: "transact", params: ["Test", wait, { ...all, row: { counter: 77 } }] }),
    );
    await nextTurn();
    for (let round = 0; round < 5; round++) await writer.transact({ ...all, row: { counter: round } });
    await writer.transact(insert({ name: "go" }));
    client.transport.resume();
    await nextTurn();
    const reply = client.received.findIndex(({ id }) => id === "w");
    const last = client.received.findLastIndex((message) => message.method === "update");
    assert.ok(reply >= 0 && last < reply);
    assert.match(JSON.stringify(client.received[last]), /"counter":77/);
  });

  it("is cut off, with a line in the log, when more rows wait than are kept for it", async () => {
    const limits = { maxMergedRows: 3 * many.length };
    const { client, writer, log } = await monitored({ Radio: [{ columns: ["counter", "tags"] }] }, "monitor", limits);
    client.transport.pause();
    for (let round = 0; round < 6; round++) {
      await writer.transact(...many.map(({ row }, i) => insert({ ...row, name: `${round} ${i}` })));
    }
    assert.ok(log.records().some(({ text }) => /closed .*: reads too slowly: changes of 6000 rows wait/.test(text)));
    assert.deepEqual(await writer.ask("echo", []), []);
  });
});

/** The rows of a monitor of form 2, kept as a client keeps them. */
class Replica {
  readonly #table: TableSchema;
  readonly #rows = new Map<string, Record<string, Datum>>();

  constructor(table: TableSchema) {
    this.#table = table;
  }

  apply(updates: JsonObject): void {
    for (const [uuid, update] of Object.entries(updates)) {
      const { initial, insert: inserted, modify } = update as { [kind: string]: JsonObject | undefined };
      if (initial || inserted) this.#rows.set(uuid, this.#merge({}, (initial ?? inserted) as JsonObject, false));
      else if (modify) this.#rows.set(uuid, this.#merge(this.#rows.get(uuid) ?? {}, modify, true));
      else this.#rows.delete(uuid);
    }
  }

  rows(): unknown {
    return Object.fromEntries(
      [...this.#rows].map(([uuid, row]) => {
        const columns = [...this.#table.columns.values()].map((column) => {
          return [column.name, datumToJson(column, row[column.name] ?? defaultDatum(column))];
        });
        return [uuid, Object.fromEntries(columns)];
      }),
    );
  }

  #merge(row: Record<string, Datum>, columns: JsonObject, diff: boolean): Record<string, Datum> {
    const merged = { ...row };
    for (const [name, json] of Object.entries(columns)) {
      const column = this.#table.columns.get(name);
      if (!column) continue;
      const datum = datumFromJson({ ...column, min: 0, max: Number.POSITIVE_INFINITY } as ColumnSchema, json);
      merged[name] = diff ? applyDiff(column, row[name] ?? defaultDatum(column), datum) : datum;
    }
    return merged;
  }
}

function rowsOf(database: Database): unknown {
  const table = database.schema.tables.get("Radio") as TableSchema;
  const rows = [...database.rows("Radio").values()];
  return Object.fromEntries(rows.map((row) => [row._uuid, rowToJson(table, row, [...table.columns.keys()])]));
}
