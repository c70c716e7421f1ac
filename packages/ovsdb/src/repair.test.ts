import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Database } from "./database.ts";
import { readDatabase } from "./database-reader.ts";
import type { JsonValue } from "./json.ts";
import { encodeRecord, readLog } from "./record.ts";
import { type RepairReport, repairFile } from "./repair.ts";
import { schemaFromJson } from "./schema.ts";
import { DatabaseFile } from "./storage.ts";
import { schemaJson, temporaryDirectory, transact } from "./test-support.ts";

const schema = schemaJson({
  Parent: {
    columns: {
      name: { type: "string" },
      kids: { type: { key: { type: "uuid", refTable: "Kid" }, min: 0, max: "unlimited" } },
    },
    indexes: [["name"]],
    isRoot: true,
    maxRows: 5,
  },
  Kid: { columns: { n: { type: "integer" }, text: { type: "string" } } },
});

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const parent = (n: number, row = {}) => ({
  op: "insert",
  table: "Parent",
  uuid: uuid(n),
  row: { name: `p${n}`, ...row },
});
const kid = (n: number, text = "") => ({ op: "insert", table: "Kid", uuid: uuid(n), row: { n, text } });
const kids = (...numbers: number[]) => ["set", numbers.map((n) => ["uuid", uuid(n)])];
const update = (n: number, row: JsonValue) => ({
  op: "update",
  table: "Parent",
  where: [["_uuid", "==", ["uuid", uuid(n)]]],
  row,
});

interface Journal {
  readonly path: string;
  readonly bytes: Buffer;
  readonly starts: readonly number[];
  /** Writes the file with `change` made to a copy of its bytes (or what `change` gives), repairs it, and gives what came of it. */
  repair(change: (bytes: Buffer) => unknown): { report: RepairReport; database: Database; out: string };
}

/** A file with one record for each transaction. */
async function journal(t: TestContext, ...transactions: JsonValue[][]): Promise<Journal> {
  const directory = temporaryDirectory(t);
  const path = join(directory, "test.db");
  const out = join(directory, "repaired.db");
  DatabaseFile.create(path, schema);
  const file = await DatabaseFile.open(path, { clock: new VirtualClock(), random: new SeededRandom(1) });
  for (const operations of transactions) {
    assert.ok(
      transact(file.database, operations).every((result) => result && !Object.hasOwn(result as object, "error")),
    );
  }
  await file.close();
  const bytes = readFileSync(path);
  const starts = [...readLog(path)].map(({ start }) => start);
  return {
    path,
    bytes,
    starts,
    repair(change) {
      const copy = Buffer.from(bytes);
      const changed = change(copy);
      const damaged = Buffer.isBuffer(changed) ? changed : copy;
      writeFileSync(path, damaged);
      const report = repairFile(path, out, { random: new SeededRandom(1) });
      assert.deepEqual(readFileSync(path), damaged, "the original is left alone");
      return { report, out, database: readDatabase(out, new SeededRandom(1)).database };
    },
  };
}

function names(database: Database): unknown[] {
  return [...database.rows("Parent").values()].map(({ name }) => name).sort();
}

function at(bytes: Buffer, text: string, from = 0): number {
  const found = bytes.indexOf(text, from);
  assert.notEqual(found, -1, text);
  return found;
}

