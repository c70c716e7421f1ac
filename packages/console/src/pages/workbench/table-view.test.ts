import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Column,
  cellText,
  filledColumns,
  hasWords,
  inOrder,
  nameOf,
  namingColumn,
  type Row,
  whyNotEdited,
} from "./table-view.ts";

const column = (name: string): Column => ({
  ...{ name, shape: "scalar", type: "string", takes: "string" },
  ...{ choices: null, mutable: true, secret: false },
});
const row: Row = {
  uuid: "0123abcd-0000-4000-8000-000000000000",
  cells: { if_name: "wifi0", channel: 6, ssid: "Home <b>", hw: {}, list: [1, 2], map: { a: "x" }, unset: null },
  masked: [],
};

describe("a table as it is shown", () => {
  it("has a text for every value", () => {
    assert.deepEqual(Object.values(row.cells).map(cellText), ["wifi0", "6", "Home <b>", "", "1, 2", "a=x", ""]);
  });

  it("knows rows by the column that names them, else by their identity", () => {
    const columns = ["channel", "if_name", "name"].map(column);
    assert.equal(nameOf(row, namingColumn(columns)), "wifi0");
    assert.equal(nameOf(row, namingColumn([column("channel")])), "0123abcd");
    assert.equal(nameOf({ ...row, cells: { name: "" } }, "name"), "0123abcd");
  });

  it("is in order of the names, numbers by their value", () => {
    const named = ["wifi10", "wifi2", "eth0"].map((name) => ({ ...row, uuid: `u-${name}`, cells: { name } }));
    assert.deepEqual(
      inOrder(named, [column("name")]).map(({ cells }) => cells.name),
      ["eth0", "wifi2", "wifi10"],
    );
  });

  it("shows columns that have something in them", () => {
    assert.deepEqual(filledColumns(["if_name", "hw", "unset", "map"].map(column), [row]), ["if_name", "map"]);
  });

  it("finds rows by words, wherever those stand", () => {
    for (const [typed, isFound] of [
      ["", true],
      ["WIFI0 6", true],
      ["channel=6", true],
      ["wifi1", false],
      ["0123", true],
      ["home nothing", false],
    ] as const) {
      assert.equal(hasWords(row, typed), isFound, typed);
    }
  });

  it("offers no edit where it is of no use, or not allowed, and says why", () => {
    const yes = { allowed: true, reason: undefined };
    assert.equal(whyNotEdited({ writer: null }, yes), undefined);
    assert.match(whyNotEdited({ writer: "the node itself reports here" }, yes) ?? "", /not edited here: the node/);
    assert.match(whyNotEdited({ writer: null }, { allowed: false, reason: "It needs admin." }) ?? "", /It needs admin/);
  });
});
