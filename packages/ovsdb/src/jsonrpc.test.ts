import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { JsonRpcPeer, type PeerHandlers, type PeerOptions } from "./jsonrpc.ts";
import { memoryTransportPair } from "./memory-transport.ts";
import { JsonRpcError } from "./pending-requests.ts";
import type { Transport } from "./transport.ts";

/** A peer that echoes, and the raw other end of its connection. */
function echoPeer(options: Partial<PeerOptions> = {}) {
  const clock = new VirtualClock();
  const [near, far] = memoryTransportPair();
  const events: string[] = [];
  const handlers: PeerHandlers = {
    request: (method, params, id) => peer.reply(id, [method, ...params]),
    notification: (method) => events.push(`notification ${method}`),
    closed: (reason) => events.push(`closed: ${reason.message}`),
  };
  const peer = new JsonRpcPeer(near, { clock, handlers, ...options });
  return { clock, peer, far, events, writes: recorder(far) };
}

function recorder(transport: Transport): string[] {
  const writes: string[] = [];
  transport.start({
    data: (chunk) => writes.push(chunk.toString()),
    ended: () => writes.push("end"),
    drained() {},
    closed() {},
  });
  return writes;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a JSON-RPC peer", () => {
  it("answers with the id it was given, whatever its type", async () => {
    for (const id of ["1", '"x"', "9007199254740993", '{"a":[1,null]}', "[]"]) {
      const { far, writes } = echoPeer();
      far.write(`{"method":"hi","params":[],"id":${id}}`);
      await turn();
      assert.deepEqual(writes, [`{"id":${id},"result":["hi"],"error":null}`]);
    }
  });

  it("shows messages of both directions to those who look, until they no longer do", async () => {
    const { peer, far } = echoPeer();
    const seen: string[] = [];
    const stop = peer.observe(({ direction, text }) => seen.push(`${direction} ${text}`));
    far.write('{"method":"a","params":[],"id":1}');
    await turn();
    assert.deepEqual(seen, ['received {"method":"a","params":[],"id":1}', 'sent {"id":1,"result":["a"],"error":null}']);
    stop();
    far.write('{"method":"b","params":[],"id":2}');
    await turn();
    assert.equal(seen.length, 2);
  });

  it("sends the replies of one turn in one write", async () => {
    const { far, writes } = echoPeer();
    far.write('{"method":"a","params":[],"id":1}{"method":"b","params":[],"id":2}');
    await turn();
    assert.deepEqual(writes, ['{"id":1,"result":["a"],"error":null}{"id":2,"result":["b"],"error":null}']);
  });

  for (const length of [16_384, 32_768, 65_536, 131_072]) {
    it(`adds white space to a reply of ${length} bytes, which a synchronous client would wait behind`, async () => {
      const { far, writes } = echoPeer();
      const frame = '{"id":1,"result":["echo",""],"error":null}'.length;
      for (const extra of [-1, 0, 1]) {
        far.write(`{"method":"echo","params":["${"é".repeat(2)}${"x".repeat(length - frame - 4 + extra)}"],"id":1}`);
        await turn();
        const reply = writes.pop() ?? "";
        assert.equal(Buffer.byteLength(reply), extra === 0 ? length + 1 : length + extra);
        assert.equal(reply.endsWith(extra === 0 ? "}\n" : "}"), true);
      }
    });
  }

  it("matches replies to its requests by id, in any order", async () => {
    const { peer, far, writes } = echoPeer();
    const first = peer.request("first", []);
    const second = peer.request("second", []);
    await turn();
    assert.deepEqual(writes, ['{"method":"first","params":[],"id":1}{"method":"second","params":[],"id":2}']);
    far.write('{"id":2,"result":"two","error":null}{"id":1,"result":null,"error":{"error":"no","details":"why"}}');
    assert.equal(await second, "two");
    await assert.rejects(first, (error) => error instanceof JsonRpcError && error.message === "first: no: why");
  });

  it("gives up on a reply at its deadline, and ignores it when it comes late", async () => {
    const { peer, clock, far, events } = echoPeer();
    const reply = peer.request("slow", [], { timeoutMs: 1000 });
    const refused = assert.rejects(reply, /no reply to slow within 1000 ms/);
    await clock.advance(1000);
    await refused;
    far.write('{"id":1,"result":[],"error":null}');
    await turn();
    assert.deepEqual(events, []);
  });

  it("rejects what waits for a reply when the connection ends", async () => {
    const { peer, far } = echoPeer();
    const reply = peer.request("a", []);
    far.close();
    await assert.rejects(reply, { name: "ConnectionError", message: "memory:a: the peer closed the connection" });
  });

  it("answers what was asked before the peer stopped sending", async () => {
    const { far, writes, events } = echoPeer();
    const requests = Array.from({ length: 100 }, (_, i) => `{"method":"m","params":[],"id":${i}}`);
    far.write(requests.join(""));
    await turn();
    assert.equal(writes.length, 1, "one turn handles a bounded number of messages");
    for (let i = 0; i < 10; i++) await turn();
    assert.equal(writes.join("").match(/"result"/g)?.length, 100);
    assert.deepEqual(events, []);
  });

  it("answers a request whose params are no array with an error, and stays", async () => {
    const { far, writes, events } = echoPeer();
    far.write('{"method":"m","params":{},"id":7}{"method":"m","id":8}{"method":"n","params":[],"id":null}');
    await turn();
    assert.match(writes.join(""), /"id":7,"result":null,"error":\{"error":"syntax error"/);
    assert.match(writes.join(""), /"id":8,"result":null,"error":\{"error":"syntax error"/);
    assert.deepEqual(events, ["notification n"]);
  });

  for (const [text, reason] of [
    ["hello", /not JSON-RPC: a JSON object was expected/],
    ["[1,2]", /not JSON-RPC: a message must be a JSON object/],
    ["{]", /not JSON-RPC/],
    ['{"id":3}', /needs a "method"/],
    ['{"method":"a","params":[NaN],"id":1}', /not JSON-RPC/],
  ] as const) {
    it(`closes with a reason when it receives ${text}`, async () => {
      const { far, events, writes } = echoPeer();
      far.write(text);
      await turn();
      assert.match(events[0] ?? "", reason);
      assert.equal(writes.at(-1), "end");
    });
  }

  it("cuts off a peer that does not read, and says so", async () => {
    const { peer, far, events } = echoPeer({ maxWaitingBytes: 1000 });
    far.pause();
    for (let i = 0; i < 20; i++) peer.notify("update", ["x".repeat(100)]);
    await turn();
    assert.match(events[0] ?? "", /^closed: memory:a: reads too slowly: \d+ bytes wait for it \(at most 1000\)$/);
  });

  it("stops reading requests while the peer does not take the replies, and goes on when it does", async () => {
    const { far, writes, events } = echoPeer();
    const big = "x".repeat(300_000);
    far.pause();
    for (let id = 0; id < 40; id++) far.write(`{"method":"echo","params":["${big}"],"id":${id}}`);
    for (let i = 0; i < 20; i++) await turn();
    assert.ok(far.waiting > 10_000_000, "most requests are still unread");
    far.resume();
    for (let i = 0; i < 60; i++) await turn();
    assert.equal(writes.join("").match(/"result"/g)?.length, 40);
    assert.deepEqual(events, []);
  });
});
