import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openAlerts } from "./alerts.ts";
import { bandText, healthOf } from "./health.ts";
import type { Picture, PicturedNode } from "./picture.ts";
import { aLink, aPicture } from "./testing/pictures.ts";

const radio = (more: Partial<Picture["radios"][number]>) => ({
  ...{ node: "gateway", band: "5G", channel: 36, widthMhz: 80, busyPercent: 20, ownPercent: 10, othersPercent: 10 },
  ...{ dfs: null },
  ...more,
});

describe("how a node is", () => {
  const cases: readonly [string, Partial<PicturedNode>, Partial<Picture>, string][] = [
    ["that all is well", {}, {}, "good works as it should"],
    [
      "what is not yet so, and why",
      { settled: false, pending: "channel 100 is still checked for radar, 40 s to go" },
      {},
      "warn not yet as it should be: channel 100 is still checked for radar, 40 s to go",
    ],
    [
      "that it is away, and why",
      { connection: "absent", settled: false, pending: "not connected: cable" },
      {},
      "bad not connected: cable; last heard of at 18:00; once it can, it calls again by itself within a minute or so",
    ],
    [
      "that it does not answer, and nothing of what was measured before",
      { silent: true },
      { radios: [radio({ busyPercent: 91 })] },
      "warn does not answer; last heard of at 18:00",
    ],
    [
      "for how long nothing was heard of it",
      {},
      { at: "2026-08-01T18:00:20.000Z" },
      "good works as it should; not heard of for 20 s",
    ],
    [
      "that it is not known",
      { connection: null, settled: null },
      { from: "reports" },
      "unknown not known of that time",
    ],
    [
      "that it was connected, and no more",
      { settled: null },
      { from: "reports" },
      "unknown connected; not known whether it worked as it should",
    ],
    [
      "what is not as it was told though the cloud has done its part",
      { note: "its 5 GHz radio is not as it was told: channel 99 asked for, 36 is on" },
      {},
      "warn its 5 GHz radio is not as it was told: channel 99 asked for, 36 is on",
    ],
    [
      "a weak link",
      {},
      { links: [aLink("gateway", "attic", { medium: "wifi", snrDb: 9.4 })] },
      "warn its link to attic is weak: 9 dB",
    ],
    [
      "a busy channel, and by whom",
      {},
      { radios: [radio({ busyPercent: 91.2, othersPercent: 70 }), radio({ node: "other", busyPercent: 99 })] },
      "warn 5 GHz: channel 36 is busy 91 % of the time, mostly by others",
    ],
    [
      "all that is wrong",
      { settled: false, pending: "writing" },
      { radios: [radio({ busyPercent: 85, othersPercent: 5 })] },
      "warn not yet as it should be: writing; 5 GHz: channel 36 is busy 85 % of the time",
    ],
  ];
  for (const [title, node, more, expected] of cases) {
    it(`says ${title}`, () => {
      const picture = { ...aPicture(1, 0), ...more };
      const [only] = healthOf({ ...picture, nodes: picture.nodes.map((each) => ({ ...each, ...node })) }, (at) =>
        new Date(at).toISOString().slice(11, 16),
      );
      assert.equal(`${only?.tone} ${only?.text}`, expected);
    });
  }

  it("calls bands as people do", () => {
    assert.deepEqual(["2.4G", "5GL", "6G", "", null].map(bandText), ["2.4 GHz", "5 GHz", "6 GHz", "", "–"]);
  });
});

describe("open alerts", () => {
  const alert = (id: string, raisedAt: string, clearedAt: string | null) => ({
    ...{ id, raisedAt, clearedAt, location: "home", node: null, subject: null, kind: "node-offline", text: id },
    clearedBecause: null,
  });
  const alerts = [
    alert("now", "2026-08-01T18:00:00Z", null),
    alert("over", "2026-08-01T10:00:00Z", "2026-08-01T11:00:00Z"),
  ];
  for (const [at, expected] of [
    [undefined, ["now"]],
    ["2026-08-01T10:30:00Z", ["over"]],
    ["2026-08-01T12:00:00Z", []],
    ["2026-08-01T18:00:00Z", ["now"]],
  ] as const) {
    it(`${at ?? "now"} are ${expected.join() || "none"}`, () =>
      assert.deepEqual(
        openAlerts(alerts, at && Date.parse(at)).map(({ id }) => id),
        expected,
      ));
  }
});
