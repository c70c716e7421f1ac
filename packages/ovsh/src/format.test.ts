import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OutputFormat } from "./arguments.ts";
import { CommandError } from "./errors.ts";
import { formatRows } from "./format.ts";
import type { Row } from "./value.ts";

const uuids = ["2945b25f-e4a7-4ee3-b474-b7163aa07711", "520d243c-5201-4426-8e21-6b23e157cde8"] as const;

const rows: readonly Row[] = [
  { ssid: "home", channel: 6, enabled: true, _uuid: ["uuid", uuids[0]] },
  { ssid: "guest", channel: 11, enabled: false, _uuid: ["uuid", uuids[1]] },
];

interface Options {
  readonly columns?: readonly string[];
  readonly width?: number;
  readonly compactUuids?: boolean;
  readonly abbreviateUuids?: boolean;
}

function format(kind: Exclude<OutputFormat["kind"], "printf">, input = rows, options: Options = {}): Promise<string> {
  const { columns = [], width = 100, compactUuids = true, abbreviateUuids = true } = options;
  return formatRows(input, columns, { output: { kind }, compactUuids, abbreviateUuids }, width);
}

describe("formats show columns in order of their names", () => {
  it("-m, the default: a column per row", async () => {
    assert.equal(
      await format("multi-line"),
      `---------------------------------
_uuid   | 2945~7711 | 520d~cde8 |
channel | 6         | 11        |
enabled | true      | false     |
ssid    | home      | guest     |
---------------------------------
`,
    );
  });

  it("-T: a table", async () => {
    assert.equal(
      await format("table", rows, { columns: ["ssid", "channel"] }),
      `+---------+-------+
| channel | ssid  |
+---------+-------+
| 6       | home  |
| 11      | guest |
+---------+-------+
`,
    );
  });

  it("-c: a line per column", async () => {
    assert.equal(
      await format("column", rows, { columns: ["ssid", "channel"] }),
      `---------------
channel : 6
ssid    : home
---------------
channel : 11
ssid    : guest
---------------
`,
    );
  });

  it("-r: a line per row, UUIDs as they are", async () => {
    assert.equal(await format("raw"), `["uuid","${uuids[0]}"] 6 true home\n["uuid","${uuids[1]}"] 11 false guest\n`);
  });

  it("-j: JSON, indented by four", async () => {
    assert.equal(
      await format("json", [{ ssid: "home", tags: ["set", []], big: 9007199254740993n, ratio: 0.5 }]),
      `[
    {
        "big": 9007199254740993,
        "ratio": 0.5,
        "ssid": "home",
        "tags": [
            "set",
            []
        ]
    }
]
`,
    );
  });

  it("-o: what printf(1) makes of it, row by row", async () => {
    const settings = { compactUuids: true, abbreviateUuids: true };
    const printf = (format: string) =>
      formatRows(rows, ["ssid", "channel"], { ...settings, output: { kind: "printf", format } }, 100);
    assert.equal(await printf("%03d %s\\n"), "006 home\n011 guest\n");
    assert.equal(await printf("-%s "), "-6 -home -11 -guest ");
    await assert.rejects(printf("%d %d\\n"), (error) => error instanceof CommandError && /%d %d/.test(error.message));
  });
});

describe("-m", () => {
  const long = [
    { key: "a", list: ["set", ["aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc", "dddddddddd", "eeeeeeeeee", "ffffffffff"]] },
  ];

  it("wraps long values after commas; continued lines have colons", async () => {
    assert.equal(
      await format("multi-line", long, { width: 80 }),
      `---------------------------------------------------------------------
key  | a                                                            |
list | ["set",["aaaaaaaaaa","bbbbbbbbbb","cccccccccc","dddddddddd", |
     : "eeeeeeeeee","ffffffffff"]]                                  :
---------------------------------------------------------------------
`,
    );
  });

  it("is -M where all fits, and -M never wraps", async () => {
    assert.equal(await format("multi-line", long, { width: 200 }), await format("multi", long));
    assert.equal((await format("multi", long)).split("\n").length, 5);
  });

  it("leaves a value without commas whole", async () => {
    const text = "x".repeat(300);
    assert.ok((await format("multi-line", [{ key: text }], { width: 80 })).includes(text));
  });
});

describe("values", () => {
  const one = async (value: Row[string], options: Options = {}) =>
    (await format("column", [{ v: value }], options)).split("\n")[1]?.slice("v : ".length);

  it("are text, numbers and booleans as they are, reals with four digits", async () => {
    assert.equal(await one("two words"), "two words");
    assert.equal(await one(-80), "-80");
    assert.equal(await one(0.5), "0.5000");
    assert.equal(await one(9007199254740993n), "9007199254740993");
    assert.equal(await one(true), "true");
  });

  it("are compact JSON where they are sets and maps", async () => {
    assert.equal(await one(["set", [1, 6, 11]]), '["set",[1,6,11]]');
    assert.equal(await one(["map", [["key", "psk"]]]), '["map",[["key","psk"]]]');
    assert.equal(await one(["set", []]), '["set",[]]');
  });

  it("show UUIDs short, long or as JSON", async () => {
    const [a, b] = uuids;
    const both = [
      "set",
      [
        ["uuid", a],
        ["uuid", b],
      ],
    ];
    assert.equal(await one(both), "[2945~7711,520d~cde8]");
    assert.equal(await one(both, { abbreviateUuids: false }), `[${a},${b}]`);
    assert.equal(await one(both, { compactUuids: false }), JSON.stringify(both));
    assert.equal(await one(["uuid", a]), "2945~7711");
    assert.equal(await one(["uuid", a], { compactUuids: false }), `["uuid","${a}"]`);
    assert.equal(await one(a), "2945~7711");
    assert.equal(await one(a, { abbreviateUuids: false }), a);
  });

  it("show control characters as escapes in lines for people, and as they are for programs", async () => {
    assert.equal(await one("a\nb\u001b[2Jc\t"), "a\\nb\\x1b[2Jc\\t");
    assert.equal(await format("raw", [{ v: "a\tb" }]), "a\tb\n");
  });

  it("say (null) where a row lacks a column of the first one", async () => {
    assert.equal(await format("raw", [{ a: 1, b: 2 }, { a: 3 }]), "1 2\n3 (null)\n");
  });

  it("line up by characters, not by bytes", async () => {
    assert.equal(
      await format("table", [{ ssid: "Büro 🏠" }, { ssid: "home" }]),
      "+--------+\n| ssid   |\n+--------+\n| Büro 🏠 |\n| home   |\n+--------+\n",
    );
  });
});

describe("no rows", () => {
  it("are an empty table with -T, an empty array with -j, nothing otherwise", async () => {
    const options = { columns: ["ssid", "channel"] };
    assert.equal(await format("table", [], options), "+---------+------+\n| channel | ssid |\n+---------+------+\n");
    assert.equal(await format("json", [], options), "[]\n");
    for (const kind of ["multi-line", "multi", "column", "raw"] as const) {
      assert.equal(await format(kind, [], options), "", kind);
    }
    assert.equal(await format("table", []), "");
  });
});
