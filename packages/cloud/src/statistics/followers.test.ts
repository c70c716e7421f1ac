import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { decodeReport, emptyReport, encodeReport } from "@opensync-ts/telemetry/report";
import * as limits from "../limits.ts";
import { type FollowerLine, type Followers, followerSocket, openFollowers } from "./followers.ts";
import { Statistics } from "./statistics.ts";

const clock = new RealClock();

describe("the followers of the statistics", () => {
  let directory: string;
  let statistics: Statistics;
  let followers: Followers | undefined;
  const ring = new LogRing(100);
  const log = Log.create({ name: "CLOUD", sink: ring.sink, wallTime: () => 0 });
  const sockets: Socket[] = [];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "follow-"));
    statistics = new Statistics({ clock, log });
    followers = await openFollowers(directory, statistics, { clock, log });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await followers?.close();
    rmSync(directory, { recursive: true });
  });

  async function follow(): Promise<{ socket: Socket; lines: readonly FollowerLine[] }> {
    const socket = connect({ path: followerSocket(directory) });
    sockets.push(socket);
    const lines: FollowerLine[] = [];
    let rest = "";
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts.map((line) => JSON.parse(line) as FollowerLine));
    });
    await new Promise((resolve) => socket.once("connect", resolve));
    return { socket, lines };
  }

  /** Until all that were dialled are served. */
  async function served(publish: () => void, heard: () => boolean): Promise<void> {
    while (!heard()) {
      publish();
      await clock.sleep(5);
    }
  }

  const publish = (size = 0) =>
    statistics.take(
      "gateway",
      "gateway",
      size === 0 ? "stats" : "other",
      "topic",
      size === 0 ? encodeReport(emptyReport("gateway")) : Buffer.alloc(size),
    );

  it("are served a line for each payload, which the decoders read, on a socket for the owner alone", async () => {
    const { lines } = await follow();
    await served(publish, () => lines.length > 0);
    const [line] = lines;
    assert.ok(line && line.kind === "stats");
    assert.deepEqual([line.node, line.topic], ["gateway", "topic"]);
    assert.equal(decodeReport(Buffer.from(line.payload, "base64")).nodeId, "gateway");
    assert.equal(statSync(followerSocket(directory)).mode & 0o777, 0o600);
  });

  it("lose what they do not read in time, are told how much, and keep nobody waiting", async () => {
    const slow = await follow();
    const quick = await follow();
    await served(publish, () => slow.lines.length > 0 && quick.lines.length > 0);
    slow.socket.pause();
    const size = 256 * 1024;
    const payloads = (2 * limits.followerBacklogBytes) / size;
    const large = (lines: readonly FollowerLine[]) => lines.filter(({ kind }) => kind === "other").length;
    for (let n = 1; n <= payloads; n++) {
      // As a node that has sent nothing yet: here it is about the followers.
      statistics.retain(() => false);
      publish(size);
      while (large(quick.lines) < n) await clock.sleep(1);
    }
    slow.socket.resume();
    const lost = () => slow.lines.find((line) => line.kind === "lost");
    while (!lost()) await clock.sleep(1);
    const told = lost();
    assert.ok(told?.kind === "lost" && told.lines > 0);
    assert.equal(large(slow.lines) + told.lines, payloads);
    const before = slow.lines.length;
    await served(publish, () => slow.lines.length > before);
  });

  it("are so many and no more", async () => {
    const accepted = await Promise.all(Array.from({ length: limits.followers }, () => follow()));
    await served(publish, () => accepted.every(({ lines }) => lines.length > 0));
    const { socket } = await follow();
    await new Promise((resolve) => socket.once("close", resolve));
    assert.ok(ring.records().some(({ text }) => /refused: 16 follow the statistics already/.test(text)));
    accepted[0]?.socket.destroy();
    await clock.sleep(20);
    const next = await follow();
    await served(publish, () => next.lines.length > 0);
  });

  it("are done without where the socket cannot be made, and the log says so", async () => {
    const long = join(directory, "x".repeat(120));
    assert.equal(await openFollowers(long, statistics, { clock, log }), undefined);
    assert.ok(
      ring.records().some(({ text }) => /no socket for followers: .*'opensync stats tail' does not work/.test(text)),
    );
  });
});
