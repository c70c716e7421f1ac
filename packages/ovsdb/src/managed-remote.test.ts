import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { ManagedRemote } from "./managed-remote.ts";
import { until, unusedPort } from "./test-server.ts";

describe("a remote that cannot be reached", () => {
  it("is dialled after 1 s, then after twice as long each time up to max_backoff, and logged once", async () => {
    const clock = new VirtualClock();
    const lines = new LogRing(100);
    const log = Log.create({ name: "TEST", sink: lines.sink, wallTime: () => 0 });
    const target = `tcp:127.0.0.1:${await unusedPort()}`;
    const attempts: number[] = [];
    let state = "";
    const onChange = () => {
      const now = remote?.status().status.get("state") ?? "CONNECTING";
      if (now === "CONNECTING" && state !== now) attempts.push(clock.now());
      state = now;
    };
    let remote: ManagedRemote | undefined;
    const context = { clock, log, tls: undefined, accept: () => undefined, onChange };
    remote = new ManagedRemote(target, { maxBackoffMs: 4000 }, context);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await until(() => attempts.length === attempt && state === "BACKOFF", "the failure");
      await clock.runUntil(() => attempts.length > attempt, 60_000);
    }
    const pauses = attempts.slice(1, 5).map((time, index) => time - (attempts[index] as number));
    assert.deepEqual(pauses, [1000, 2000, 4000, 4000]);
    assert.deepEqual(
      lines.records().map(({ text }) => text),
      [`${target}: connection refused; nothing listens there`],
    );
    await remote.close();
  });
});
