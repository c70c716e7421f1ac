import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { controlSocketBeside, logDestinations, logFile, normalizeArguments, runFile } from "./open-vswitch-options.ts";

describe("the options of ovsdb-server", () => {
  it("never take the next argument for a value that may be left out", () => {
    assert.deepEqual(
      normalizeArguments(["--pidfile", "conf.db", "--log-file=x", "--log-file", "-v", "-vconsole:off"]),
      ["--pidfile=", "conf.db", "--log-file=x", "--log-file=", "--log-level=", "--log-level=console:off"],
    );
    assert.deepEqual(normalizeArguments(["--verbose=file:dbg", "--verbose"]), ["--log-level=file:dbg", "--verbose"]);
  });

  it("set levels by destination, for all modules", () => {
    const before = { console: "INFO", file: "INFO" } as const;
    const cases: [string[], string, string][] = [
      [[], "INFO", "INFO"],
      [[""], "DEBUG", "DEBUG"],
      [["console:off"], "DISABLED", "INFO"],
      [["ANY:file:err"], "INFO", "ERR"],
      [["syslog:off"], "INFO", "INFO"],
      [["warn"], "WARNING", "WARNING"],
      [["reconnect:console:dbg"], "INFO", "INFO"],
      [["console:off", "file:emer"], "DISABLED", "EMERG"],
    ];
    for (const [specs, console, file] of cases) {
      assert.deepEqual(logDestinations(specs, before), { console, file }, specs.join());
    }
  });

  it("name files where Open vSwitch's tools look for them", () => {
    assert.equal(runFile("ovsdb-server.pid", {}), "/var/run/openvswitch/ovsdb-server.pid");
    assert.equal(runFile("x.pid", { OVS_RUNDIR: "/run/mine" }), "/run/mine/x.pid");
    assert.equal(runFile("/tmp/x.pid", { OVS_RUNDIR: "/run/mine" }), "/tmp/x.pid");
    assert.equal(logFile("", { OVS_LOGDIR: "/log" }), "/log/ovsdb-server.log");
    assert.equal(logFile("/tmp/x", { OVS_LOGDIR: "/log" }), "/tmp/x");
    assert.equal(controlSocketBeside("/run/ovsdb-server.pid", 7), "/run/ovsdb-server.7.ctl");
  });
});
