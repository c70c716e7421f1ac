import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonValue } from "@opensync-ts/ovsdb/json";
import { UsageError } from "./errors.ts";
import { parseColumnExpression, parseCondition, typedValue } from "./expression.ts";

function refuses(run: () => unknown, message: RegExp): void {
  assert.throws(run, (error) => error instanceof UsageError && message.test(error.message));
}

describe("a typed value", () => {
  const cases: readonly (readonly [string, JsonValue])[] = [
    ["wifi0", "wifi0"],
    ["", ""],
    ["two words", "two words"],
    ["true", true],
    ["false", false],
    ["True", "True"],
    ["0", 0],
    ["-0", 0],
    ["6", 6],
    ["-80", -80],
    ["+5", 5],
    ["0x1F", 31],
    ["-0x10", -16],
    ["017", 15],
    ["08", "08"],
    ["0x", "0x"],
    ["1.5", "1.5"],
    ["5.", "5."],
    ["1e3", "1e3"],
    ["12abc", "12abc"],
    ["9007199254740993", 9007199254740993n],
    ["9223372036854775807", 9223372036854775807n],
    ["-9223372036854775808", -9223372036854775808n],
    ["9223372036854775808", "9223372036854775808"],
    ["'6'", "6"],
    ['"true"', "true"],
    ["''", ""],
    ["'it's'", "it's"],
    ["'", "'"],
    ["'6\"", "'6\""],
    ['["set",[1,6]]', ["set", [1, 6]]],
    ['["map",[["a","b"]]]', ["map", [["a", "b"]]]],
    ['["uuid","x"]', ["uuid", "x"]],
    ['["named-uuid","x"]', '["named-uuid","x"]'],
    ["[1,2]", "[1,2]"],
    ["{}", "{}"],
    ["AA:BB:CC:DD:EE:FF", "AA:BB:CC:DD:EE:FF"],
  ];
  for (const [text, value] of cases) {
    it(`${JSON.stringify(text)} is ${typeof value === "bigint" ? value : JSON.stringify(value)}`, () => {
      // −0 is 0 on the wire.
      assert.deepEqual(typedValue(text) === 0 ? 0 : typedValue(text), value);
    });
  }

  it("that begins like JSON and is none is refused", () => {
    refuses(() => typedValue('["set",[1,'), /is not JSON/);
  });
});

describe("a condition", () => {
  for (const [text, condition] of [
    ["if_name==wifi0", ["if_name", "==", "wifi0"]],
    ["channel!=6", ["channel", "!=", 6]],
    ['vif_configs:inc:["uuid","x"]', ["vif_configs", "includes", ["uuid", "x"]]],
    ["channel_list:exc:11", ["channel_list", "excludes", 11]],
    ["ssid==", ["ssid", "==", ""]],
    ["ssid=='a==b'", ["ssid", "==", "a==b"]],
    ["ssid==a!=b", ["ssid", "==", "a!=b"]],
  ] as const) {
    it(text, () => assert.deepEqual(parseCondition(text), condition));
  }

  it("takes the first kind of operator found anywhere, not the leftmost", () => {
    refuses(() => parseCondition("ssid!=a==b"), /'ssid!=a', left of ==, is not the name of a column/);
    refuses(() => parseCondition("tags:inc:a!=b"), /'tags:inc:a', left of !=/);
  });

  it("takes a row's identity bare, as insert prints it", () => {
    const uuid = "520d243c-5201-4426-8e21-6b23e157cde8";
    assert.deepEqual(parseCondition(`_uuid==${uuid}`), ["_uuid", "==", ["uuid", uuid]]);
    assert.deepEqual(parseCondition(`_uuid==["uuid","${uuid}"]`), ["_uuid", "==", ["uuid", uuid]]);
    assert.deepEqual(parseCondition(`name==${uuid}`), ["name", "==", uuid]);
  });

  it("without operator or column is refused", () => {
    refuses(() => parseCondition("if_name"), /'if_name' is not a condition: it needs one of == != :inc: :exc:/);
    refuses(() => parseCondition("if_name=wifi0"), /is not a condition/);
    refuses(() => parseCondition("==wifi0"), /'', left of ==, is not the name of a column/);
  });
});

describe("a column expression", () => {
  for (const [text, expression] of [
    ["channel:=6", { kind: "set", column: "channel", value: 6 }],
    ["ssid:='6'", { kind: "set", column: "ssid", value: "6" }],
    ["ssid:=", { kind: "set", column: "ssid", value: "" }],
    ["mac:=AA:BB:CC:DD:EE:FF", { kind: "set", column: "mac", value: "AA:BB:CC:DD:EE:FF" }],
    ["ip:=fe80::1", { kind: "set", column: "ip", value: "fe80::1" }],
    ["ssid~=6", { kind: "set", column: "ssid", value: "6" }],
    ["ssid~='6'", { kind: "set", column: "ssid", value: "'6'" }],
    ["ip~=fe80::1", { kind: "set", column: "ip", value: "fe80::1" }],
    ["note:=a~=b", { kind: "set", column: "note", value: "a~=b" }],
    ["ratio::0.5", { kind: "set", column: "ratio", value: 0.5 }],
    ['list::["set",[]]', { kind: "set", column: "list", value: ["set", []] }],
    ['mac_list:ins:["set",["a"]]', { kind: "mutate", column: "mac_list", mutator: "insert", value: ["set", ["a"]] }],
    ['mac_list:ins:"a"', { kind: "mutate", column: "mac_list", mutator: "insert", value: "a" }],
    ["channel_list:del:11", { kind: "mutate", column: "channel_list", mutator: "delete", value: 11 }],
  ] as const) {
    it(text, () => assert.deepEqual(parseColumnExpression(text), expression));
  }

  it("takes the first kind of operator found anywhere, not the leftmost", () => {
    refuses(() => parseColumnExpression("ssid~=a:=b"), /'ssid~=a', left of :=/);
    refuses(() => parseColumnExpression('l:ins:"a::b"'), /'l:ins:"a', left of ::/);
  });

  it("says how to write text where JSON is due", () => {
    refuses(() => parseColumnExpression("mac_list:ins:aa:bb"), /mac_list: 'aa:bb' is not JSON .*quotes/);
    refuses(() => parseColumnExpression("ratio::half"), /ratio: 'half' is not JSON/);
  });

  it("is refused without operator, and with a name that no column can have", () => {
    refuses(() => parseColumnExpression("channel"), /needs one of := ~= :: :ins: :del:, e\.g\. channel:=6/);
    refuses(() => parseColumnExpression("a b:=6"), /'a b', left of :=, is not the name of a column/);
  });

  it("may have 4095 characters and no more", () => {
    const longest = `ssid:=${"x".repeat(4095 - "ssid:=".length)}`;
    assert.equal(parseColumnExpression(longest).column, "ssid");
    refuses(() => parseColumnExpression(`${longest}x`), /longer than 4095 characters/);
  });
});
