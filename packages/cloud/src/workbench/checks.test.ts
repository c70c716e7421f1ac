import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RowStatus } from "../row-status.ts";
import { type Checked, checksOf } from "./checks.ts";
import * as limits from "./limits.ts";

const day = 86_400_000;
const row = (id: string, status: RowStatus["status"], reason: string | null = null): RowStatus => ({
  ...{ id: id as RowStatus["id"], stated: "networks[0]", status, reason },
});
const nothing = { lacksTables: new Set<string>(), lacksColumns: new Map(), reshaped: new Map() };
const well: Checked = {
  now: 100 * day,
  certificate: { commonName: "gateway", issuer: "authority", fingerprint: "AA", validUntil: 465 * day },
  behindMs: 400,
  lacks: nothing,
  rows: [row("Wifi_VIF_Config a", "proven")],
};

describe("checks of a node", () => {
  const cases: readonly (readonly [string, Partial<Checked>, string, string, RegExp])[] = [
    ["a certificate that lasts", {}, "certificate", "good", /'gateway', issued by 'authority', 365 days left/],
    ["a certificate that ends soon", { now: 464 * day }, "certificate", "warn", /1 day left/],
    ["a certificate that is over", { now: 466 * day }, "certificate", "bad", /is over/],
    ["a connection without TLS", { certificate: undefined }, "certificate", "unknown", /without TLS/],
    ["a clock that is right", {}, "clock", "good", /within 0 s/],
    ["a clock that is behind", { behindMs: 3_600_000 }, "clock", "bad", /3600 s behind/],
    ["a clock that is ahead", { behindMs: -3_600_000 }, "clock", "bad", /3600 s ahead of/],
    ["a clock of which nothing was heard", { behindMs: undefined }, "clock", "unknown", /next statistics/],
    ["a schema that has everything", {}, "schema", "good", /has all/],
    ["a schema that is not known", { lacks: { unknown: "no answer" } }, "schema", "unknown", /no answer/],
    [
      "a schema that lacks something",
      { lacks: { ...nothing, lacksTables: new Set(["A"]), lacksColumns: new Map([["B", new Set(["c", "d"])]]) } },
      "schema",
      "warn",
      /1 tables and columns of 1 others/,
    ],
    ["rows that are proven", {}, "rows", "good", /all 1 that the cloud wrote are there, and the node shows/],
    [
      "rows of which nodes report only some",
      { rows: [row("x y", "proven"), row("x z", "unprovable"), row("x u", "unprovable")] },
      ...([
        "rows",
        "good",
        /all 3 that the cloud wrote are there: for 1 the node shows .*, the other 2 are of a kind that nodes do not/,
      ] as const),
    ],
    ["rows that are on their way", { rows: [row("x y", "applied")] }, "rows", "warn", /1 of 1 are not/],
    ["rows that the node refuses", { rows: [row("x y", "refused", "too many")] }, "rows", "bad", /1 of 1 are not/],
    ["rows of which nothing is known", { rows: [] }, "rows", "unknown", /nothing is written/],
  ];
  for (const [what, parts, id, status, pattern] of cases) {
    it(`tell ${what}`, () => {
      const check = checksOf({ ...well, ...parts }).find((each) => each.id === id);
      assert.equal(check?.status, status, check?.text);
      assert.match(check.text, pattern);
    });
  }

  it("name what is wrong, one by one, within a bound", () => {
    const rows = [row("x y", "refused", "too many"), row("x z", "unprovable")];
    const detailsOf = (parts: Partial<Checked>) =>
      checksOf({ ...well, ...parts }).find(({ id }) => id === "rows")?.details;
    assert.deepEqual(detailsOf({ rows }), ["x y: refused: too many", "x z: written, not reported back"]);
    const many = Array.from({ length: limits.details + 5 }, (_, index) =>
      row(`x ${index}`, "refused", "r".repeat(9_999)),
    );
    const details = detailsOf({ rows: many });
    assert.deepEqual([details?.length, details?.at(-1)], [limits.details + 1, "and 5 more"]);
    assert.ok(details?.every((line) => line.length <= limits.detailText));
  });
});
