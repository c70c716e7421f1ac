import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { ConnectionError } from "./client.ts";
import { wireLimits } from "./limits.ts";
import { JsonRpcError, PendingRequests, type RequestOptions } from "./pending-requests.ts";

function rig() {
  const clock = new VirtualClock();
  const requests = new PendingRequests("tcp:x", clock);
  const sent: number[] = [];
  const ask = (options: RequestOptions = {}) => requests.ask("list_dbs", options, (id) => sent.push(id));
  return { clock, requests, sent, ask };
}

describe("requests that wait for a reply", () => {
  it("are settled by their id: with a result, or with what the peer says is wrong", async () => {
    const { requests, sent, ask } = rig();
    const [first, second] = [ask(), ask()];
    assert.deepEqual(sent, [1, 2]);
    requests.answered(2, null, { error: "unknown method", details: "list_dbs" });
    requests.answered(1, ["Open_vSwitch"], null);
    assert.deepEqual(await first, ["Open_vSwitch"]);
    await assert.rejects(second, new JsonRpcError("list_dbs", { error: "unknown method", details: "list_dbs" }));
  });

  it("are not touched by answers to something else", async () => {
    const { requests, ask } = rig();
    const asked = ask();
    for (const id of [7, "1", null]) requests.answered(id, "nothing of it", null);
    requests.answered(1, "this", null);
    requests.answered(1, "again", null);
    assert.equal(await asked, "this");
  });

  it("end at their deadline, when they are aborted, and with the connection", async () => {
    const { clock, requests, sent, ask } = rig();
    const late = assert.rejects(ask({ timeoutMs: 100 }), /tcp:x: no reply to list_dbs within 100 ms/);
    const abort = new AbortController();
    const aborted = assert.rejects(ask({ signal: abort.signal }), /not needed/);
    const lost = assert.rejects(ask(), /tcp:x: gone/);
    await clock.advance(100);
    abort.abort(new Error("not needed"));
    requests.end(new ConnectionError("tcp:x: gone"));
    await Promise.all([late, aborted, lost]);
    await assert.rejects(ask({ signal: abort.signal }), /not needed/);
    assert.equal(sent.length, 3);
  });

  it("are so many at a time; one more is not sent", async () => {
    const { requests, sent, ask } = rig();
    const waiting = Array.from({ length: wireLimits.maxPendingRequests }, () => ask());
    await assert.rejects(ask(), /requests wait for replies already/);
    assert.equal(sent.length, waiting.length);
    requests.answered(1, "done", null);
    await waiting[0];
    const next = ask();
    assert.equal(sent.length, waiting.length + 1);
    requests.end(new ConnectionError("over"));
    await Promise.allSettled([...waiting, next]);
  });
});
