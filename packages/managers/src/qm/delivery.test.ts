import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { channelsOf, QmBench, settings, survey, texts } from "./testing/qm-bench.ts";

describe("what managers hand to QM", () => {
  it("is dropped where it is empty, and refused where its topic or size will not do", async () => {
    const bench = await QmBench.start();
    assert.equal(bench.send({ data: new Uint8Array() }), "NONE");
    assert.equal(bench.send({ topic: "x".repeat(129) }), "INVALID");
    assert.equal(bench.send({ topic: "all/#" }), "INVALID");
    assert.equal(bench.send({ data: new Uint8Array(2 * 1024 * 1024 + 1) }), "QUEUE");
    assert.deepEqual([bench.counter("refused"), bench.counter("accepted")], [3, 0]);
    assert.equal(bench.logged(/RAW message of 'test' refused/).length, 2);
    await bench.clock.advance(10_000);
    assert.equal(bench.broker.received.length, 0);
  });

  it("is queued while no broker is configured, and published as soon as there is one", async () => {
    const bench = await QmBench.start({});
    assert.equal(bench.dumped("connection"), "NO_CONF");
    assert.equal(bench.send({ data: Buffer.from("early") }), "NONE");
    await bench.clock.advance(60_000);
    await bench.configure(settings);
    assert.deepEqual(texts(bench), ["early"]);
  });

  it("goes out at once when it is to be sent directly, or not at all", async () => {
    const bench = await QmBench.start();
    assert.equal(bench.send({ data: Buffer.from("now"), sendDirect: true }), "NONE");
    assert.equal(bench.send({ dataType: "STATS", data: survey(3), sendDirect: true }), "NONE");
    assert.equal(bench.send({ dataType: "STATS", data: Buffer.from("garbage"), sendDirect: true }), "INVALID");
    await bench.settle();
    assert.equal(bench.broker.received.length, 2);
    assert.deepEqual(channelsOf(bench.broker.received[1]?.payload), [3]);
    bench.broker.mode = "refuse";
    bench.broker.hangUp();
    assert.equal(bench.send({ sendDirect: true }), "SEND");
    assert.equal(bench.dumped("queue"), "0 messages, 0 bytes, 0 dropped");
  });

  it("is not lost when it was taken directly and the connection ends before it arrived", async () => {
    const bench = await QmBench.start();
    bench.broker.confirms = false;
    assert.equal(bench.send({ data: Buffer.from("late"), sendDirect: true }), "NONE");
    bench.broker.hangUp();
    bench.broker.confirms = true;
    await bench.clock.advance(5_000);
    assert.deepEqual(texts(bench), ["late"]);
  });

  it("is bounded where it is sent directly and the broker does not confirm", async () => {
    const bench = await QmBench.start();
    bench.broker.confirms = false;
    const errors = Array.from({ length: 20 }, () => bench.send({ sendDirect: true }));
    assert.deepEqual([errors.filter((error) => error === "NONE").length, errors.at(-1)], [16, "SEND"]);
    bench.broker.confirmAll();
    await bench.settle();
    assert.equal(bench.send({ sendDirect: true }), "NONE");
  });
});

