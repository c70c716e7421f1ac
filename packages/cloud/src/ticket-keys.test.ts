import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import * as limits from "./limits.ts";
import { TicketFile } from "./ticket-keys.ts";

describe("keys of TLS tickets", () => {
  const directory = mkdtempSync(join(tmpdir(), "opensync-tickets-"));
  const file = join(directory, "ticket.key");
  const lines = new LogRing(10);
  const log = Log.create({ name: "TEST", sink: lines.sink, wallTime: () => 0 });
  const clock = new VirtualClock();
  const open = (at = directory) => new TicketFile({ directory: at, clock, log });
  beforeEach(() => rmSync(file, { force: true }));
  after(() => rmSync(directory, { recursive: true }));

  it("are kept, readable by their owner only", () => {
    const { current } = open();
    assert.equal(current.length, 48);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(open().current, current);
  });

  it("change when their time is over, and say so", async () => {
    const first = open();
    const { current } = first;
    const changes: Buffer[] = [];
    first.onChange((keys) => changes.push(keys));
    await clock.advance(limits.ticketKeyLifeMs / 2);
    const second = open();
    await clock.advance(limits.ticketKeyLifeMs / 2);
    assert.notDeepEqual(second.current, current, "the time of the key, not of the process");
    assert.deepEqual(changes, [first.current]);
    assert.notDeepEqual(first.current, current);
    first.close();
    second.close();
    await clock.advance(2 * limits.ticketKeyLifeMs);
    assert.equal(changes.length, 1);
  });

  it("are made anew where the file holds none, or one that is too old", async () => {
    writeFileSync(file, "garbage");
    const { current } = open();
    assert.match(readFileSync(file, "utf8"), new RegExp(current.toString("hex")));
    const old = readFileSync(file, "utf8");
    await clock.advance(limits.ticketKeyLifeMs);
    writeFileSync(file, old);
    assert.notDeepEqual(open().current, current);
  });

  it("serve without a file, which is said", () => {
    assert.equal(open(join(directory, "absent")).current.length, 48);
    assert.match(lines.records().at(-1)?.text ?? "", /TLS sessions end with this process/);
  });
});