describe("repair", () => {
  it("of a sound file copies it, comments and dates included", async (t) => {
    const { repair, path } = await journal(t, [parent(1), { op: "comment", comment: "why" }], [parent(2)]);
    const { report, out } = repair(() => {});
    assert.deepEqual(report.bad, []);
    assert.deepEqual([report.records, report.rows], [3, 2]);
    assert.deepEqual(
      [...readLog(out)].map(({ json }) => json),
      [...readLog(path)].map(({ json }) => json),
    );
    assert.equal(statSync(out).mode & 0o777, 0o600);
  });

  it("saves all records but the damaged ones, and lists these with offset, length and reason", async (t) => {
    const { repair, starts } = await journal(t, [parent(1)], [parent(2)], [parent(3)], [parent(4)]);
    const { report, database } = repair((bytes) => {
      bytes[at(bytes, '"p2"') + 1] = 0x58;
      bytes[at(bytes, '"p4"') + 1] = 0x58;
    });
    assert.deepEqual(names(database), ["p1", "p3"]);
    assert.deepEqual(
      report.bad.map(({ offset, length, reason }) => [offset, length, reason.slice(0, 8)]),
      [
        [starts[2], (starts[3] as number) - (starts[2] as number), "checksum"],
        [starts[4], report.bad[1]?.length, "checksum"],
      ],
    );
  });

  it("goes on behind a header whose length is damaged, and saves that record by its checksum", async (t) => {
    const { repair, starts } = await journal(t, [parent(1)], [parent(2)], [parent(3)]);
    for (const change of ["OVSDB JSON 9", "OVSDB JSON x", "OVSDB JSOM 1"]) {
      const { report, database, out } = repair((bytes) => {
        bytes.write(change, starts[2] as number, "latin1");
      });
      assert.deepEqual(names(database), ["p1", "p2", "p3"]);
      assert.deepEqual([report.bad.length, report.rescued.map(({ offset }) => offset)], [0, [starts[2]]]);
      rmSync(out);
    }
  });

  it("goes on at the next header where bytes are missing, or were put in between", async (t) => {
    const { repair, starts, bytes } = await journal(t, [parent(1)], [parent(2)], [parent(3)]);
    const cut = bytes.subarray(0, (starts[2] as number) + 20);
    const { report, database } = repair(() => Buffer.concat([cut, Buffer.from("junk\n"), bytes.subarray(starts[3])]));
    assert.deepEqual(names(database), ["p1", "p3"]);
    assert.deepEqual(
      report.bad.map(({ offset, length }) => [offset, length]),
      [[starts[2], 25]],
    );
  });

  it("goes on at a header that has lost the line feed before it", async (t) => {
    const { repair, starts } = await journal(t, [parent(1)], [parent(2)], [parent(3)]);
    const { database } = repair((bytes) => {
      bytes[(starts[2] as number) - 1] = 0x20;
    });
    assert.deepEqual(names(database), ["p2", "p3"]);
  });

  it("lists an incomplete record at the end", async (t) => {
    const { repair, starts } = await journal(t, [parent(1)], [parent(2)]);
    const { report, database } = repair((bytes) => bytes.subarray(0, -5));
    assert.deepEqual(names(database), ["p1"]);
    assert.equal(report.bad[0]?.offset, starts[2]);
    assert.match(report.bad[0]?.reason ?? "", /^incomplete/);
  });

  it("leaves out a deletion of a row that a bad record had inserted", async (t) => {
    const { repair, starts } = await journal(
      t,
      [parent(1)],
      [{ op: "delete", table: "Parent", where: [] }],
      [parent(2)],
    );
    const { report, database } = repair((bytes) => {
      bytes[at(bytes, '"p1"') + 1] = 0x58;
    });
    assert.deepEqual(names(database), ["p2"]);
    const [{ offset, what, reason } = { offset: 0, what: "", reason: "" }] = report.leftOut;
    assert.deepEqual([offset, what], [starts[2], `Parent ${uuid(1)}`]);
    assert.match(reason, /does not exist/);
  });

  it("leaves out just the column that refers to a row that a bad record had inserted", async (t) => {
    const { repair, starts } = await journal(
      t,
      [kid(7, "lost"), parent(1, { kids: kids(7) })],
      [kid(8), parent(2, { kids: kids(8) })],
      [parent(3, { kids: kids(7) })],
    );
    const { report, database } = repair((bytes) => {
      bytes[at(bytes, '"lost"') + 1] = 0x58;
    });
    assert.deepEqual(names(database), ["p2", "p3"]);
    assert.deepEqual(
      [...database.rows("Kid").values()].map(({ n }) => n),
      [8],
    );
    assert.deepEqual(
      report.leftOut.map(({ offset, what }) => [offset, what]),
      [[starts[3], `Parent ${uuid(3)} kids`]],
    );
    assert.match(report.leftOut[0]?.reason ?? "", /references nonexistent row/);
  });

  it("leaves out a row that would take the place of one whose end a bad record told", async (t) => {
    const { repair } = await journal(
      t,
      [parent(1), parent(2)],
      [
        { op: "delete", table: "Parent", where: [["name", "==", "p1"]] },
        { op: "comment", comment: "gone" },
      ],
      [parent(3, { name: "p1" }), parent(4)],
      [update(2, { name: "two" })],
    );
    const { report, database } = repair((bytes) => {
      bytes[at(bytes, '"gone"') + 1] = 0x58;
    });
    assert.deepEqual(names(database), ["p1", "p4", "two"]);
    assert.deepEqual(
      report.leftOut.map(({ what }) => what),
      [`Parent ${uuid(3)}`],
    );
  });

  it("leaves out rows beyond the number that a table may have", async (t) => {
    const { repair } = await journal(
      t,
      [parent(1), parent(2), parent(3)],
      [
        { op: "delete", table: "Parent", where: [] },
        { op: "comment", comment: "gone" },
      ],
      [parent(4), parent(5), parent(6)],
    );
    const { report, database } = repair((bytes) => {
      bytes[at(bytes, '"gone"') + 1] = 0x58;
    });
    assert.equal(database.rows("Parent").size, 5);
    assert.equal(report.leftOut.length, 1);
    assert.match(report.leftOut[0]?.reason ?? "", /greater than the schema-defined limit of 5/);
  });

  it("leaves out what is well-formed but not of the schema", async (t) => {
    const { repair } = await journal(t, [parent(1)]);
    const alien = {
      X: { [uuid(9)]: { a: 1 } },
      Parent: { [uuid(2)]: { name: "p2", more: 1, kids: 5 } },
      _comment: "alien",
    };
    const { report, database } = repair((bytes) =>
      Buffer.concat([bytes, Buffer.from(encodeRecord(JSON.stringify(alien)))]),
    );
    assert.deepEqual(names(database), ["p1", "p2"]);
    assert.deepEqual(
      report.leftOut.map(({ what }) => what),
      [`X ${uuid(9)}`, `Parent ${uuid(2)} more`, `Parent ${uuid(2)} kids`],
    );
  });

  it("needs the schema where that of the file is damaged", async (t) => {
    const { path, bytes } = await journal(t, [parent(1)]);
    const damaged = Buffer.from(bytes);
    damaged[at(bytes, "Parent")] = 0x58;
    writeFileSync(path, damaged);
    const out = `${path}.new`;
    assert.throws(
      () => repairFile(path, out, { random: new SeededRandom(1) }),
      /the schema, cannot be read; .*--schema/,
    );
    assert.ok(!existsSync(out));
    const report = repairFile(path, out, { random: new SeededRandom(1), schema: schemaFromJson(schema) });
    assert.deepEqual([report.bad.length, report.records, report.rows], [1, 2, 1]);
  });

  it("never writes over a file", async (t) => {
    const { path } = await journal(t, [parent(1)]);
    assert.throws(() => repairFile(path, path, { random: new SeededRandom(1) }), /exists already/);
  });

  it("of a file with any single bit wrong saves all records but one, and gives a file that opens", async (t) => {
    const { path, bytes, starts } = await journal(t, [parent(1)], [parent(2)]);
    const known = { random: new SeededRandom(1), schema: schemaFromJson(schema) };
    const first = starts[1] as number;
    for (let bit = first * 8; bit < bytes.length * 8; bit += 7) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      writeFileSync(path, flipped);
      const out = `${path}.${bit}`;
      const report = repairFile(path, out, known);
      assert.ok(report.rows >= 1, `bit ${bit}`);
      assert.equal(readDatabase(out, new SeededRandom(1)).database.rows("Parent").size, report.rows, `bit ${bit}`);
    }
  });
});
