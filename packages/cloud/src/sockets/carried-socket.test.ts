import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import * as limits from "../limits.ts";
import type { SocketsMessage } from "./between-threads.ts";
import { CarriedSocket } from "./carried-socket.ts";
import { HeldBytes } from "./held-bytes.ts";
import { Outbox } from "./outbox.ts";

const echo = '{"method":"echo","params":[],"id":1}';
const answer = '{"id":1,"result":[],"error":null}';
const row = `{"method":"update","params":["${"x".repeat(1000)}"],"id":null}`;

/** A node on one end, and what is told to the sessions at the other. */
function connection(held = new HeldBytes(limits.heldBytesOfAll)) {
  const [node, transport] = memoryTransportPair();
  const messages: SocketsMessage[] = [];
  const state = { sessionsLive: true, closed: false };
  const socket = new CarriedSocket({
    connection: 1,
    transport,
    outbox: new Outbox((message) => messages.push(message)),
    held,
    sessionsLive: () => state.sessionsLive,
    closed: () => {
      state.closed = true;
    },
  });
  let received = "";
  node.start({
    data: (chunk) => {
      received += Buffer.from(chunk).toString();
    },
    ended() {},
    drained() {},
    closed() {},
  });
  return {
    node,
    socket,
    state,
    received: () => received,
    words: () => messages.flatMap(({ words }) => words),
    carried: () => Buffer.concat(messages.map(({ bytes }) => bytes)).toString(),
  };
}

/** Until what was written has come through, and what is to be told is told. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("a socket whose session is in another thread", () => {
  it("answers echo itself, carries the rest, and tells of both in one message a turn", async () => {
    const { node, words, carried, received } = connection();
    node.write(`${echo}${row}${echo}`);
    await settle();
    assert.equal(received(), answer + answer);
    assert.equal(carried(), row);
    assert.deepEqual(words(), [["data", 1, row.length]]);
    node.write(echo);
    await settle();
    assert.deepEqual(words().at(-1), ["answered", 1]);
  });

  it("answers on while its session has much to handle, up to a bound, and reads on once that is handled", async () => {
    const { node, socket, received, carried } = connection();
    const rows = Math.floor(limits.heldBytes / row.length);
    for (let sent = 0; sent < rows; sent++) node.write(row);
    node.write(echo);
    await settle();
    assert.equal(received(), answer, "within the bound");
    for (let sent = 0; sent < 3; sent++) node.write(row);
    await settle();
    node.write(echo);
    await settle();
    assert.equal(received(), answer, "beyond the bound it waits");
    socket.taken(rows * row.length);
    await settle();
    assert.equal(received(), answer + answer);
    assert.equal(carried().length, (rows + 3) * row.length);
  });

  it("makes one wait for what others have not handled, and lets it go on when they end", async () => {
    const held = new HeldBytes(limits.heldBytesOfAll);
    held.add(limits.heldBytesOfAll);
    const { node, socket, received } = connection(held);
    node.write(row);
    await settle();
    node.write(echo);
    await settle();
    assert.equal(received(), "");
    held.remove(limits.heldBytesOfAll);
    await settle();
    assert.equal(received(), answer);
    socket.taken(row.length);
  });

  it("tells nobody that all is well for sessions that are stuck, and leaves echo to those who look at messages", async () => {
    const { node, socket, state, received, carried } = connection();
    state.sessionsLive = false;
    node.write(echo);
    await settle();
    assert.deepEqual([received(), carried()], ["", echo]);
    state.sessionsLive = true;
    socket.carryAll(true);
    node.write(echo);
    await settle();
    assert.deepEqual([received(), carried()], ["", echo + echo]);
    socket.carryAll(false);
    node.write(echo);
    await settle();
    assert.equal(received(), answer);
  });

  it("takes what sessions write, says when it is gone, and what remains of a connection that ended counts for nobody", async () => {
    const held = new HeldBytes(limits.heldBytesOfAll);
    const { node, socket, state, received, words } = connection(held);
    socket.write("[]", 2);
    await settle();
    assert.equal(received(), "[]");
    node.write(row);
    await settle();
    node.close();
    await settle();
    assert.deepEqual(words().at(-1), ["ended", 1]);
    socket.close();
    await settle();
    assert.deepEqual(words().at(-1), ["closed", 1, undefined]);
    assert.equal(state.closed, true);
    held.add(limits.heldBytesOfAll);
    assert.equal(held.isTooMuch, false);
  });
});
