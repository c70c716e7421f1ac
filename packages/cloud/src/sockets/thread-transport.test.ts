import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as limits from "../limits.ts";
import type { ToSockets } from "./between-threads.ts";
import { ThreadTransport } from "./thread-transport.ts";

const chunk = (text: string) => new TextEncoder().encode(text);

/** A transport, what it tells the other thread, and what its user hears. */
function open() {
  const told: ToSockets[] = [];
  const heard: string[] = [];
  const transport = new ThreadTransport(7, "ssl:192.0.2.1:40000", undefined, (word) => told.push(word));
  const start = () =>
    transport.start({
      data: (bytes) => heard.push(Buffer.from(bytes).toString()),
      ended: () => heard.push("<ended>"),
      drained: () => heard.push("<drained>"),
      closed: (error) => heard.push(error ? `<closed: ${error.message}>` : "<closed>"),
    });
  return { transport, told, heard, start };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a connection of another thread", () => {
  it("keeps what comes until somebody starts it", async () => {
    const { transport, heard, start } = open();
    transport.heard(chunk("a"));
    transport.heard(chunk("b"));
    transport.peerEnded();
    start();
    await turn();
    assert.deepEqual(heard, ["a", "b", "<ended>"]);
  });

  it("hands nothing over while it is paused, the end neither, and all of it in order afterwards", async () => {
    const { transport, heard, start } = open();
    start();
    transport.pause();
    transport.heard(chunk("a"));
    transport.heard(chunk("b"));
    transport.peerEnded();
    await turn();
    assert.deepEqual(heard, []);
    transport.resume();
    await turn();
    assert.deepEqual(heard, ["a", "b", "<ended>"]);
  });

  it("says by and by what has been handled, and nothing of what waits", async () => {
    const { transport, told, start } = open();
    start();
    const much = new Uint8Array(limits.heldBytes / 4);
    transport.heard(much);
    assert.deepEqual(told, [["taken", 7, much.length]]);
    transport.pause();
    transport.heard(much);
    assert.equal(told.length, 1);
    transport.resume();
    await turn();
    assert.deepEqual(told.at(-1), ["taken", 7, much.length]);
  });

  it("leaves so little untold that all connections together never keep each other from being read", () => {
    const { transport, told, start } = open();
    start();
    let sum = 0;
    for (let bytes = 1; bytes < 3000; bytes += 7) {
      transport.heard(new Uint8Array(bytes));
      sum += bytes;
      const known = told.reduce((all, word) => all + (word[0] === "taken" ? word[2] : 0), 0);
      // Those of the redirector and of the controller.
      assert.ok((sum - known) * 2 * limits.connections < limits.heldBytesOfAll / 2);
    }
  });

  it("counts what waits to leave, and tells when a crowd of it has", () => {
    const { transport, told, heard, start } = open();
    start();
    transport.write("é");
    assert.deepEqual(told.at(-1), ["write", 7, "é", 2]);
    transport.sent(2);
    assert.deepEqual([transport.waiting, heard], [0, []]);
    transport.write("x".repeat(limits.crowdedBytes), limits.crowdedBytes);
    transport.write("x", 1);
    transport.sent(limits.crowdedBytes / 4);
    assert.deepEqual(heard, []);
    transport.sent(limits.crowdedBytes / 2);
    assert.deepEqual(heard, ["<drained>"]);
    assert.equal(transport.waiting, limits.crowdedBytes / 4 + 1);
  });

  it("takes nothing more once it is closed, and reads no more", async () => {
    const { transport, told, heard, start } = open();
    start();
    assert.equal(transport.close(), false);
    transport.write("late");
    transport.heard(chunk("late"));
    transport.answered();
    await turn();
    assert.deepEqual(told, [["close", 7]]);
    transport.gone(undefined);
    transport.gone(new Error("again"));
    assert.deepEqual(heard, ["<closed>"]);
    transport.destroy();
    assert.equal(told.length, 1);
    assert.equal(transport.close(), true);
  });

  it("tells of an end that came before anybody started it, and why", async () => {
    const { transport, heard, start } = open();
    transport.heard(chunk("a"));
    transport.gone(new Error("reset"));
    start();
    await turn();
    assert.deepEqual(heard, ["<closed: reset>"]);
  });

  it("lets a user know that the peer was heard of, without any bytes", async () => {
    const { transport, heard, start } = open();
    start();
    transport.answered();
    assert.deepEqual(heard, [""]);
  });
});
