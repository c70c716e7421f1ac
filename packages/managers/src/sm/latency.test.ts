import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { reading, SmBench } from "./testing/rig.ts";

const epoch = Date.UTC(2026, 0, 1);
const row = { stats_type: "latency", sampling_interval: 10, reporting_interval: 30 } as const;
const bytes = Uint8Array.of(2, 0, 0, 0, 0, 10);

describe("a latency row", () => {
  it("reports hosts to its topic, raw, directly, compressed as configured", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => [reading()];
    await bench.boot([{ ...row, latency_kinds: ["min", "max", "avg", "last", "num"] }]);
    await bench.clock.advance(35_000);
    const [{ message } = { message: null }] = bench.received;
    const { data: _, ...rest } = message ?? {};
    assert.deepEqual(rest, {
      sender: "SM",
      dataType: "RAW",
      topic: "lat/1",
      compression: "configured",
      sendDirect: true,
    });
    assert.deepEqual(bench.takeLatency(), [
      {
        nodeId: "0123456789AB",
        hosts: [
          {
            ifName: "home-ap-24",
            ifRole: "",
            mac: bytes,
            timestampMs: epoch + 30_000,
            samples: [{ timestampMs: epoch + 30_000, leastMs: 1, mostMs: 9, averageMs: 4, lastMs: 5, packets: 30 }],
          },
        ],
      },
    ]);
  });

  it("polls and reports at multiples of its intervals on the wall clock, the poll first", async () => {
    const bench = new SmBench();
    const polls: number[] = [];
    bench.latency.answer = () => {
      polls.push((bench.clock.wallTime() - epoch) / 1000);
      return [reading()];
    };
    bench.clock.offset = 7_000;
    await bench.boot([{ ...row, sampling_interval: 15 }]);
    await bench.clock.advance(60_000);
    assert.deepEqual(polls, [15, 30, 45, 60]);
    assert.deepEqual(
      bench
        .takeLatency()
        .map(({ hosts: [first] }) => [((first?.timestampMs ?? 0) - epoch) / 1000, first?.samples[0]?.packets]),
      [
        [30, 20],
        [60, 20],
      ],
    );
  });

  it("follows a wall clock that is set, without a storm and without a long silence", async () => {
    const bench = new SmBench();
    const polls: number[] = [];
    bench.latency.answer = () => {
      polls.push((bench.clock.wallTime() - epoch) / 1000);
      return [];
    };
    await bench.boot([{ ...row, sampling_interval: 600, reporting_interval: 600 }]);
    await bench.clock.advance(100_000);
    bench.clock.offset = 86_400_000;
    await bench.clock.advance(60_000);
    // Seen at the next look at the clock, 120 s after the start.
    assert.deepEqual(polls, [86_520]);
    bench.clock.offset = -100_000;
    await bench.clock.advance(600_000);
    assert.deepEqual(polls, [86_520, 600]);
  });

  it("has one sample of all polls, or one for each, as sample_policy says", async () => {
    const bench = new SmBench();
    let poll = 0;
    bench.latency.answer = () => {
      poll++;
      // 10 packets of 10 ms, 20 of 20 ms, 30 of 30 ms.
      return [reading({ least: poll, most: poll * 100, average: poll * 10, last: poll * 7, packets: poll * 10 })];
    };
    await bench.boot([{ ...row, sample_policy: "separate" }]);
    await bench.clock.advance(35_000);
    const sample = (n: number) => ({
      timestampMs: epoch + n * 10_000,
      leastMs: n,
      mostMs: n * 100,
      averageMs: n * 10,
      lastMs: n * 7,
      packets: n * 10,
    });
    assert.deepEqual(bench.takeLatency()[0]?.hosts[0]?.samples, [sample(1), sample(2), sample(3)]);
    poll = 0;
    await bench.modify("latency", { sample_policy: "merge" });
    await bench.clock.advance(30_000);
    assert.deepEqual(bench.takeLatency()[0]?.hosts[0]?.samples, [
      { timestampMs: epoch + 60_000, leastMs: 1, mostMs: 300, averageMs: 23, lastMs: 21, packets: 60 },
    ]);
  });

  it("tells the kinds that it names, all where it names none", async () => {
    const told = async (kinds: readonly ("min" | "max" | "avg" | "last" | "num" | "perc")[]) => {
      const bench = new SmBench();
      bench.latency.answer = () => [reading()];
      await bench.boot([{ ...row, latency_kinds: kinds }]);
      await bench.clock.advance(35_000);
      const sample = bench.takeLatency()[0]?.hosts[0]?.samples[0];
      return { fields: Object.keys(sample ?? {}).sort(), warnings: bench.warnings() };
    };
    const time = "timestampMs";
    assert.deepEqual((await told([])).fields, ["averageMs", "lastMs", "leastMs", "mostMs", "packets", time]);
    assert.deepEqual((await told(["min"])).fields, ["leastMs", time]);
    assert.deepEqual((await told(["max", "num"])).fields, ["mostMs", "packets", time]);
    assert.deepEqual((await told(["avg", "last"])).fields, ["averageMs", "lastMs", time]);
    const some = await told(["avg", "perc"]);
    assert.deepEqual(some.fields, ["averageMs", time]);
    assert.match(some.warnings.join(), /latency_kinds: reports have no field for 'perc'; left out/);
    assert.deepEqual((await told(["perc"])).fields, []);
  });

  it("tells packets apart by DSCP where it is asked to, also those without", async () => {
    const bench = new SmBench();
    bench.latency.answer = ({ perDscp }) =>
      perDscp
        ? [reading({ dscp: 46 }), reading({ dscp: 0 }), reading()]
        : [reading({ average: 1 }), reading({ average: 3 })];
    await bench.boot([{ ...row, latency_dscp: "report_per_dscp" }]);
    await bench.clock.advance(35_000);
    assert.deepEqual(
      bench.takeLatency()[0]?.hosts.map(({ dscp }) => dscp),
      [0, 46, "none"],
    );
    for (const value of ["do_not_report", null] as const) {
      await bench.modify("latency", { latency_dscp: value });
      await bench.clock.advance(30_000);
      const hosts = bench.takeLatency()[0]?.hosts ?? [];
      assert.deepEqual(
        hosts.map(({ dscp, samples: [sample] }) => [dscp, sample?.averageMs, sample?.packets]),
        [[undefined, 2, 60]],
      );
    }
  });

  it("tells only of the interfaces that it names", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => ["a", "b", "c"].map((ifName) => reading({ ifName }));
    await bench.boot([{ ...row, if_name: ["a", "c"] }]);
    await bench.clock.advance(35_000);
    assert.deepEqual(
      bench.takeLatency()[0]?.hosts.map(({ ifName }) => ifName),
      ["a", "c"],
    );
  });

  it("tells links of a multi-link device under its interface, and the role of interfaces", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => ["ap-50", "ap-60", "eth1"].map((ifName) => reading({ ifName, packets: 5 }));
    await bench.client.transact((transaction) => {
      for (const if_name of ["ap-50", "ap-60"]) {
        transaction.insert("Wifi_VIF_State", { if_name, mld_if_name: "mld0" });
      }
      transaction.insert("Wifi_VIF_State", { if_name: "eth1" });
      transaction.insert("Wifi_Inet_Config", { if_name: "mld0", if_type: "vif", role: "onboard" });
      transaction.insert("Wifi_Inet_Config", { if_name: "eth1", if_type: "eth" });
    });
    await bench.boot([row, { ...row, if_name: ["ap-60"] }, { ...row, if_name: ["mld0"] }]);
    await bench.clock.advance(35_000);
    assert.deepEqual(
      bench
        .takeLatency()
        .map(({ hosts }) => hosts.map(({ ifName, ifRole, samples }) => [ifName, ifRole, samples[0]?.packets])),
      [
        [
          ["eth1", "", 15],
          ["mld0", "onboard", 30],
        ],
        [["mld0", "onboard", 15]],
        [["mld0", "onboard", 30]],
      ],
    );
  });

  it("sends nothing where there is nothing to tell", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => [reading({ packets: 0 })];
    await bench.boot([row]);
    await bench.clock.advance(95_000);
    assert.deepEqual(bench.received, []);
    assert.deepEqual(bench.warnings(), []);
  });

  it("is off with an interval of 0, and ends with its row or after reporting_count reports", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => [reading()];
    await bench.boot([{ ...row, sampling_interval: 0 }]);
    assert.equal(bench.latency.started, 0);
    await bench.modify("latency", { sampling_interval: 5, reporting_count: 2 });
    await bench.clock.advance(300_000);
    assert.equal(bench.takeLatency().length, 2);
    assert.deepEqual([bench.latency.started, bench.latency.stopped], [1, 1]);
    await bench.modify("latency", { reporting_interval: 0 });
    await bench.modify("latency", { reporting_interval: 10, reporting_count: 0 });
    await bench.clock.advance(20_000);
    await bench.client.transact((transaction) => transaction.delete("Wifi_Stats_Config", []));
    await bench.clock.advance(5_000);
    assert.equal(bench.takeLatency().length, 2);
    await bench.clock.advance(100_000);
    assert.equal(bench.takeLatency().length, 0);
    assert.deepEqual([bench.latency.started, bench.latency.stopped], [2, 2]);
    assert.deepEqual(bench.warnings(), []);
  });

  it("waits for a topic, and says so once however many rows there are", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => [reading()];
    await bench.boot([row, { ...row, sampling_interval: 15 }]);
    await bench.client.transact((transaction) => transaction.update("AWLAN_Node", [], { mqtt_topics: {} }));
    await bench.clock.advance(100_000);
    assert.equal(bench.received.length, 0);
    assert.deepEqual(bench.warnings(), [
      "sm: AWLAN_Node mqtt_topics 'Latency' is not set: no latency reports until it is",
    ]);
    await bench.client.transact((t) => t.update("AWLAN_Node", [], { mqtt_topics: { Latency: "a/#" } }));
    await bench.settle();
    assert.match(bench.warnings()[1] ?? "", /no wildcard/);
    await bench.client.transact((t) => t.update("AWLAN_Node", [], { mqtt_topics: { Latency: "new" } }));
    await bench.clock.advance(35_000);
    assert.deepEqual(
      bench.received.map(({ message }) => message.topic),
      ["new", "new"],
    );
  });

  it("says once that nobody measures", async () => {
    const bench = new SmBench();
    bench.parts = { system: bench.system };
    await bench.boot([row, row]);
    assert.deepEqual(bench.warnings(), ["sm: target fake does not measure latency: no latency reports"]);
  });
});

