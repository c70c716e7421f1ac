import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatRecord, Log, LogRing, parseLogLevels } from "./log.ts";

function ringLog() {
  const ring = new LogRing(3);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => 0 });
  const lines = () => ring.records().map((record) => `${record.severity} ${record.module} ${record.text}`);
  return { log, ring, lines };
}

describe("log levels", () => {
  it("start at INFO", () => {
    const { log, lines } = ringLog();
    log.info("shown");
    log.debug("hidden");
    assert.deepEqual(lines(), ["INFO MAIN shown"]);
  });

  it("change at run time, for one module or for all", () => {
    const { log, lines } = ringLog();
    const ovsdb = log.child("OVSDB");
    log.setLevels(parseLogLevels("ovsdb:trace, notice"));
    ovsdb.trace(() => "shown");
    log.info("hidden");
    log.notice("shown too");
    assert.deepEqual(lines(), ["TRACE OVSDB shown", "NOTICE MAIN shown too"]);
  });

  it("of one process leave the others alone", () => {
    const { log, lines } = ringLog();
    const cm = log.process("CM");
    log.setLevels(parseLogLevels("DISABLED"));
    log.error("hidden");
    cm.info("shown");
    assert.deepEqual(lines(), ["INFO MAIN shown"]);
  });

  it("for elsewhere are levels of their own, off until they are set, and tell more or less than those for here", () => {
    const here = new LogRing(9);
    const elsewhere = new LogRing(9);
    const log = Log.create({ name: "OW", sink: here.sink, remoteSink: elsewhere.sink, wallTime: () => 0 });
    const lines = (ring: LogRing) => ring.records().map(({ text }) => text);
    log.error("here only");
    log.setRemoteLevels(parseLogLevels("MAIN:DEBUG"));
    const cm = log.process("CM");
    log.debug("elsewhere only");
    log.setLevels(parseLogLevels("DISABLED"));
    log.info("elsewhere again");
    cm.setRemoteLevels(parseLogLevels("DISABLED"));
    cm.info("here again");
    assert.deepEqual(lines(here), ["here only", "here again"]);
    assert.deepEqual(lines(elsewhere), ["elsewhere only", "elsewhere again"]);
    assert.ok(log.enabled("DEBUG") && !log.enabled("TRACE"));
  });

  it("accept ERROR and WARN and name what they do not know", () => {
    assert.equal(parseLogLevels("ERROR").base, "ERR");
    assert.equal(parseLogLevels("Warn").base, "WARNING");
    assert.throws(() => parseLogLevels("INFO LOUD"), /'LOUD' is not one of DISABLED/);
    assert.throws(() => parseLogLevels("x".repeat(257)), /256/);
  });
});

describe("log records", () => {
  it("are one line each", () => {
    const text = formatRecord({ time: 0, severity: "INFO", name: "OW", module: "MAIN", text: "a\nb" });
    assert.equal(text, "1970-01-01 00:00:00.000 OW   <INFO> MAIN     a\\nb");
  });

  it("are kept up to the ring's bound", () => {
    const { log, lines } = ringLog();
    for (const n of [1, 2, 3, 4]) log.info(`${n}`);
    assert.equal(lines().length, 3);
    assert.equal(lines()[2], "INFO MAIN 4");
  });
});