describe("nothing that QM has taken is lost", () => {
  it("when the broker restarts while messages are on their way", async () => {
    const bench = await QmBench.start({ ...settings, qos: "1" });
    bench.broker.confirms = false;
    const sent = Array.from({ length: 40 }, (_, index) => `message ${index}`);
    for (const text of sent) bench.send({ data: Buffer.from(text) });
    await bench.clock.advance(10_000);
    assert.equal(bench.broker.waiting.length, 16);
    bench.broker.hangUp();
    await bench.settle();
    assert.match(bench.dumped("queue"), /^40 messages/);
    bench.broker.confirms = true;
    await bench.clock.advance(10_000);
    assert.deepEqual(texts(bench), sent);
    assert.deepEqual([bench.counter("failed"), bench.counter("sent"), bench.counter("lostConnections")], [16, 40, 1]);
  });

  it("and reports that were published in vain are published again, the same bytes", async () => {
    const bench = await QmBench.start();
    bench.broker.confirms = false;
    bench.send({ dataType: "STATS", data: survey(1) });
    await bench.clock.advance(10_000);
    const [first] = bench.broker.waiting;
    bench.broker.hangUp();
    bench.send({ dataType: "STATS", data: survey(6) });
    bench.broker.confirms = true;
    await bench.clock.advance(10_000);
    const [again, next] = bench.broker.received;
    assert.deepEqual(again?.payload, first?.payload);
    assert.deepEqual(channelsOf(next?.payload), [6]);
  });

  it("but by the bounds of the queue: the oldest go, counted, and told once while there is no broker", async () => {
    const bench = await QmBench.start({});
    for (let index = 0; index < 250; index++) {
      bench.send({ data: Buffer.from(`${index}`) });
      if (index % 10 === 0) await bench.clock.advance(60_000);
    }
    assert.match(bench.dumped("queue"), /^200 messages, \d+ bytes, 50 dropped$/);
    const told = () =>
      bench.logged(/the queue is full \((NO_CONF|CONNECTED)\): the oldest message, of 'test', is dropped/);
    assert.equal(told().length, 1);
    await bench.configure(settings);
    await bench.clock.advance(10_000);
    assert.deepEqual([texts(bench).length, texts(bench)[0]], [200, "50"]);
    for (let index = 0; index < 250; index++) bench.send();
    assert.equal(told().length, 2, "told again, after the broker has taken some");
  });

  it("when the broker hangs up at one message only: the others arrive, and that one is given up in the end", async () => {
    const bench = await QmBench.start();
    bench.broker.hangsUpAt = ({ payload }) => Buffer.from(payload).toString() === "poison";
    const sent = ["a", "b", "poison", "c", "d"];
    for (const text of sent) bench.send({ data: Buffer.from(text) });
    await bench.clock.advance(10 * 60_000);
    assert.deepEqual(texts(bench).toSorted(), ["a", "b", "c", "d"]);
    assert.deepEqual([bench.counter("rejected"), bench.dumped("queue")], [1, "0 messages, 0 bytes, 0 dropped"]);
    assert.equal(
      bench.logged(/message of 'test' \(6 bytes, topic 'default'\) dropped: the broker hangs up at it/).length,
      1,
    );
  });

  it("when the broker hangs up at everything", async () => {
    const bench = await QmBench.start();
    bench.broker.hangsUpAt = () => true;
    for (const text of ["a", "b", "c"]) bench.send({ data: Buffer.from(text) });
    await bench.clock.advance(60 * 60_000);
    assert.deepEqual([bench.counter("rejected"), bench.dumped("queue")], [0, "3 messages, 3 bytes, 0 dropped"]);
    bench.broker.hangsUpAt = () => false;
    await bench.clock.advance(2 * 60_000);
    assert.deepEqual(texts(bench).toSorted(), ["a", "b", "c"]);
  });
});

describe("a broker that stalls", () => {
  it("without accepting is left after 30 s, and tried again", async () => {
    const bench = await QmBench.start({});
    bench.broker.mode = "silent";
    await bench.configure(settings);
    await bench.clock.advance(30_000);
    assert.match(bench.dumped("connection"), /BACKOFF, 1 failed/);
    assert.equal(
      bench.logged(/broker ssl:broker.example.com:8883: no connection within 30 s; next try in [01]\.\d s/).length,
      1,
    );
    bench.broker.mode = "accept";
    await bench.clock.advance(1_000);
    assert.equal(bench.dumped("connection"), "CONNECTED");
  });

  it("without confirming is left after a deadline, and what it has not confirmed is published again", async () => {
    const bench = await QmBench.start();
    bench.broker.confirms = false;
    bench.send({ data: Buffer.from("x") });
    await bench.clock.advance(10_000 + 29_999);
    assert.equal(bench.dumped("connection"), "CONNECTED");
    bench.broker.confirms = true;
    await bench.clock.advance(5_000);
    assert.deepEqual(texts(bench), ["x"]);
    assert.equal(bench.logged(/does not confirm what is published/).length, 1);
    assert.equal(bench.broker.attempts.length, 2);
  });

  it("costs no more memory than the bounds", async () => {
    const bench = await QmBench.start();
    bench.broker.confirms = false;
    for (let index = 0; index < 1_000; index++) {
      bench.send({ data: new Uint8Array(100_000) });
      await bench.clock.advance(500);
    }
    assert.ok(bench.broker.mostWaiting <= 16);
    const [, messages, bytes] = /^(\d+) messages, (\d+) bytes/.exec(bench.dumped("queue")) ?? [];
    assert.ok(Number(messages) <= 200 && Number(bytes) <= 2 * 1024 * 1024);
    const dropped = Number(/(\d+) dropped/.exec(bench.dumped("queue"))?.[1]);
    const unsettled = 1_000 - dropped - Number(messages);
    assert.ok(unsettled >= 0 && unsettled <= 16, `${unsettled}`);
  });
});