describe("a measurement that goes wrong", () => {
  it("takes 64 hosts of a poll, and says that there are more", async () => {
    const bench = new SmBench();
    bench.latency.answer = () =>
      Array.from({ length: 100 }, (_, index) => reading({ mac: mac(`02:00:00:00:01:${(index + 16).toString(16)}`) }));
    const running = await bench.boot([row]);
    await bench.clock.advance(35_000);
    assert.equal(bench.takeLatency()[0]?.hosts.length, 64);
    assert.deepEqual(
      bench.warnings().map((text) => text.replace(/[0-9a-f-]{36}/, "UUID")),
      ["sm: Wifi_Stats_Config latency UUID: more than 64 hosts in a poll; use if_name to choose"],
    );
    assert.match(running.dump(), /108 hosts too many/);
  });

  it("loses readings that make no sense, and no others", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => [
      reading({ average: Number.NaN }),
      reading({ least: -1 }),
      reading({ most: Number.POSITIVE_INFINITY }),
      reading({ packets: 1.5 }),
      reading({ packets: -3 }),
      reading({ dscp: 64 }),
      reading({ ifName: "" }),
      reading({ packets: 7 }),
    ];
    const running = await bench.boot([row]);
    await bench.clock.advance(35_000);
    assert.deepEqual(
      bench.takeLatency()[0]?.hosts.map(({ samples }) => samples[0]?.packets),
      [21],
    );
    assert.match(running.dump(), /21 readings of no sense/);
    assert.equal(bench.warnings().length, 1);
  });

  it("costs the polls that fail, and none of the data of one that is late", async () => {
    const bench = new SmBench();
    let answers: Array<() => Promise<ReturnType<typeof reading>[]>> = [
      async () => {
        throw new Error("busy");
      },
      async () => {
        await bench.clock.sleep(7_000);
        return [reading({ packets: 3 })];
      },
      async () => [reading({ packets: 4 })],
    ];
    bench.latency.answer = async () => {
      const [first, ...rest] = answers;
      answers = rest;
      return (await first?.()) ?? [];
    };
    const running = await bench.boot([{ ...row, reporting_interval: 40 }]);
    await bench.clock.advance(45_000);
    assert.deepEqual(
      bench.takeLatency()[0]?.hosts.map(({ samples }) => samples[0]?.packets),
      [7],
    );
    assert.match(running.dump(), /2 polls, 2 failed/);
    assert.match(
      bench.warnings().join("\n"),
      /: busy; a poll is left out\n.*no answer within 5000 ms; a poll is left out/,
    );
  });

  it("may hang for ever: one question is open, reports go on", async () => {
    const bench = new SmBench();
    let asked = 0;
    bench.latency.answer = () => {
      asked++;
      return asked === 1 ? [reading()] : new Promise(() => {});
    };
    await bench.boot([{ ...row, sampling_interval: 1, reporting_interval: 10 }]);
    await bench.clock.advance(60_000);
    assert.equal(asked, 2);
    assert.equal(bench.takeLatency().length, 1);
    assert.ok(bench.warnings().length <= 2);
  });

  it("may refuse to start", async () => {
    const bench = new SmBench();
    bench.parts = {
      latency: {
        start() {
          throw new Error("no module");
        },
      },
    };
    await bench.boot([row]);
    await bench.clock.advance(60_000);
    assert.match(bench.warnings()[0] ?? "", /latency cannot be measured: no module; the row is off/);
    assert.deepEqual(bench.failures, []);
  });

  it("ends when SM ends", async () => {
    const bench = new SmBench();
    const running = await bench.boot([row]);
    await running.stop();
    assert.equal(bench.latency.stopped, 1);
    await bench.clock.advance(100_000);
    assert.deepEqual(bench.received, []);
  });
});
