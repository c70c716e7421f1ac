import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { sql } from "kysely";
import * as limits from "../limits.ts";
import { aDocument, aLocation, alice, unused } from "../testing/locations.ts";
import { PostgresServer, postgresAbsent } from "../testing/postgres.ts";
import { storeParts } from "../testing/stores.ts";
import { templateDirectory } from "./engine-template.ts";
import { StoreUnavailable } from "./errors.ts";
import { PgliteThread } from "./pglite-thread.ts";
import { getVersion } from "./read-versions.ts";
import { openStore, type Store } from "./store.ts";
import { createTenant, listTenants } from "./tenants.ts";
import { saveDraft } from "./versions.ts";

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "opensync-store-"));
});
after(() => rmSync(directory, { recursive: true }));

const unavailable = (message: RegExp) => (error: unknown) =>
  error instanceof StoreUnavailable && message.test(error.message);

describe("an embedded store", () => {
  it("is made in the cloud's directory, is for one process, and keeps what it has", async () => {
    const at = join(directory, "embedded");
    const store = await openStore({ ...storeParts, directory: at });
    await assert.rejects(openStore({ ...storeParts, directory: at }), /embedded: is in use by process/);
    const { id } = await aLocation(store);
    const { document } = await saveDraft(store, id, aDocument(), { basedOn: 0 }, alice);
    // The engine computes elsewhere: this thread stays free.
    let worst = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      worst = Math.max(worst, performance.now() - last);
      last = performance.now();
    }, 10);
    const busy = sql`select count(*) from generate_series(1, 3000000)`;
    const started = performance.now();
    await store.run("count", (transaction) => busy.execute(transaction));
    const took = performance.now() - started;
    clearInterval(watch);
    assert.ok(took < 200 || worst < took, `a pause of ${worst} ms within ${took} ms`);
    await store.close();
    await assert.rejects(listTenants(store), unavailable(/is closed/));
    const again = await openStore({ ...storeParts, directory: at });
    assert.deepEqual((await getVersion(again, id, 1)).document, document);
    await again.close();
    writeFileSync(join(at, "store.key"), "1".repeat(64));
    await assert.rejects(
      openStore({ ...storeParts, directory: at }),
      (error) => error instanceof UserError && /secrets are sealed with [0-9a-f]{16}; bring back/.test(error.message),
    );
  });

  it("lets nobody but its owner at its files, whatever modes the engine or an earlier version has given them", async () => {
    const at = join(directory, "private");
    // Somebody's directory, which everybody may look into.
    mkdirSync(at);
    const files = () => readdirSync(join(at, "store"), { recursive: true, withFileTypes: true });
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    const modes = () => ({
      store: modeOf(join(at, "store")),
      directories: new Set(
        files().flatMap((file) => (file.isDirectory() ? modeOf(join(file.parentPath, file.name)) : [])),
      ),
      files: new Set(files().flatMap((file) => (file.isFile() ? modeOf(join(file.parentPath, file.name)) : []))),
    });
    const owners = { store: "700", directories: new Set(["700"]), files: new Set(["600"]) };
    const store = await openStore({ ...storeParts, directory: at });
    await createTenant(store, unused("tenant"), alice);
    await store.run("make a table", (transaction) => sql`create table large as select 1 as a`.execute(transaction));
    assert.deepEqual(modes(), owners);
    await store.close();
    for (const path of ["store", "store/base"]) chmodSync(join(at, path), 0o755);
    chmodSync(join(at, "store", "PG_VERSION"), 0o666);
    await (await openStore({ ...storeParts, directory: at })).close();
    assert.deepEqual(modes(), owners);
    assert.equal(modeOf(join(at, "store.key")), "600");
  });

  it("keeps as many pages itself as its limit says, not as many as the engine would", async () => {
    const thread = new PgliteThread(join(directory, "buffers"), templateDirectory());
    const { rows } = await thread.query("select pg_size_bytes(current_setting('shared_buffers')) as bytes");
    assert.deepEqual(rows, [{ bytes: limits.storeBufferBytes }]);
    await thread.close();
  });

  it("fails what is on its way when its thread ends, and starts anew", async () => {
    const thread = new PgliteThread(join(directory, "thread"), templateDirectory());
    await thread.query("create table t (a integer)");
    const failed = thread.transaction(async (transaction) => {
      await transaction.query("insert into t values (1)");
      const lost = assert.rejects(transaction.query("select pg_sleep(1)"), StoreUnavailable);
      await thread.crash();
      await lost;
      await transaction.query("insert into t values (2)");
    });
    await assert.rejects(failed, StoreUnavailable);
    assert.deepEqual((await thread.query("select 1 as one")).rows, [{ one: 1 }]);
    await thread.close();
    await assert.rejects(thread.query("select 1"), StoreUnavailable);
  });
});

describe("a store on PostgreSQL", { skip: postgresAbsent }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.remove());
  const open = (url: string) => openStore({ ...storeParts, directory, url });

  it("may be gone for a while: what is asked meanwhile says so, and nothing ends", async () => {
    const store: Store = await open(server.database("gone"));
    await createTenant(store, "before", alice);
    await server.down();
    await assert.rejects(listTenants(store), unavailable(/^the store cannot list tenants now: /));
    await assert.rejects(createTenant(store, unused("tenant"), alice), unavailable(/tenant create now/));
    await server.up();
    // It is this process's again first.
    const found = async () => listTenants(store).catch(() => undefined);
    let tenants = await found();
    for (let tries = 0; !tenants && tries < 300; tries++) {
      await storeParts.clock.sleep(100);
      tenants = await found();
    }
    assert.deepEqual(
      tenants?.map(({ name }) => name),
      ["before"],
    );
    await store.close();
  });

  it("is given up when it does not answer in time", async () => {
    const store = await open(server.database("slow"));
    const sleep = sql`select pg_sleep(2)`;
    const slow = store.run("sleep", (transaction) => sleep.execute(transaction), { limitMs: 100 });
    await assert.rejects(slow, unavailable(/cannot sleep now: no answer within 100 ms/));
    assert.deepEqual(await listTenants(store), []);
    await store.close();
  });
});
