/** Every kind of column with every kind of value, condition and mutation: our server answers as Open vSwitch's does. */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type BothServers, sameAnswers, serveBoth } from "./test-both-servers.ts";
import { without } from "./test-process.ts";

const many = { min: 0, max: "unlimited" };
const uuidA = "aaaaaaaa-0000-4000-8000-000000000001";
const uuidB = "bbbbbbbb-0000-4000-8000-000000000002";

/** Column types by column name. */
const types: { readonly [column: string]: unknown } = {
  i: "integer",
  r: "real",
  b: "boolean",
  s: "string",
  u: "uuid",
  iOpt: { key: "integer", min: 0 },
  rOpt: { key: "real", min: 0 },
  bOpt: { key: "boolean", min: 0 },
  sOpt: { key: "string", min: 0 },
  uOpt: { key: "uuid", min: 0 },
  iSet: { key: "integer", ...many },
  rSet: { key: "real", ...many },
  bSet: { key: "boolean", ...many },
  sSet: { key: "string", ...many },
  uSet: { key: "uuid", ...many },
  iMap: { key: "integer", value: "integer", ...many },
  rMap: { key: "real", value: "boolean", ...many },
  sMap: { key: "string", value: "string", ...many },
  uMap: { key: "uuid", value: "uuid", ...many },
  oneOrTwo: { key: "integer", min: 1, max: 2 },
  upToTwo: { key: "string", min: 0, max: 2 },
  onePair: { key: "string", value: "integer", min: 1, max: 1 },
  iFrom: { key: { type: "integer", minInteger: -5 } },
  iTo: { key: { type: "integer", maxInteger: 5 } },
  iRange: { key: { type: "integer", minInteger: -5, maxInteger: 5 } },
  rFrom: { key: { type: "real", minReal: -1.5 } },
  rTo: { key: { type: "real", maxReal: 1.5 } },
  rRange: { key: { type: "real", minReal: -1.5, maxReal: 1.5 } },
  sFrom: { key: { type: "string", minLength: 2 }, min: 0 },
  sTo: { key: { type: "string", maxLength: 2 } },
  sRange: { key: { type: "string", minLength: 1, maxLength: 2 }, min: 0 },
  iEnum: { key: { type: "integer", enum: ["set", [0, -1, 1]] } },
  rEnum: { key: { type: "real", enum: ["set", [0, 1.5]] } },
  bEnum: { key: { type: "boolean", enum: false } },
  sEnum: { key: { type: "string", enum: ["set", ["", "a", "b c", "true"]] } },
  enumMap: { key: { type: "string", enum: ["set", ["a", "b"]] }, value: { type: "integer", maxInteger: 9 }, ...many },
};
const columns = Object.keys(types);

const schema = {
  name: "Types",
  version: "1.0.0",
  tables: {
    T: {
      columns: { ...Object.fromEntries(columns.map((name) => [name, { type: types[name] }])), row: { type: "string" } },
    },
  },
};

const scalars: readonly string[] = [
  ...["0", "-0", "1", "-1", "2", "5", "6", "-6", "1.0", "1.5", "-1.5", "1e3", "0.1", "123456789012", "1e300"],
  ...["9223372036854775807", "-9223372036854775808", "9007199254740993", "1.5e3"],
  ...[
    '""',
    '"a"',
    '"ab"',
    '"abc"',
    '"b c"',
    '"é"',
    '"\\u00e9€"',
    '"true"',

    "true",
    "false",
    "null",
    "{}",
    "[]",
  ],
  ...[`["uuid","${uuidA}"]`, `["uuid","${uuidA.toUpperCase()}"]`, '["uuid","x"]', '["uuid",1]', '["uuid"]'],
  ...['["named-uuid","nobody"]', '["named-uuid","0"]', '["named-uuid",5]', '["other",5]'],
];
const collections: readonly string[] = [
  ...[
    '["set",[]]',
    '["set",[1]]',
    '["set",[2,1]]',
    '["set",[1,1]]',
    '["set",[1,2,3]]',
    '["set",["b","a"]]',
    '["set",["a","a"]]',
  ],
  ...[
    '["set",["a","b","c"]]',
    '["set",[true,false]]',
    '["set",[1.5,-1.5,0]]',
    '["set",[1,"a"]]',
    '["set",1]',
    '["set"]',
    '["set",[],1]',
  ],
  ...[
    `["set",[["uuid","${uuidB}"],["uuid","${uuidA}"]]]`,
    '["set",[["set",[]]]]',
    '["set",["ab"]]',
    '["set",["abc"]]',
    '["set",[0]]',
  ],
  ...[
    '["map",[]]',
    '["map",[[1,2]]]',
    '["map",[[2,1],[1,2]]]',
    '["map",[[1,2],[1,3]]]',
    '["map",[["b","x"],["a","y"]]]',
  ],
  ...[
    '["map",[["a",1]]]',
    '["map",[["a",10]]]',
    '["map",[["c",1]]]',
    '["map",[["a",1],["b",2]]]',
    '["map",[[1.5,true]]]',
  ],
  ...['["map",[[1]]]', '["map",[1]]', '["map",{}]', '["map",[["a","y"]]]', '["map",[["b","z"],["c","x"]]]'],
  ...[`["map",[[["uuid","${uuidA}"],["uuid","${uuidB}"]]]]`],
];
/** Numbers of more digits than the peer writes of a real; we write as many as are needed to read the same value back. */
const longNumber = /\d{16}/;

