import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PostgresServer, postgresAbsent } from "@opensync-ts/cloud/testing/postgres";
import { root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");
const anyPorts = [
  ...["--redirector", "pssl:0:127.0.0.1", "--controller", "pssl:0:127.0.0.1", "--mqtt", "0", "--http", "0"],
];
const started = /API http:/;

describe("a second cloud", () => {
  let directory: TemporaryDirectory;
  const running: Service[] = [];
  const cloud = (name: string, ...more: readonly string[]) => [
    ...["cloud", "--dir", join(directory.path, name), ...anyPorts, ...more],
  ];
  const start = async (...args: readonly string[]) => {
    const service = new Service(opensync, args);
    running.push(service);
    await service.until(started, 120_000);
    return service;
  };
  before(() => {
    directory = temporaryDirectory("two-clouds");
  });
  after(async () => {
    for (const service of running) await service.stop();
    directory?.[Symbol.dispose]();
  });

  it("on the same directory is refused, with who has it, until that one is stopped or killed", async () => {
    const first = await start(...cloud("lab"));
    const second = await run(opensync, cloud("lab"), { deadlineMs: 60_000 });
    assert.equal(second.code, 1);
    assert.match(
      second.stderr,
      /^opensync: \S+\/lab: is in use by process \d+ on host \S+, since \S+Z; stop it, or use another directory\n$/,
    );
    assert.ok(second.stderr.includes(`process ${first.child.pid} on`));
    const { code, stderr } = await run(opensync, ["cloud", "ctl", "--dir", join(directory.path, "lab"), "status"]);
    assert.deepEqual([code, stderr], [0, ""], "the first one's token is still good");
    await first.stop("SIGKILL");
    const third = await start(...cloud("lab"));
    await third.stop();
  });

  it("on the same PostgreSQL is refused likewise, with the same key, too", { skip: postgresAbsent }, async () => {
    const server = await PostgresServer.start();
    try {
      const url = server.database("cloud");
      const secret = url.replace("opensync@", "opensync:secret@");
      const first = await start(...cloud("one", "--store", secret));
      mkdirSync(join(directory.path, "two"));
      copyFileSync(join(directory.path, "one", "store.key"), join(directory.path, "two", "store.key"));
      const second = await run(opensync, cloud("two", "--store", secret), { deadlineMs: 60_000 });
      assert.equal(second.code, 1);
      assert.match(
        second.stderr,
        /^opensync: store postgres:\/\/opensync@127\.0\.0\.1:\d+\/cloud: is in use by process \d+ on host \S+, since \S+Z; stop that cloud, or give this one another database\n$/,
      );
      const { code, stderr } = await run(opensync, ["cloud", "ctl", "--dir", join(directory.path, "one"), "status"]);
      assert.deepEqual([code, stderr], [0, ""], "the first one's token is still good");
      await first.stop("SIGKILL");
      await (await start(...cloud("two", "--store", secret))).stop();
    } finally {
      for (const service of running) await service.stop();
      await server.remove();
    }
  });

  it("ends the first where it has taken the store while that one was cut off", { skip: postgresAbsent }, async () => {
    const server = await PostgresServer.start();
    try {
      const url = server.database("cloud");
      const first = await start(...cloud("cut-off", "--store", url));
      const taken = server.query("cloud", "select pg_advisory_lock(1330664275, 1), pg_sleep(60)").catch(() => {});
      await server.query("cloud", lockHolderEnds);
      assert.equal(await first.exited, 1);
      assert.match(first.output, /\nopensync: store postgres:.* has it now, so it is no longer this cloud's; stop one/);
      await server.down();
      await taken;
    } finally {
      await server.remove();
    }
  });
});

const lockHolderEnds =
  "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and classid = 1330664275";
