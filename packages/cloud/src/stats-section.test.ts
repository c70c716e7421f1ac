import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseHome } from "./home.ts";
import { defaultStats } from "./stats-section.ts";
import { homeText } from "./test-home.ts";

function problemOf(stats: unknown): string {
  try {
    parseHome(homeText({ stats }), "x.json");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("the statistics section of a home file", () => {
  it("is as deployed clouds have it where it says nothing", () => {
    assert.deepEqual(parseHome(homeText({ stats: {} }), "x").stats, defaultStats);
    assert.deepEqual(parseHome(homeText(), "x").stats, undefined);
    const { client, survey, offChannel, publish, remoteLog } = defaultStats;
    assert.deepEqual(
      [client, survey],
      [
        { enabled: true, sampling: 10, reporting: 60 },
        { enabled: true, sampling: 10, reporting: 60 },
      ],
    );
    assert.deepEqual(offChannel, { enabled: true, sampling: 10, reporting: 120, dwell: 120, busy: 25, maxDelay: 600 });
    assert.deepEqual([publish, remoteLog], [60, 0]);
  });

  it("may say one thing of many", () => {
    const { stats } = parseHome(homeText({ stats: { client: { reporting: 30 } } }), "x");
    assert.deepEqual(stats?.client, { enabled: true, sampling: 10, reporting: 30 });
  });

  it("is refused in one line that names the place and the fix", () => {
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [{ client: { sampling: 0 } }, /^x\.json: stats\.client\.sampling: is below 1 s; give 1 to 86400 s$/],
      [{ survey: { sampling: 90 } }, /^x\.json: stats\.survey\.sampling: is longer than 'reporting' \(60 s\)/],
      [{ offChannel: { dwell: 5000 } }, /^x\.json: stats\.offChannel\.dwell: is above 1000 ms/],
      [{ offChannel: { busy: 101 } }, /stats\.offChannel\.busy: is above 100 %/],
      [{ publish: 1.5 }, /^x\.json: stats\.publish: /],
      [{ qos: 3 }, /^x\.json: stats\.qos: is not one of the values allowed here; use 0, 1, 2$/],
      [{ latency: {} }, /^x\.json: stats\.latency: is not known here; remove it$/],
      [{ enabled: "yes" }, /^x\.json: stats\.enabled: is not a boolean; give a boolean$/],
      [true, /^x\.json: stats: is not an object/],
    ];
    for (const [stats, problem] of cases) assert.match(problemOf(stats), problem, JSON.stringify(stats));
  });
});
