import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { DatabaseFile } from "@opensync-ts/ovsdb/storage";
import type { NodeOptions } from "./start-node.ts";
import { NodeBench } from "./testing/bench.ts";

/** That a start is refused with one line in which all of `parts` stand. */
async function refused(bench: NodeBench, options: Partial<NodeOptions>, ...parts: (string | RegExp)[]): Promise<void> {
  await assert.rejects(bench.startNull(options), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.doesNotMatch(error.message, /\n/);
    for (const part of parts) {
      const found = typeof part === "string" ? error.message.includes(part) : part.test(error.message);
      assert.ok(found, `'${error.message}' lacks ${part}`);
    }
    return true;
  });
}

const asRoot = process.getuid?.() === 0 ? "root may read and write everything" : false;

describe("a node that cannot start says why in one line, and leaves nothing behind", () => {
  it("an unknown profile", async () => {
    await using bench = new NodeBench();
    await refused(bench, { profile: "novelty" }, "no profile 'novelty'; use one of default, ");
    await bench.startNull();
  });

  it("a redirector that is none", async () => {
    await using bench = new NodeBench();
    for (const redirector of ["http://x", "ssl:host", "tcp:1.2.3.4:99999", "ssl:::1:443"]) {
      await refused(bench, { redirector }, `redirector '${redirector}'`, "ssl:HOST:PORT", "65535");
    }
    await refused(bench, { environment: { CONFIG_CONTROLLER_ADDR: "cloud" } }, "redirector 'cloud'");
    await bench.startNull({ redirector: "ssl:[::1]:443" });
  });

  it("a remote to listen on that is none, or that is in use", async () => {
    await using bench = new NodeBench();
    await refused(bench, { listen: ["ptpc:1"] }, "remote 'ptpc:1'", "ptcp:PORT");
    await refused(bench, { listen: ["ptcp:99999"] }, "ptcp:99999", "0 to 65535");
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await refused(bench, { listen: [`ptcp:${port}:127.0.0.1`] }, `ptcp:${port}:127.0.0.1`, "in use", "stop it");
    await new Promise((resolve) => server.close(resolve));
    await bench.startNull({ listen: [`ptcp:${port}:127.0.0.1`] });
  });

  it("TLS to listen with, and no certificate", async () => {
    await using bench = new NodeBench();
    await refused(bench, { listen: ["pssl:0:127.0.0.1"] }, join(bench.directory, "certs", "client_dec.key"));
  });

  it("a directory that is a file", async () => {
    await using bench = new NodeBench();
    const directory = join(bench.directory, "file");
    writeFileSync(directory, "mine");
    await refused(bench, { directory }, directory, "cannot be made", "give another one");
    await refused(bench, { directory: join(directory, "below") }, directory, "cannot be made");
    assert.equal(readFileSync(directory, "utf8"), "mine");
  });

  it("a directory that may not be written", { skip: asRoot }, async () => {
    await using bench = new NodeBench();
    const directory = join(bench.directory, "locked");
    mkdirSync(directory, { mode: 0o500 });
    await refused(bench, { directory }, directory, "EACCES", "give another one");
  });

  it("a conf.db that is a directory, which stays", async () => {
    await using bench = new NodeBench();
    const database = join(bench.directory, "conf.db");
    mkdirSync(join(database, "precious"), { recursive: true });
    for (const resume of [false, true]) await refused(bench, { resume }, database, "is not a file", "move it away");
    assert.ok(existsSync(join(database, "precious")));
  });

  it("a conf.db that may not be read", { skip: asRoot }, async () => {
    await using bench = new NodeBench();
    await (await bench.startNull()).stop();
    chmodSync(join(bench.directory, "conf.db"), 0);
    await refused(bench, { resume: true }, "conf.db", "EACCES", "grant access");
  });

  it("a conf.db that is somebody else's database, which stays", async () => {
    await using bench = new NodeBench();
    const database = join(bench.directory, "conf.db");
    for (const name of ["Cookbook", "Open_vSwitch"]) {
      const tables = { Recipe: { columns: { name: { type: "string" } } } };
      DatabaseFile.create(database, { name, version: "1.0.0", tables });
      const before = readFileSync(database);
      for (const resume of [false, true]) await refused(bench, { resume }, database, name, "move it away");
      assert.deepEqual(readFileSync(database), before);
      rmSync(database);
    }
  });

  it("a conf.db that is none, to go on with; a boot puts it aside", async () => {
    await using bench = new NodeBench();
    const database = join(bench.directory, "conf.db");
    writeFileSync(database, "PRAGMA journal_mode;\n");
    await refused(bench, { resume: true }, database, "start without --resume");
    assert.ok((await bench.startNull()).booted);
    assert.equal(readFileSync(`${database}.damaged`, "utf8"), "PRAGMA journal_mode;\n");
    assert.ok(bench.logged(/kept as .*conf\.db\.damaged/));
  });

  it("contents of a key where its path belongs, of which nothing is shown", async () => {
    await using bench = new NodeBench();
    const tls = { privateKey: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n" };
    await refused(bench, { tls }, /^tls\.privateKey: must be the path of a PEM file, not its contents$/);
  });
});
