import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkHeaders, checkSettings, checkTopics } from "./settings.ts";

const map = (values: Readonly<Record<string, string>>) => new Map(Object.entries(values));
const working = { broker: "mqtt.example.com", topics: "stats/gw" };

describe("mqtt_settings", () => {
  it("need a broker and a topic; the rest has defaults", () => {
    assert.deepEqual(checkSettings(map(working)), {
      value: {
        broker: "mqtt.example.com",
        topic: "stats/gw",
        port: 8883,
        tls: true,
        qos: 0,
        compress: false,
        remoteLogSeconds: 0,
        intervalSeconds: 60,
      },
      problems: [],
    });
    const { value, problems } = checkSettings(map({}));
    assert.deepEqual([value.broker, value.topic, problems], [null, null, []]);
  });

  it("say what is missing where only one of broker and topic is there", () => {
    const { problems } = checkSettings(map({ broker: "mqtt.example.com" }));
    assert.deepEqual(problems, ["AWLAN_Node mqtt_settings: topics is missing; nothing is published"]);
    assert.match(checkSettings(map({ topics: "t" })).problems.join(), /broker is missing/);
  });

  it("are all taken", () => {
    const all = { port: "443", qos: "2", compress: "zlib", remote_log: "30", agg_stats_interval: "5", tls: "false" };
    assert.deepEqual(checkSettings(map({ ...working, ...all })), {
      value: {
        broker: "mqtt.example.com",
        topic: "stats/gw",
        port: 443,
        tls: false,
        qos: 2,
        compress: true,
        remoteLogSeconds: 30,
        intervalSeconds: 5,
      },
      problems: [],
    });
  });

  it("publish every 60 s where the interval is 0 or less", () => {
    for (const interval of ["0", "-1"]) {
      const { value, problems } = checkSettings(map({ ...working, agg_stats_interval: interval }));
      assert.deepEqual([value.intervalSeconds, problems], [60, []]);
    }
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ["port", "0", /port '0': must be a whole number from 1 to 65535; 8883 is used/],
    ["port", "8883x", /port '8883x': must be a whole number/],
    ["port", "1e3", /port/],
    ["qos", "3", /qos '3': must be a whole number from 0 to 2; 0 is used/],
    ["compress", "gzip", /compress 'gzip': must be zlib or none; none is used/],
    ["remote_log", "-5", /remote_log '-5': must be a whole number from 0 to 86400; 0 is used/],
    ["agg_stats_interval", "99999999", /agg_stats_interval '99999999': must be a whole number up to 86400; 60 is used/],
    ["tls", "no", /tls 'no': must be true or false; true is used/],
    ["broker", "mqtt://x", /broker 'mqtt:\/\/x': must be a host name or an IP address; nothing is published/],
    ["broker", "a b", /broker/],
    ["topics", "stats/#", /topics 'stats\/#': a topic to publish to has no wildcard/],
    ["topics", "x".repeat(129), /at most 128 bytes, this one has 129/],
    ["brokr", "x", /brokr: is not known, ignored; there are broker, topics/],
  ];
  for (const [key, value, problem] of wrong) {
    it(`with ${key} '${value.slice(0, 12)}' say so in one line, and the rest acts`, () => {
      const checked = checkSettings(map({ ...working, qos: "1", [key]: value }));
      assert.equal(checked.problems.length, 1);
      assert.match(checked.problems[0] ?? "", problem);
      assert.match(checked.problems[0] ?? "", /^AWLAN_Node mqtt_settings: [^\n]{1,250}$/);
      if (key !== "qos") assert.equal(checked.value.qos, 1);
    });
  }

  it("take addresses, those of IPv6 with or without brackets", () => {
    for (const [given, taken] of [
      ["192.0.2.1", "192.0.2.1"],
      ["2001:db8::1", "2001:db8::1"],
      ["[2001:db8::1]", "2001:db8::1"],
      ["localhost", "localhost"],
    ] as const) {
      assert.deepEqual(checkSettings(map({ ...working, broker: given })), {
        value: { ...checkSettings(map(working)).value, broker: taken },
        problems: [],
      });
    }
  });

  it("never show what may be a password", () => {
    const { problems } = checkSettings(
      map({ ...working, password: "open sesame", broker: "mqtts://gw:open@sesame@mqtt.example.com" }),
    );
    assert.equal(problems.length, 2);
    assert.doesNotMatch(problems.join(), /open|sesame/);
    assert.match(problems.join(), /broker '…@mqtt\.example\.com': must be a host name/);
    assert.doesNotMatch(checkHeaders(map({ token: "open sesame" })).problems.join(), /sesame/);
  });

  it("without TLS need the word for it: no port stands for it", () => {
    assert.equal(checkSettings(map({ ...working, port: "1883" })).value.tls, true);
  });
});

describe("mqtt_topics and mqtt_headers", () => {
  it("say which topics nothing can be published to", () => {
    const problems = checkTopics(map({ Latency: "latency/gw", LteStats: "lte/+", "Crash.Reports": "x".repeat(129) }));
    assert.equal(problems.length, 2);
    assert.match(
      problems[0] ?? "",
      /mqtt_topics: LteStats 'lte\/\+': .*wildcard.*; what managers send there is refused/,
    );
  });

  it("name node and location; what is too long or unknown is left out and said", () => {
    const { value, problems } = checkHeaders(map({ nodeId: "N1", locationId: "x".repeat(129), color: "red" }));
    assert.deepEqual(value, { nodeId: "N1" });
    assert.equal(problems.length, 2);
    assert.deepEqual(checkHeaders(map({ nodeId: "N\n1" })).value, {});
  });
});