function valuesFor(column: string): string[] {
  return [...scalars, ...collections].filter((value) => !(/^r/.test(column) && longNumber.test(value)));
}

/** What the rows look like that conditions and mutations are tried on: one by default, one with something in it. */
const filled: { readonly [column: string]: string } = {
  ...{ i: "5", r: "1.5", b: "true", s: '"ab"', u: `["uuid","${uuidA}"]` },
  ...{ iOpt: "1", rOpt: "1.5", bOpt: "true", sOpt: '"a"', uOpt: `["uuid","${uuidA}"]` },
  ...{ iSet: '["set",[1,2,3]]', rSet: '["set",[1.5,2]]', bSet: "true", sSet: '["set",["a","b"]]' },
  ...{
    uSet: `["set",[["uuid","${uuidA}"],["uuid","${uuidB}"]]]`,
    iMap: '["map",[[1,2],[2,1]]]',
    rMap: '["map",[[1.5,true]]]',
  },
  ...{ sMap: '["map",[["a","y"],["b","x"]]]', uMap: `["map",[[["uuid","${uuidA}"],["uuid","${uuidB}"]]]]` },
  ...{
    oneOrTwo: '["set",[1,2]]',
    upToTwo: '["set",["a","b"]]',
    onePair: '["map",[["a",1]]]',
    iFrom: "1",
    iTo: "2",
    iRange: "2",
  },
  ...{ rFrom: "1.5", rTo: "-1.5", rRange: "0.5", sFrom: '"ab"', sTo: '"ab"', sRange: '"a"', iEnum: "1", rEnum: "1.5" },
  ...{ bEnum: "false", sEnum: '"b c"', enumMap: '["map",[["a",1]]]' },
};

const functions = ["<", "<=", "==", "!=", ">=", ">", "includes", "excludes"];
const mutators = ["+=", "-=", "*=", "/=", "%=", "insert", "delete"];

/** The peer (3.1) calls the product of 1 and the greatest integer out of range, and dies of a negative one times 0. */
function peerFails(mutator: string, value: string): boolean {
  return mutator === "*=" && value.includes("9223372036854775807");
}

describe("types, against ovsdb-server", { skip: without("ovsdb-server") }, () => {
  let servers: BothServers;
  before(async () => {
    servers = await serveBoth(schema);
    const row = `{"row":"filled",${columns.map((name) => `"${name}":${filled[name]}`).join()}}`;
    await sameAnswers(servers, [
      ["a default row", `{"op":"insert","table":"T","row":{"row":"default","sFrom":["set",[]]}}`],
      ["a filled row", `{"op":"insert","table":"T","row":${row}}`],
      ["both", `{"op":"select","table":"T","where":[],"sort":["row"],"columns":${JSON.stringify(columns)}}`],
    ]);
  });
  after(() => servers.stop());

  it("inserted: the same values are taken, the others refused in the same words", async () => {
    const cases = columns.flatMap((column) =>
      valuesFor(column).map((value) => [`${column} := ${value}`, inserted(column, value)] as const),
    );
    assert.ok((await sameAnswers(servers, cases)) > 2000);
  });

  it("in conditions: every function on every type", async () => {
    const cases = columns.flatMap((column) =>
      functions.flatMap((word) =>
        valuesFor(column).map((value) => {
          const where = `[["${column}","${word}",${value}]]`;
          return [where, `{"op":"select","table":"T","where":${where},"columns":["row"],"sort":["row"]}`] as const;
        }),
      ),
    );
    assert.ok((await sameAnswers(servers, cases)) > 10_000);
  });

  it("in mutations: every mutator on every type, with what it leads to", async () => {
    const cases = columns.flatMap((column) =>
      mutators.flatMap((mutator) =>
        valuesFor(column)
          .filter((value) => !peerFails(mutator, value))
          .map((value) => [`${column} ${mutator} ${value}`, mutated(column, mutator, value)] as const),
      ),
    );
    assert.ok((await sameAnswers(servers, cases)) > 10_000);
  });
});

/** The value is shown as it comes back; nothing stays. */
function inserted(column: string, value: string): string {
  const row = `{"row":"new","${column}":${value}}`;
  return `{"op":"insert","table":"T","row":${row}},${shown(column, '[["row","==","new"]]')},{"op":"abort"}`;
}

function mutated(column: string, mutator: string, value: string): string {
  const mutation = `{"op":"mutate","table":"T","where":[["row","==","filled"]],"mutations":[["${column}","${mutator}",${value}]]}`;
  return `${mutation},${shown(column, '[["row","==","filled"]]')},{"op":"abort"}`;
}

function shown(column: string, where: string): string {
  return `{"op":"select","table":"T","where":${where},"columns":["${column}"]}`;
}
