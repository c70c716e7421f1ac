import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { logTopic, topicKeys, topicProblem } from "./topics.ts";

describe("topics", () => {
  it("of the log name the node", () => assert.equal(logTopic("GW1"), "log/GW1"));

  it("of other payloads stand in AWLAN_Node under these keys", () => {
    assert.deepEqual(Object.values(topicKeys), [
      "Latency",
      "LteStats",
      "ObjectStore",
      "ThreadNetwork.Scan",
      "Crash.Reports",
    ]);
  });

  it("are refused where MQTT or QM has no room for them", () => {
    assert.equal(topicProblem("dev/GW1/stats"), undefined);
    assert.equal(topicProblem("é".repeat(64)), undefined);
    assert.equal(topicProblem("é".repeat(65)), "a topic has at most 128 bytes, this one has 130");
    assert.match(topicProblem("") ?? "", /empty/);
    assert.match(topicProblem("dev/#") ?? "", /wildcard/);
    assert.match(topicProblem("dev/\0") ?? "", /control/);
    assert.match(topicProblem("\ud800") ?? "", /UTF-8/);
  });
});
