/**
 * Schemas that are none, and borderline ones: our server refuses what Open vSwitch's does, in the same words, takes what that takes, and
 * shows it as that does.
 */

import { after, before, describe, it } from "node:test";
import type { JsonValue } from "./json.ts";
import { type BothServers, sameOnBoth, serveBoth } from "./test-both-servers.ts";
import { without } from "./test-process.ts";

const column = (type: JsonValue, more: object = {}): JsonValue => ({
  name: "S",
  tables: { T: { columns: { c: { type, ...more } } } },
});
const table = (members: object): JsonValue => ({
  name: "S",
  tables: { T: { columns: { c: { type: "integer" } }, ...members } },
});
const base = (key: JsonValue): JsonValue => column({ key });

const schemas: readonly JsonValue[] = [
  // Databases
  5,
  {},
  { name: "S" },
  { name: "S", tables: [] },
  { name: "S", tables: {} },
  { name: "S", tables: {}, version: "1.2.3", cksum: "1 2" },
  { name: "S", tables: {}, version: "1.2" },
  { name: "S", tables: {}, version: "1.2.x" },
  { name: "S", tables: {}, version: 1 },
  { name: "S", tables: {}, cksum: 1 },
  { name: "S", tables: {}, extra: 1 },
  { name: "a b", tables: {} },
  // Tables
  { name: "S", tables: { T: 5 } },
  { name: "S", tables: { T: {} } },
  { name: "S", tables: { T: { columns: {} } } },
  { name: "S", tables: { T: { columns: [] } } },
  { name: "S", tables: { _T: { columns: { c: { type: "integer" } } } } },
  { name: "S", tables: { "a b": { columns: { c: { type: "integer" } } } } },
  { name: "S", tables: { "0": { columns: { c: { type: "integer" } } } } },
  table({ extra: 1 }),
  table({ maxRows: 0 }),
  table({ maxRows: 1 }),
  table({ maxRows: "1" }),
  table({ isRoot: true }),
  table({ isRoot: 1 }),
  table({ indexes: 1 }),
  table({ indexes: [] }),
  table({ indexes: [["c"]] }),
  table({ indexes: [[]] }),
  table({ indexes: ["c"] }),
  table({ indexes: [["nope"]] }),
  table({ indexes: [["c", "c"]] }),
  table({ indexes: [["_uuid"]] }),
  table({ indexes: [[5]] }),
  { name: "S", tables: { T: { columns: { c: { type: "integer", ephemeral: true } }, indexes: [["c"]] } } },
  // Columns
  { name: "S", tables: { T: { columns: { c: 5 } } } },
  { name: "S", tables: { T: { columns: { c: {} } } } },
  { name: "S", tables: { T: { columns: { _c: { type: "integer" } } } } },
  { name: "S", tables: { T: { columns: { "a b": { type: "integer" } } } } },
  column("integer", { extra: 1 }),
  column("integer", { ephemeral: 1 }),
  column("integer", { ephemeral: true, mutable: false }),
  column("integer", { mutable: "no" }),
  // Types
  column("nope"),
  column(5),
  column({}),
  column({ key: "nope" }),
  column({ key: "integer" }),
  column({ key: "void" }),
  column({ key: "integer", value: "nope" }),
  column({ key: "integer", value: "string" }),
  column({ key: "integer", min: 0 }),
  column({ key: "integer", min: 2 }),
  column({ key: "integer", min: -1 }),
  column({ key: "integer", min: "0" }),
  column({ key: "integer", max: 0 }),
  column({ key: "integer", max: 5 }),
  column({ key: "integer", min: 5, max: 5 }),
  column({ key: "integer", min: 1, max: 5 }),
  column({ key: "integer", max: "unlimited" }),
  column({ key: "integer", max: "many" }),
  column({ key: "integer", max: 1.5 }),
  column({ key: "integer", extra: 1 }),
  // Base types
  base({}),
  base({ type: "nope" }),
  base({ type: "integer", extra: 1 }),
  base({ type: "integer", minInteger: 1 }),
  base({ type: "integer", minInteger: 1, maxInteger: 0 }),
  base({ type: "integer", minInteger: 1, maxInteger: 1 }),
  base({ type: "integer", minInteger: "1" }),
  base({ type: "integer", minInteger: 1.5 }),
  base({ type: "integer", minReal: 1 }),
  base({ type: "real", minReal: 1, maxReal: 0.5 }),
  base({ type: "real", minReal: -1.5, maxReal: 1.5 }),
  base({ type: "real", minReal: "x" }),
  base({ type: "boolean", minInteger: 1 }),
  base({ type: "boolean", enum: true }),
  base({ type: "string", minLength: 1, maxLength: 5 }),
  base({ type: "string", minLength: 5, maxLength: 1 }),
  base({ type: "string", minLength: -1 }),
  base({ type: "string", maxLength: "x" }),
  base({ type: "string", enum: ["set", ["b", "a"]] }),
  base({ type: "string", enum: ["set", []] }),
  base({ type: "string", enum: ["set", ["a", "a"]] }),
  base({ type: "string", enum: ["set", ["a", 1]] }),
  base({ type: "string", enum: "a" }),
  base({ type: "string", enum: 5 }),
  base({ type: "string", enum: ["a"], minLength: 1 }),
  base({ type: "string", enum: "a", minLength: 1 }),
  base({ type: "integer", enum: ["set", [3, 1, 2]] }),
  base({ type: "uuid", enum: ["uuid", "11111111-0000-4000-8000-000000000000"] }),
  base({ type: "uuid", refTable: "T" }),
  base({ type: "uuid", refTable: "Nope" }),
  base({ type: "uuid", refTable: 5 }),
  base({ type: "uuid", refTable: "a b" }),
  base({ type: "uuid", refTable: "T", refType: "weak" }),
  base({ type: "uuid", refTable: "T", refType: "strong" }),
  base({ type: "uuid", refTable: "T", refType: "none" }),
  base({ type: "uuid", refType: "weak" }),
  base({ type: "integer", refTable: "T" }),
  column({ key: "string", value: { type: "uuid", refTable: "Nope" } }),
  column({ key: { type: "uuid", refTable: "T", refType: "weak" } }, { mutable: false }),
];

describe("schemas, against ovsdb-server", { skip: without("ovsdb-server") }, () => {
  let servers: BothServers;
  before(async () => {
    servers = await serveBoth({ name: "S", version: "0.0.1", tables: {} } as { readonly name: string });
  });
  after(() => servers.stop());

  for (const schema of schemas) {
    it(JSON.stringify(schema), async () => {
      const clients = await servers.connect();
      await sameOnBoth(clients, JSON.stringify(schema), async (client) => {
        await client.ask("set_db_change_aware", [true]);
        const { error } = await client.ask("convert", ["S", schema]);
        return [error ?? null, await client.ask("get_schema", ["S"])];
      });
    });
  }
});
