import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Command, parseArguments, type Settings } from "./arguments.ts";
import { UsageError } from "./errors.ts";

function parse(...argv: string[]): { command: Command; settings: Settings } {
  const parsed = parseArguments(argv);
  assert.ok(parsed !== "help");
  return parsed;
}

function refuses(argv: readonly string[], message: RegExp): void {
  assert.throws(
    () => parseArguments(argv),
    (error) => error instanceof UsageError && message.test(error.message),
  );
}

const channel = { kind: "set", column: "channel", value: 6 } as const;
const wifi0 = ["if_name", "==", "wifi0"] as const;

describe("commands", () => {
  for (const [argv, command] of [
    [["s", "T"], { kind: "select", table: "T", where: [], columns: [] }],
    [["select", "T", "b", "a", "b"], { kind: "select", table: "T", where: [], columns: ["b", "a"] }],
    [["i", "T", "channel:=6"], { kind: "insert", table: "T", change: [channel], parents: [] }],
    [
      ["u", "T", "-w", "if_name==wifi0", "channel:=6"],
      { kind: "update", table: "T", where: [wifi0], change: [channel] },
    ],
    [
      ["U", "T", "channel:=6", "-w", "if_name==wifi0"],
      { kind: "upsert", table: "T", where: [wifi0], change: [channel], parents: [] },
    ],
    [["d", "T"], { kind: "delete", table: "T", where: [] }],
    [
      ["w", "T", "channel:=6"],
      { kind: "wait", table: "T", where: [], change: [channel], until: "==", timeoutMs: 60_000 },
    ],
    [
      ["wait", "-n", "-t", "500", "T", "channel:=6"],
      { kind: "wait", table: "T", where: [], change: [channel], until: "!=", timeoutMs: 500 },
    ],
    [
      ["i", "Port", "-p", "Bridge:ports:name==br:0", "channel:=6"],
      {
        kind: "insert",
        table: "Port",
        change: [channel],
        parents: [
          { text: "Bridge:ports:name==br:0", table: "Bridge", column: "ports", where: [["name", "==", "br:0"]] },
        ],
      },
    ],
  ] as const) {
    it(argv.join(" "), () => assert.deepEqual(parse(...argv).command, command));
  }

  it("combine several -w: all must hold", () => {
    const { command } = parse("d", "T", "-w", "if_name==wifi0", "-w", "channel!=6");
    assert.deepEqual(command.kind === "delete" && command.where, [wifi0, ["channel", "!=", 6]]);
  });

  for (const [argv, message] of [
    [[], /no command; give one of select/],
    [["x", "T"], /unknown command 'x'/],
    [["toString", "T"], /unknown command 'toString'/],
    [["s"], /select needs the name of a table/],
    [["s", "no-table"], /'no-table' is not the name of a table/],
    [["s", "T", "if_name==wifi0"], /'if_name==wifi0' is a condition; write it after -w/],
    [["s", "T", "channel:=6"], /'channel:=6' is not the name of a column/],
    [["i", "T"], /insert needs at least one column/],
    [["u", "T"], /update needs at least one column/],
    [["w", "T"], /wait needs at least one column/],
    [["U", "T", "channel:=6"], /upsert needs -w/],
    [["d", "T", "if_name==wifi0"], /delete takes no columns .* after -w/],
    [["w", "T", "l:ins:1"], /wait compares columns; 'l' has a mutation/],
    [["u", "T", "channel:=6", "-p", "A:b:c==1"], /--parent is for insert and upsert, not for update/],
    [["i", "T", "channel:=6", "-p", "Bridge:ports"], /not a parent; write TABLE:COLUMN:WHERE/],
    [["i", "T", "channel:=6", "-p", "Bridge:ports:name"], /'name' is not a condition/],
    [["w", "T", "channel:=6", "-t", "soon"], /timeout 'soon' is not a number/],
    [["w", "T", "channel:=6", "-t", "-1"], /timeout '-1' is not a number/],
    [["i", "T", ...Array.from({ length: 257 }, (_, n) => `c${n}:=0`)], /more than 256 columns/],
  ] as const) {
    it(`refuses: ${argv.slice(0, 4).join(" ")}`, () => refuses(argv, message));
  }
});

describe("settings", () => {
  it("default to the device's database, wrapped output, short UUIDs", () => {
    assert.deepEqual(parse("s", "T").settings, {
      database: "Open_vSwitch",
      socket: undefined,
      tls: undefined,
      output: { kind: "multi-line" },
      compactUuids: true,
      abbreviateUuids: true,
      quiet: false,
      verbose: false,
    });
  });

  it("take --db as a database's name, or as where its server listens", () => {
    const db = (...argv: string[]) => {
      const { database, socket } = parse("s", "T", ...argv).settings;
      return [database, socket];
    };
    assert.deepEqual(db("-d", "Other"), ["Other", undefined]);
    assert.deepEqual(db("--db", "/run/db.sock"), ["Open_vSwitch", "/run/db.sock"]);
    assert.deepEqual(db("--db", "./db.sock"), ["Open_vSwitch", "./db.sock"]);
    assert.deepEqual(db("--db=tcp:127.0.0.1:6640"), ["Open_vSwitch", "tcp:127.0.0.1:6640"]);
    assert.deepEqual(db("-d", "Other", "-d", "unix:db.sock"), ["Other", "unix:db.sock"]);
  });

  it("take the last output format and the last of on and off", () => {
    const { settings } = parse("s", "T", "-j", "-T", "-o", "%s\n", "-r", "-u", "-U", "-A", "-a");
    assert.deepEqual(settings.output, { kind: "raw" });
    assert.deepEqual([settings.compactUuids, settings.abbreviateUuids], [false, true]);
    assert.deepEqual(parse("s", "T", "-j", "-o", "%s\n").settings.output, { kind: "printf", format: "%s\n" });
  });

  it("need all three files for TLS", () => {
    const files = ["--private-key", "k", "--certificate", "c", "--ca-cert", "a"];
    assert.deepEqual(parse("s", "T", ...files).settings.tls, { privateKey: "k", certificate: "c", caCert: "a" });
    refuses(["s", "T", ...files.slice(2)], /needs all of --private-key/);
  });

  it("give way to --help anywhere", () => {
    assert.equal(parseArguments(["s", "-h"]), "help");
    assert.equal(parseArguments(["--help"]), "help");
  });
});
