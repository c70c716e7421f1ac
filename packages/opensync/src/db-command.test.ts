import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { db } from "./db-command.ts";
import { type NodeChoice, nodeSocket } from "./node-files.ts";

describe("opensync db", () => {
  const directory = mkdtempSync(join(tmpdir(), "opensync-db-"));
  after(() => rmSync(directory, { recursive: true }));
  const touch = (path: string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), "");
  };
  touch("home/nodes/gateway/run/db.sock");
  touch("home/nodes/attic/run/db.sock");
  touch("node/run/db.sock");
  const socketOf = (choice: NodeChoice, environment: { readonly [name: string]: string }) =>
    nodeSocket("db.sock", choice, environment);
  const at = (path: string) => join(directory, path);

  it("finds a node's socket by --dir or OPENSYNC_DIR, of a node or of a home", () => {
    const gateway = { node: "gateway" };
    assert.equal(socketOf({ ...gateway, dir: at("node") }, {}), `unix:${at("node/run/db.sock")}`);
    assert.equal(socketOf({ ...gateway, dir: at("home") }, {}), `unix:${at("home/nodes/gateway/run/db.sock")}`);
    assert.equal(
      socketOf({ node: "attic" }, { OPENSYNC_DIR: at("home") }),
      `unix:${at("home/nodes/attic/run/db.sock")}`,
    );
    assert.equal(
      socketOf({ ...gateway, dir: at("home") }, { OPENSYNC_DIR: at("node") }),
      `unix:${at("home/nodes/gateway/run/db.sock")}`,
    );
  });

  it("says which nodes run, or how to start one", async () => {
    assert.throws(
      () => socketOf({ node: "cellar", dir: at("home") }, {}),
      /no node 'cellar' runs; running: attic, gateway/,
    );
    assert.throws(
      () => socketOf({ node: "gateway", dir: at("none") }, {}),
      /no node runs there; start one with 'opensync up'/,
    );
    await assert.rejects(
      db("compact", [], { node: "gateway" }),
      /'compact' is none of dump, query, transact, monitor, diff/,
    );
  });
});
