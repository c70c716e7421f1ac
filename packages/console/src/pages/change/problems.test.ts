import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { documentProblems, problemAt, sectionOf, withoutProblemsAt } from "./problems.ts";
import { heldAt, heldBefore, shownOf, startOf, type VersionSummary } from "./versions.ts";

const problems = documentProblems([
  { path: "body.document.networks[0].ssid", reason: "is too long" },
  { path: "body.document.networks[10].ssid", reason: "is empty" },
  { path: "body.basedOn", reason: "is below 0" },
]);

describe("what the cloud says is wrong", () => {
  it("stands at the control that it is about, and at no other", () => {
    assert.equal(problems.length, 2);
    assert.equal(problemAt(problems, "networks[0].ssid"), "It is too long.");
    assert.equal(problemAt(problems, "networks[1].ssid"), undefined);
    assert.equal(problemAt(problems, "networks[0]"), undefined);
    assert.equal(problemAt(problems, "networks[1]", true), undefined, "that is network 10");
    assert.equal(problemAt(problems, "networks[0]", true), "It is too long.");
  });

  it("is gone once something else stands there, or around it", () => {
    assert.equal(withoutProblemsAt(problems, "networks[0].ssid").length, 1);
    assert.equal(withoutProblemsAt(problems, "networks").length, 0);
    assert.equal(withoutProblemsAt(problems, "networks[0].hidden").length, 2);
  });

  it("leads to where one mends it", () => {
    assert.deepEqual(
      [
        "networks[0].ssid",
        "networks[0].security.keys[1].psk",
        "networks[0].security.keys[0].psk",
        "lan.dhcp.start",
        "wan[0]",
        "stats.survey",
        "toString",
      ].map(sectionOf),
      ["networks", "guests", "networks", "addresses", "internet", undefined, undefined],
    );
  });
});

const version = (number: number, state: VersionSummary["state"], appliedAt: string | null = null): VersionSummary => ({
  location: "home",
  number,
  state,
  author: "user:alice",
  why: null,
  basedOn: number - 1,
  restores: null,
  createdAt: "2026-08-01T10:00:00Z",
  appliedAt,
  provenAt: null,
});

describe("versions", () => {
  const versions = [
    version(4, "discarded"),
    version(3, "proven", "2026-08-01T12:00:00Z"),
    version(2, "reverted", "2026-08-01T11:00:00Z"),
    version(1, "proven", "2026-08-01T10:00:00Z"),
  ];

  it("an edit begins from the newest, but not from one that was dropped", () => {
    assert.equal(startOf(versions, 3), 3);
    assert.equal(startOf([version(5, "draft"), ...versions], 3), 5);
    assert.equal(startOf([], null), null);
  });

  it("a draft is shown to who may change things, and what holds to who may not", () => {
    const drafted = [version(5, "draft"), ...versions];
    assert.deepEqual(
      (["viewer", "operator", "owner"] as const).map((role) => shownOf(role, drafted, 3)),
      [3, 5, 5],
    );
    assert.equal(shownOf("viewer", [version(1, "draft")], null), null);
  });

  it("held from when they were applied until another was", () => {
    assert.equal(heldAt(versions, Date.parse("2026-08-01T11:30:00Z")), 2);
    assert.equal(heldAt(versions, Date.parse("2026-08-01T09:00:00Z")), undefined);
    assert.equal(heldBefore(versions, 3), 2);
    assert.equal(heldBefore(versions, 1), undefined);
  });
});
