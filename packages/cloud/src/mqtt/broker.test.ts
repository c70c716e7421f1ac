import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import * as limits from "../limits.ts";
import { lengthOf, MqttClient } from "../testing/mqtt-client.ts";
import { Broker, type BrokerHost } from "./broker.ts";

const clock = new RealClock();

describe("the broker", () => {
  const stops: (() => Promise<void>)[] = [];
  const clients: MqttClient[] = [];
  const ring = new LogRing(1000);
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    for (const stop of stops.splice(0)) await stop();
  });

  const published: { readonly id: string; readonly topic: string; readonly size: number }[] = [];
  const told = (pattern: RegExp) => ring.records().filter(({ text }) => pattern.test(text)).length;

  async function start(host: Partial<BrokerHost> = {}): Promise<Broker> {
    published.length = 0;
    const broker = await Broker.start({
      remote: { kind: "ptcp", port: 0, host: "127.0.0.1" },
      tls: undefined,
      host: {
        admit: (id) => (id.startsWith("node") ? true : `'${id}' is no node`),
        publish: (id, topic, payload) => {
          published.push({ id, topic, size: payload.length });
          return true;
        },
        ...host,
      },
      clock,
      log: Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 }),
    });
    stops.push(() => broker.stop());
    return broker;
  }

  async function dial(broker: Broker): Promise<MqttClient> {
    const client = await MqttClient.dial(broker.remote.port);
    clients.push(client);
    return client;
  }

  it("takes publications of every QoS, and acknowledges them", async () => {
    const client = await dial(await start());
    assert.equal(await client.connect("node1"), 0);
    client.publish("t", "a");
    client.publish("t", "bb", { qos: 1, id: 2 });
    client.publish("t", "ccc", { qos: 2, id: 3 });
    await client.until(() => client.received.find(({ type }) => type === 0x50));
    client.send(0x62, Buffer.of(0, 3));
    await client.until(() => client.received.find(({ type }) => type === 0x70));
    assert.deepEqual(published.map(({ size }) => size).sort(), [1, 2, 3]);
    const acknowledged = client.received.map(({ type, body }) => [type, body.at(-1)]);
    assert.deepEqual(acknowledged, [
      [0x20, 0],
      [0x40, 2],
      [0x50, 3],
      [0x70, 3],
    ]);
  });

  it("takes a QoS 2 publication that is sent again only once", async () => {
    const client = await dial(await start());
    await client.connect("node1");
    client.publish("t", "a", { qos: 2, id: 9 });
    await client.ping();
    client.publish("t", "a", { qos: 2, id: 9 });
    await client.ping();
    assert.equal(published.length, 1);
  });

  it("lets in only whom its host admits, told once in a line, and counted", async () => {
    const broker = await start();
    for (let n = 0; n < 3; n++) {
      const client = await dial(broker);
      assert.equal(await client.connect("stranger"), 5);
      await client.ended();
    }
    assert.equal(told(/refused: 'stranger' is no node/), 1);
    assert.equal(broker.counters.refused, 3);
  });

  it("acknowledges and drops what its host does not take: the connection goes on for the rest", async () => {
    const publish: BrokerHost["publish"] = (_id, topic) => (topic === "mine" ? true : "the topic is another's");
    const broker = await start({ publish });
    const client = await dial(broker);
    await client.connect("node1");
    for (let n = 0; n < 5; n++) client.publish("theirs", "x", { qos: 1, id: n + 1 });
    client.publish("mine", "x");
    await until(() => broker.counters.unauthorized === 5 && broker.counters.published === 1);
    await client.until(() => client.received.filter(({ type }) => type === 0x40).length === 5 || undefined);
    assert.equal(told(/node1: a publication to 'theirs' is not taken: the topic is another's/), 1);
  });

  it("sends nothing to anybody: no subscription, no retained message, no will, not even of its own topics", async () => {
    const broker = await start();
    const listening = await dial(broker);
    await listening.connect("node1", { clean: false });
    assert.equal(await listening.subscribe("#"), 128);
    const other = await dial(broker);
    await other.connect("node2", { will: { topic: "t", payload: "gone" } });
    other.publish("t", "x", { retain: true });
    other.publish("$SYS/other/new/clients", "node1");
    await other.ping();
    other.close();
    await listening.ping();
    assert.deepEqual(
      listening.received.map(({ type }) => type),
      [0x20, 0x90, 0xd0],
    );
    assert.equal(broker.counters.unauthorized, 2);
    listening.close();
    const again = await dial(broker);
    await again.connect("node1", { clean: false });
    assert.equal(again.received[0]?.body[0], 0, "no session of before");
  });

  it("serves the newest connection of a node, and ends the one before", async () => {
    const broker = await start();
    const older = await dial(broker);
    await older.connect("node1");
    const newer = await dial(broker);
    assert.equal(await newer.connect("node1"), 0);
    await older.ended();
    newer.publish("t", "x");
    await newer.ping();
    assert.equal(published.length, 1);
  });

  it("ends a connection with a packet that is too long, at its header", async () => {
    const client = await dial(await start());
    await client.connect("node1");
    client.socket.write(Buffer.of(0x30, ...lengthOf(limits.mqttPacketBytes + 1)));
    await client.ended();
    assert.equal(told(/node1: connection ended: a packet has more than/), 1);
    assert.equal(published.length, 0);
  });

  it("takes the largest payload", async () => {
    const client = await dial(await start());
    await client.connect("node1");
    client.publish("t", Buffer.alloc(2 * 1024 * 1024));
    await client.ping();
    assert.equal(published[0]?.size, 2 * 1024 * 1024);
  });

  it("reads a flooding node slowly, and others as ever", async () => {
    const broker = await start();
    const flooding = await dial(broker);
    await flooding.connect("node1");
    const payload = Buffer.alloc(64 * 1024);
    const flood = limits.mqttBurstBytes * 2;
    for (let sent = 0; sent < flood; sent += payload.length) flooding.publish("flood", payload);
    const other = await dial(broker);
    await other.connect("node2");
    for (let n = 0; n < 50; n++) {
      other.publish("t", "x");
      await other.ping();
    }
    const taken = published.filter(({ topic }) => topic === "flood").length * payload.length;
    assert.ok(taken < flood, `${taken} of ${flood} bytes were read at once`);
    assert.equal(published.filter(({ id }) => id === "node2").length, 50);
  });

  it("outlives garbage, and says what it was", async () => {
    const broker = await start();
    for (const bytes of [Buffer.from("GET / HTTP/1.1\r\n\r\n"), Buffer.of(0x00, 0x00), Buffer.of(0x30, 3, 0, 9, 9)]) {
      const client = await dial(broker);
      client.socket.write(bytes);
      client.socket.end();
      await client.ended();
    }
    const client = await dial(broker);
    assert.equal(await client.connect("node1"), 0);
    assert.ok(told(/connection ended: /) >= 1);
  });

  it("outlives a host that fails", async () => {
    const client = await dial(
      await start({
        publish: () => {
          throw new Error("broken");
        },
      }),
    );
    await client.connect("node1");
    client.publish("t", "x");
    await client.ping();
    assert.equal(told(/node1: a publication to 't': broken/), 1);
  });

  it("refuses an address that is taken", async () => {
    const { remote } = await start();
    const options = { remote, tls: undefined, host: { admit: () => true, publish: () => true } as BrokerHost, clock };
    const log = Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 });
    await assert.rejects(Broker.start({ ...options, log }), /cannot listen on ptcp:.*in use/);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await clock.sleep(5);
}
