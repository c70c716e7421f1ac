import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BusyClock } from "@opensync-ts/base/testing/busy-clock";
import { WorkQueue } from "@opensync-ts/base/work-queue";
import { JsonRpcPeer } from "./jsonrpc.ts";
import { wireLimits } from "./limits.ts";
import { memoryTransportPair } from "./memory-transport.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Connections that share one queue of work; answering takes no time, what stands before it in the queue does. */
function shared(count: number) {
  const clock = new BusyClock();
  const work = new WorkQueue(clock, 10);
  const events: string[] = [];
  const connections = Array.from({ length: count }, (_, index) => {
    const [near, far] = memoryTransportPair(`peer ${index}`, "far");
    const peer: JsonRpcPeer = new JsonRpcPeer(near, {
      clock,
      work,
      handlers: {
        request(_method, _params, id) {
          events.push(`${index} asks ${JSON.stringify(id)}`);
          peer.reply(id, []);
        },
        notification() {},
        closed: ({ message }) => events.push(message),
      },
    });
    far.start({ data() {}, ended() {}, drained() {}, closed() {} });
    return { peer, far };
  });
  /** The slice of this turn is over. */
  const spend = () => work.run({}, () => clock.work(20));
  return { clock, work, events, connections, spend };
}

const request = (id: string, bytes: number) => `{"method":"echo","params":["${"x".repeat(bytes)}"],"id":"${id}"}`;

describe("connections that share one queue of work", () => {
  it("answer small requests at once, and larger ones when it is their turn", async () => {
    const { clock, events, connections, spend } = shared(2);
    spend();
    connections[0]?.far.write(request("large", wireLimits.promptBytes));
    await turn();
    connections[1]?.far.write(request("small", 1));
    await turn();
    assert.deepEqual(events, ['1 asks "small"']);
    await clock.advance(0);
    assert.deepEqual(events, ['1 asks "small"', '0 asks "large"']);
  });

  it("keep the order of one connection's requests", async () => {
    const { clock, events, connections, spend } = shared(1);
    spend();
    connections[0]?.far.write(request("large", wireLimits.promptBytes));
    await turn();
    connections[0]?.far.write(request("small", 1));
    await turn();
    assert.deepEqual(events, []);
    await clock.advance(0);
    await turn();
    assert.deepEqual(events, ['0 asks "large"', '0 asks "small"']);
  });

  it("answer what was asked before the peer stopped sending, and end after it", async () => {
    const { clock, events, connections, spend } = shared(1);
    spend();
    connections[0]?.far.write(request("last", wireLimits.promptBytes));
    await turn();
    connections[0]?.far.close();
    await turn();
    await clock.advance(0);
    await turn();
    await turn();
    await clock.advance(0);
    assert.deepEqual(events, ['0 asks "last"', "peer 0: the peer closed the connection"]);
  });

  it("end a few at a time when all are cut", async () => {
    const { clock, work, events, connections, spend } = shared(3);
    const waiting = connections[0]?.peer.request("echo", []) ?? Promise.resolve();
    const refused = assert.rejects(waiting, /closed the connection/);
    await turn();
    spend();
    for (const { far } of connections) far.destroy();
    await turn();
    assert.equal(work.waiting, 3);
    assert.deepEqual(events, []);
    await clock.advance(0);
    await refused;
    await turn();
    assert.equal(events.length, 3);
  });
});
