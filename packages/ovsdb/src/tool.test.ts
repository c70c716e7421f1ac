import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Outcome, ovsdb, run, serveProcess, stop, without } from "./test-process.ts";
import { testSchema, until } from "./test-server.ts";

const launcher = fileURLToPath(new URL("../bin/ovsdb.mjs", import.meta.url));

describe("the tool ovsdb", { concurrency: 2 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-tool-"));
  after(() => rmSync(directory, { recursive: true }));
  const file = (name: string) => join(directory, name);
  const schema = file("test.ovsschema");
  writeFileSync(schema, JSON.stringify(testSchema));

  async function done(...args: readonly string[]): Promise<string> {
    const { status, out, error } = await ovsdb(...args);
    assert.equal(status, 0, `${args.join(" ")}: ${error}`);
    return out;
  }

  function assertRefused({ status, error }: Outcome, expectedStatus: number, message: RegExp): void {
    assert.equal(status, expectedStatus, error);
    assert.match(error, message);
    assert.equal(error.trimEnd().split("\n").length, 1, `one line, not: ${error}`);
  }

  const insert = (name: string, more: object = {}) =>
    JSON.stringify({ op: "insert", table: "Radio", row: { name, ...more } });
  const radios = '{"op":"select","table":"Radio","where":[],"columns":["name","channel","tags"],"sort":["name"]}';

  it("writes to a file that nobody serves, and reads it", async () => {
    const path = file("file.db");
    await done("create", path, schema);
    assert.match(
      await done("transact", path, `["Test",${insert("wifi1", { tags: ["set", ["a", "b,c"]], counter: 7 })}]`),
      /^insert Radio\nuuid\n-{36}\n[0-9a-f-]{36}\n$/,
    );
    await done("transact", path, insert("wifi0", { channel: 6, counter: 123 }).replace("123", "9007199254740993"));
    assert.equal(
      await done("query", path, radios),
      'select Radio\nchannel name  tags\n------- ----- ----------\n6       wifi0 []\n[]      wifi1 [a, "b,c"]\n',
    );
    assert.equal(
      await done("query", path, radios, "-f", "csv"),
      'channel,name,tags\n6,wifi0,[]\n[],wifi1,"[a, ""b,c""]"\n',
    );
    assert.equal(
      await done("query", path, radios, "-f", "csv", "--no-headings"),
      '6,wifi0,[]\n[],wifi1,"[a, ""b,c""]"\n',
    );
    assert.deepEqual(JSON.parse(await done("query", path, radios, "--format=json")), [
      {
        rows: [
          { channel: 6, name: "wifi0", tags: ["set", []] },
          { channel: ["set", []], name: "wifi1", tags: ["set", ["a", "b,c"]] },
        ],
      },
    ]);
    assert.match(
      await done("dump", path, "Radio", "-f", "json"),
      /^\{"Radio":\[\{"_uuid":\["uuid",.*"counter":9007199254740993/,
    );
    assert.match(await done("dump", path, "Radio", "--no-headings"), /^[0-9a-f-]{36} +/);
    assert.equal((await done("show-log", path, "-f", "json")).trim().split("\n").length, 3);
  });

  it("says which operation failed, and that nothing was changed", async () => {
    const path = file("failing.db");
    await done("create", path, schema);
    const failing = await ovsdb("transact", path, `[${insert("a")},${insert("b", { channel: 999 })}]`);
    assertRefused(failing, 1, /nothing was changed: operation 1: constraint violation: /);
    assertRefused(
      await ovsdb("transact", path, `[${insert("a")},${insert("a")}]`),
      1,
      /at commit: constraint violation/,
    );
    assertRefused(await ovsdb("query", path, insert("a")), 1, /a query only reads, and 'insert' does not/);
    assertRefused(await ovsdb("query", path, "{"), 1, /the transaction is no JSON/);
    assertRefused(await ovsdb("query", path, "[]", "-d", "Other"), 1, /holds database Test, not 'Other'/);
    assertRefused(await ovsdb("dump", path, "-f", "xml"), 2, /Allowed choices are table, json, csv/);
    assertRefused(await ovsdb("monitor", path), 1, /only a server tells of changes/);
    assertRefused(await ovsdb("dump", "unix:/nowhere"), 1, /no such socket; is the server running\?/);
    assert.equal(await done("query", path, radios, "-f", "csv", "--no-headings"), "");
  });

  it("works on servers as on files, shows changes as they come, and finds differences", async (t) => {
    const [path, other, socket] = [file("served.db"), file("other.db"), file("served.sock")];
    await done("create", other, schema);
    const server = await serveProcess(path, "--schema", schema, "--remote", `punix:${socket}`);
    const monitor = spawn(launcher, ["monitor", socket, "Radio:name,channel", "Manager"]);
    t.after(() => Promise.all([stop(monitor), stop(server)]));
    let seen = "";
    monitor.stdout.on("data", (chunk) => {
      seen += chunk;
    });
    await done("transact", `unix:${socket}`, insert("wifi0", { channel: 6 }));
    await until(() => seen !== "", "the first update");
    const update = '{"op":"update","table":"Radio","where":[["name","==","wifi0"]],"row":{"channel":11}}';
    assert.equal(await done("transact", socket, update), "update Radio\ncount\n-----\n1\n");
    await until(() => seen.includes("new"), "the second update");
    const [first = "", second = ""] = seen.split("\n\n");
    assert.match(first, /^Radio table\nrow +action +name +channel\n[- ]+\n[0-9a-f-]{36} (insert|initial) wifi0 6/);
    assert.match(second, /\n[0-9a-f-]{36} old +6\n {36} new +wifi0 11\n/);
    const exited = new Promise((resolve) => monitor.once("exit", resolve));
    monitor.kill("SIGINT");
    assert.equal(await exited, 0);

    assert.equal(await done("query", socket, radios, "-f", "csv", "--no-headings"), "11,wifi0,[]\n");
    assert.match(await done("dump", socket, "Radio"), /^Radio table\n.*\n.*\n[0-9a-f-]{36} 11 /);
    assertRefused(await ovsdb("dump", socket, "-d", "Nope"), 1, /has no database 'Nope'; it has Test\n/);
    assertRefused(await ovsdb("compact", socket), 1, /a server compacts by itself/);
    assertRefused(await ovsdb("transact", path, insert("b")), 1, /in use by process \d+/);

    assert.deepEqual(await ovsdb("diff", path, socket), { status: 0, out: "", error: "" });
    await done("transact", other, `[${insert("wifi0", { channel: 6 })},${insert("wifi1")}]`);
    const differing = await ovsdb("diff", socket, other);
    assert.equal(differing.status, 1, differing.error);
    assert.match(
      differing.out,
      /^Radio table\n\+ [0-9a-f-]{36} counter=0 name=wifi1\n~ [0-9a-f-]{36} channel: 11 -> 6\n$/,
    );
    assert.match(
      (await ovsdb("diff", other, socket, "Radio", "-f", "csv", "--no-headings")).out,
      /^Radio,.*,removed,,,\nRadio,.*,changed,channel,6,11\n$/,
    );
    const json = JSON.parse((await ovsdb("diff", socket, other, "-f", "json")).out);
    assert.deepEqual(json.Radio.changed[0].after, { channel: 6 });
    assertRefused(await ovsdb("diff", other, "nowhere.db"), 2, /no such file/);

    writeFileSync(file("wider.ovsschema"), JSON.stringify({ ...testSchema, version: "1.1.0" }));
    await done("convert", socket, file("wider.ovsschema"));
    assert.match(await done("show-log", path), /"1\.1\.0"/);
  });

  it("explains itself", async () => {
    const help = await done("--help");
    for (const command of [
      "create",
      "serve",
      "dump",
      "query",
      "transact",
      "monitor",
      "diff",
      "compact",
      "convert",
      "check",
      "show-log",
    ]) {
      assert.match(help, new RegExp(`^  ${command} `, "m"));
      assert.match(await done(command, "--help"), /^Usage: ovsdb /);
    }
    assert.match(help, /Examples:/);
  });
});

describe("ovsdb serve, started as scripts start ovsdb-server", { concurrency: 2 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-serve-"));
  after(() => rmSync(directory, { recursive: true }));
  const file = (name: string) => join(directory, name);
  const schema = file("test.ovsschema");
  writeFileSync(schema, JSON.stringify(testSchema));
  const second = file("second.ovsschema");
  writeFileSync(second, JSON.stringify({ ...testSchema, name: "Second" }));
  const appctl = (socket: string, ...command: readonly string[]) =>
    run("ovs-appctl", "-T", "10", "-t", socket, ...command);

  it("serves in the background, writes pid and log files, and stops by signal", async () => {
    const [path, socket, pidFile, log] = [file("bg.db"), file("bg.sock"), file("bg.pid"), file("bg.log")];
    await ovsdb("create", path, schema);
    const started = await ovsdb(
      "serve",
      path,
      `--remote=punix:${socket}`,
      `--pidfile=${pidFile}`,
      `--log-file=${log}`,
      "--detach",
      "--no-chdir",
      "-vconsole:off",
    );
    assert.deepEqual(started, { status: 0, out: "", error: "" });
    const pid = Number(readFileSync(pidFile, "utf8"));
    assert.match((await ovsdb("query", socket, "[]")).out, /^$|^\n$/);
    assert.ok(existsSync(file(`bg.${pid}.ctl`)), "a control socket where ovs-appctl looks for it");
    const again = await ovsdb("serve", path, `--remote=punix:${file("bg2.sock")}`, `--pidfile=${pidFile}`);
    assert.match(again.error, /in use by process|already running as process/);
    if (!without("ovs-appctl")) {
      const byName = await run("env", `OVS_RUNDIR=${directory}`, "ovs-appctl", "-t", "bg", "ovsdb-server/list-dbs");
      assert.deepEqual(byName, { status: 0, out: "Test\n_Server\n", error: "" });
    }
    process.kill(pid, "SIGTERM");
    await until(() => !existsSync(pidFile), "the pid file's removal");
    assert.match(readFileSync(log, "utf8"), /listening on punix:.*SIGTERM: stopping/s);
  });

  it("is started again after a crash, with what it served then", { skip: without("ovs-appctl") }, async () => {
    const [path, pidFile, control] = [file("mon.db"), file("mon.pid"), file("mon.ctl")];
    const [first, second] = [file("mon1.sock"), file("mon2.sock")];
    await ovsdb("create", path, schema);
    await ovsdb("create", file("mon-second.db"), `${directory}/second.ovsschema`);
    const args = [`--pidfile=${pidFile}`, `--unixctl=${control}`, "--detach", "--monitor", "-vconsole:off"];
    const started = await ovsdb("serve", path, `--remote=punix:${first}`, ...args);
    assert.deepEqual(started, { status: 0, out: "", error: "" });
    await appctl(control, "ovsdb-server/add-db", file("mon-second.db"));
    await appctl(control, "ovsdb-server/add-remote", `punix:${second}`);
    await appctl(control, "ovsdb-server/remove-remote", `punix:${first}`);
    const crashed = Number(readFileSync(pidFile, "utf8"));
    process.kill(crashed, "SIGSEGV");
    await until(() => existsSync(pidFile) && Number(readFileSync(pidFile, "utf8")) !== crashed, "the next server");
    assert.equal((await appctl(control, "ovsdb-server/list-dbs")).out, "Second\nTest\n_Server\n");
    assert.equal((await appctl(control, "ovsdb-server/list-remotes")).out, `punix:${second}\n`);
    const pid = Number(readFileSync(pidFile, "utf8"));
    await appctl(control, "exit");
    await until(() => !existsSync(pidFile), "its end");
    await until(() => !existsSync(`/proc/${pid}`), "its process's end");
  });

  it("lives as long as the command that --run gives, and has its success", async () => {
    const [path, socket] = [file("run.db"), file("run.sock")];
    await ovsdb("create", path, schema);
    const serve = (command: string) => {
      return ovsdb("serve", path, `--remote=punix:${socket}`, "-vconsole:off", `--run=${command}`);
    };
    assert.deepEqual(await serve(`test -S ${socket} && echo served`), { status: 0, out: "served\n", error: "" });
    const failed = await serve("exit 3");
    assert.equal(failed.status, 1);
    assert.match(failed.error, /--run: exit 3: ended with status 3/);
  });

  it("has its control socket in OVS_RUNDIR without being asked", async () => {
    const [path, socket] = [file("rundir.db"), file("rundir.sock")];
    await ovsdb("create", path, schema);
    const args = ["serve", path, `--remote=punix:${socket}`, "-vconsole:off", `--run=ls ${directory}`];
    const { out } = await run("env", `OVS_RUNDIR=${directory}`, launcher, ...args);
    assert.match(out, /^ovsdb-server\.\d+\.ctl$/m);
  });

  it("tells in the log which port the system chose, at the end of the line", async (t) => {
    const [path, log] = [file("port.db"), file("port.log")];
    await ovsdb("create", path, schema);
    const server = await serveProcess(path, "--remote", "ptcp:0", `--log-file=${log}`, "-vconsole:off");
    t.after(() => stop(server));
    const [, port] = /^.*0:.*: listening on port (\d+)$/m.exec(readFileSync(log, "utf8")) ?? [];
    assert.equal((await ovsdb("query", `tcp:127.0.0.1:${port}`, "[]")).status, 0);
  });

  it("tells on the terminal why it does not serve in the background", async () => {
    const { status, error } = await ovsdb("serve", file("none.db"), "--remote", "ptcp:0:127.0.0.1", "--detach");
    assert.equal(status, 1);
    assert.match(error, /^ovsdb: .*none\.db: no such file/);
  });

  it("refuses what it does not offer, and says what to do", async () => {
    await ovsdb("create", file("a.db"), schema);
    const tls = await ovsdb("serve", file("a.db"), "--remote", "pssl:0", "--bootstrap-ca-cert", "x");
    assert.equal(tls.status, 1);
    assert.match(tls.error, /--bootstrap-ca-cert trusts whoever connects first, and is not offered; copy/);
    const two = await ovsdb("serve", file("a.db"), file("b.db"), "--schema", schema, "--remote", "ptcp:0:127.0.0.1");
    assert.match(two.error, /--schema can be given with one database file only/);
  });

  it("takes commands from ovs-appctl", { skip: without("ovs-appctl") }, async (t) => {
    const [path, socket, control] = [file("ctl.db"), file("ctl.sock"), file("ctl.ctl")];
    await ovsdb("create", path, schema);
    await ovsdb("create", file("second.db"), second);
    const server = await serveProcess(path, "--remote", `punix:${socket}`, `--unixctl=${control}`);
    t.after(() => stop(server));
    const ask = async (...command: readonly string[]) => {
      const { status, out, error } = await appctl(control, ...command);
      assert.equal(status, 0, error);
      return out;
    };
    assert.match(await ask("version"), /^ovsdb-server \(opensync-ts\) \d/);
    assert.match(
      await ask("list-commands"),
      /^The available commands are:\n {2}exit\n.* {2}ovsdb-server\/add-remote +REMOTE\n/s,
    );
    assert.equal(await ask("ovsdb-server/list-dbs"), "Test\n_Server\n");
    assert.equal(await ask("ovsdb-server/sync-status"), "state: active\n");
    assert.equal(await ask("ovsdb-server/list-remotes"), `punix:${socket}\n`);
    await ask("ovsdb-server/add-remote", `punix:${file("more.sock")}`);
    assert.equal((await ovsdb("query", file("more.sock"), "[]")).status, 0);
    await ask("ovsdb-server/remove-remote", `punix:${file("more.sock")}`);
    assert.equal((await ovsdb("query", `unix:${file("more.sock")}`, "[]")).status, 1);
    await ask("ovsdb-server/add-db", file("second.db"));
    assert.equal(await ask("ovsdb-server/list-dbs"), "Second\nTest\n_Server\n");
    await ask("ovsdb-server/remove-db", "Second");
    await ovsdb("transact", socket, '{"op":"insert","table":"Radio","row":{"name":"a"}}');
    const before = readFileSync(path).length;
    await ask("ovsdb-server/compact");
    await ask("ovsdb-server/compact", "Test");
    assert.notEqual(readFileSync(path).length, before);
    await ask("vlog/set", "console:off");
    assert.match(await ask("vlog/list"), /^ +console +file\nANY +OFF +INFO\n$/);
    assert.equal(await ask("ovsdb-server/get-db-storage-status", "Test"), "status: ok\n");
    assert.equal(await ask("ovsdb-server/memory-trim-on-compaction", "on"), "");
    assert.equal(await ask("ovsdb-server/get-active-ovsdb-server"), "");
    assert.match(await ask("memory/show"), /^cells:\d+ sessions:0\n$/);
    assert.equal(await ask("ovsdb-server/reconnect"), "");
    for (const [command, message] of [
      [["nonsense"], /"nonsense" is not a valid command \(use "list-commands"/],
      [["ovsdb-server/add-remote"], /requires at least 1 arguments/],
      [["exit", "a", "b"], /takes at most 0 arguments/],
      [["ovsdb-server/remove-remote", "punix:x"], /no such remote/],
      [["ovsdb-server/compact", "Nope"], /^no database by that name$/m],
      [["ovsdb-server/add-remote", "http:x"], /it must be one of/],
      [["ovsdb-server/compact", "_Server"], /^cannot compact built-in databases$/m],
      [["ovsdb-server/add-remote", "db:Nope,x,y"], /^"db:Nope,x,y": no database named Nope$/m],
      [["ovsdb-server/add-remote", "db:Test"], /^"db:Test": invalid syntax$/m],
      [["ovsdb-server/add-db", path], /ctl\.db: already open$/m],
      [["ovsdb-server/add-db", file("none.db")], /^I\/O error: .*none\.db: open failed/m],
      [["ovsdb-server/remove-db", "Nope"], /^Failed to find the database\.$/m],
      [["ovsdb-server/remove-db", "_Server"], /^Cannot remove reserved database\.$/m],
      [["ovsdb-server/get-db-storage-status", "Nope"], /^Failed to find the database\.$/m],
      [["ovsdb-server/memory-trim-on-compaction", "x"], /^invalid argument$/m],
    ] as const) {
      const { status, error } = await appctl(control, ...command);
      assert.equal(status, 2, command.join(" "));
      assert.match(error, message);
    }
    const exited = new Promise((resolve) => server.once("exit", resolve));
    await ask("exit");
    assert.equal(await exited, 0);
  });
});
