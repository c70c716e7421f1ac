import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { Log, type LogRecord } from "@opensync-ts/base/log";
import pg from "pg";
import { alice, unused } from "../testing/locations.ts";
import { PostgresServer, postgresAbsent } from "../testing/postgres.ts";
import { storeParts } from "../testing/stores.ts";
import { StoreUnavailable } from "./errors.ts";
import { openStore, type Store } from "./store.ts";
import { createTenant, listTenants } from "./tenants.ts";

const { clock } = storeParts;
const lockKey = "1330664275, 1";

describe("a store on PostgreSQL that two clouds want", { skip: postgresAbsent }, () => {
  let server: PostgresServer;
  let directory: string;
  const records: LogRecord[] = [];
  const log = Log.create({ name: "STORE", sink: (record) => records.push(record), wallTime: () => clock.wallTime() });
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "opensync-lock-"));
    server = await PostgresServer.start();
  });
  after(async () => {
    rmSync(directory, { recursive: true });
    await server.remove();
  });

  const open = (url: string, name: string) =>
    openStore({
      ...storeParts,
      log,
      directory: join(directory, name),
      url: url.replace("opensync@", "opensync:secret@"),
    });
  const newDatabase = () => {
    const name = unused("d").replaceAll(/[^a-z0-9]/g, "");
    return { name, url: server.database(name) };
  };
  /** As if the network had: the server ends the session that has the lock. */
  const cut = (database: string) =>
    server.query(
      database,
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and classid = 1330664275",
    );
  const again = async (store: Store) => {
    for (let tries = 0; tries < 200; tries++) {
      const found = await listTenants(store).catch(() => undefined);
      if (found) return found;
      await clock.sleep(50);
    }
    throw new Error("it is not there again");
  };

  it("is the first one's, and the second is told whose, until the first one ends", async () => {
    const { url } = newDatabase();
    const first = await open(url, "first");
    await assert.rejects(open(url, "second"), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        new RegExp(
          `^store postgres://opensync@127\\.0\\.0\\.1:${server.port}/d\\w+: is in use by process ${process.pid} on host \\S+, since \\S+Z; stop that cloud, or give this one another database$`,
        ),
      );
      return true;
    });
    await createTenant(first, "one", alice);
    await first.close();
    const second = await open(url, "first");
    assert.deepEqual(
      (await listTenants(second)).map(({ name }) => name),
      ["one"],
    );
    await second.close();
  });

  it("is one's when both start at the same time, on tables that are not there yet", async () => {
    const { url } = newDatabase();
    const both = await Promise.allSettled([open(url, "a"), open(url, "b")]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    for (const result of both) {
      if (result.status === "fulfilled") await result.value.close();
      else assert.match(String(result.reason.message), /is in use by (another cloud, which is just starting|process)/);
    }
  });

  it("is got back after its connection was lost; until then nothing is read or written there", async () => {
    const { url, name } = newDatabase();
    const store = await open(url, "regains");
    await cut(name);
    while (!records.some(({ text }) => /connection that makes it this cloud's was lost/.test(text)))
      await clock.sleep(5);
    await assert.rejects(
      createTenant(store, "meanwhile", alice),
      (error) =>
        error instanceof StoreUnavailable && /has lost the connection that makes the store its own/.test(error.message),
    );
    assert.deepEqual(await again(store), []);
    await assert.rejects(open(url, "other-wants"), /is in use by process/);
    await store.close();
  });

  it("is got back also where the server takes the old connection for alive", async () => {
    const { url } = newDatabase();
    const way = await OneWayProxy.start(server.port);
    const store = await open(url.replace(`:${server.port}/`, `:${way.port}/`), "half-open");
    way.cut();
    assert.deepEqual(await again(store), []);
    await store.close();
    way.close();
  });

  for (const [title, leaves] of [
    ["has taken it", false],
    ["has had it meanwhile", true],
  ] as const) {
    it(`is given up for good, with one line, where another ${title}`, async () => {
      const { url, name } = newDatabase();
      const store = await open(url, `loses-${leaves}`);
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      const taken = other.query(`select pg_advisory_lock(${lockKey})`);
      await cut(name);
      await taken;
      if (leaves) {
        await other.query(
          'update settings set value = value || \'{"id":"another","host":"elsewhere"}\' where key = \'store.owner\'',
        );
        await other.query(`select pg_advisory_unlock(${lockKey})`);
      }
      await assert.rejects(
        store.lost,
        (error) =>
          error instanceof UserError &&
          /^store postgres:.* (has it now|had it meanwhile), so it is no longer this cloud's; stop one of the two/.test(
            error.message,
          ),
      );
      await assert.rejects(listTenants(store), StoreUnavailable);
      await other.end();
      await store.close();
      assert.ok(!records.some(({ text }) => text.includes("secret")));
    });
  }
});

/** Between a cloud and its database: `cut` ends the cloud's side, and the database notices nothing. */
class OneWayProxy {
  readonly #server: Server;
  readonly #near = new Set<Socket>();
  readonly #far = new Set<Socket>();

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = dial(port, "127.0.0.1");
      this.#near.add(near);
      this.#far.add(far);
      near.on("data", (bytes) => far.write(bytes)).on("error", () => {});
      far.on("data", (bytes) => near.writable && near.write(bytes)).on("error", () => {});
    });
  }

  static async start(port: number): Promise<OneWayProxy> {
    const proxy = new OneWayProxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  cut(): void {
    for (const socket of this.#near) socket.destroy();
    this.#near.clear();
  }

  close(): void {
    this.cut();
    for (const socket of this.#far) socket.destroy();
    this.#server.close();
  }
}
