import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { PostgresServer, postgresAbsent } from "../testing/postgres.ts";
import { storeParts } from "../testing/stores.ts";
import { StoreUnavailable } from "./errors.ts";
import { openingError } from "./opening-errors.ts";
import { openStore } from "./store.ts";

const name = "postgres://cloud@db/opensync";
const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

describe("what a store on PostgreSQL answers when it is opened", () => {
  const cases: readonly (readonly [thrown: unknown, type: typeof UserError | typeof StoreUnavailable, line: RegExp])[] =
    [
      [coded("ENOTFOUND", "getaddrinfo ENOTFOUND db"), StoreUnavailable, /its host is not known .*; correct the URL/],
      [
        coded("57P03", "the database system is starting up"),
        StoreUnavailable,
        /about to start .*; try again in a moment/,
      ],
      [coded("53300", "sorry, too many clients already"), StoreUnavailable, /no connection left .*; close others/],
      [new Error("timeout expired"), StoreUnavailable, /no answer within 5 s .*; look at host, port and firewall/],
      [new Error("The server does not support SSL connections"), UserError, /does not do TLS; leave sslmode out/],
      [
        coded("SELF_SIGNED_CERT_IN_CHAIN", "self-signed"),
        UserError,
        /certificate is not trusted .*; name its authority/,
      ],
      [
        coded("42P07", 'relation "tenants" already exists'),
        UserError,
        /tables of something else .*; give the cloud a data/,
      ],
      [
        new AggregateError([coded("ECONNREFUSED", "connect ECONNREFUSED ::1:5432")], ""),
        StoreUnavailable,
        /cannot be reached \(connect ECONNREFUSED ::1:5432\); start PostgreSQL there/,
      ],
      [
        new Error("something\nof two lines"),
        UserError,
        /cannot be opened \(something of two lines\); look at the server's/,
      ],
    ];
  for (const [thrown, type, line] of cases) {
    it(`is one line: ${line.source}`, () => {
      const error = openingError(name, thrown) as Error;
      assert.ok(error instanceof type);
      assert.match(error.message, new RegExp(`^store ${name}: .*${line.source}`));
      assert.ok(!error.message.includes("\n"));
    });
  }

  it("stays as it is where it is a line for people already", () => {
    const whole = new UserError("store.key: this is another key; bring back the file");
    assert.equal(openingError(name, whole), whole);
  });
});

describe("a store on PostgreSQL that cannot be opened", { skip: postgresAbsent }, () => {
  let server: PostgresServer;
  let directory: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "opensync-refused-"));
    server = await PostgresServer.start();
  });
  after(async () => {
    rmSync(directory, { recursive: true });
    await server.remove();
  });

  const refused = async (url: string, type: typeof UserError | typeof StoreUnavailable, line: RegExp) => {
    await assert.rejects(openStore({ ...storeParts, directory, url }), (error: Error) => {
      assert.ok(error instanceof type, String(error));
      assert.match(error.message, line);
      assert.match(error.message, /^store postgres:\/\/\w+@127\.0\.0\.1:\d+\/\w+: /);
      assert.doesNotMatch(error.message, /secret|\n/);
      return true;
    });
  };
  const as = (user: string, database: string) => `postgres://${user}@127.0.0.1:${server.port}/${database}`;

  it("is named where nothing listens, and where what listens says nothing", { timeout: 60_000 }, async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    await refused(`postgres://u:secret@127.0.0.1:${port}/d`, StoreUnavailable, /no answer within 5 s .*; look at host/);
    await new Promise((resolve) => silent.close(resolve));
    await refused(
      `postgres://u:secret@127.0.0.1:${port}/d`,
      StoreUnavailable,
      /cannot be reached .*ECONNREFUSED.*; start/,
    );
  });

  it("is named where the password is wrong or missing, or the user is not let in", async () => {
    await server.query("postgres", "create role guest login password 'secret'");
    await server.query("postgres", "create role stranger login");
    await server.admit("host all guest 127.0.0.1/32 scram-sha-256", "host all stranger 127.0.0.1/32 reject");
    await refused(
      as("guest:wrong-secret", "postgres"),
      UserError,
      /the password is not that of its user .*; correct the URL/,
    );
    await refused(as("guest", "postgres"), UserError, /wants a password, and the URL has none; write it as/);
    await refused(as("stranger", "postgres"), UserError, /its user may not connect .*; correct the URL, or let/);
    await refused(as("nobody", "postgres"), UserError, /its user may not connect .*role "nobody" does not exist/);
  });

  it("is named where there is no such database, or its user may not make tables in it", async () => {
    await refused(
      as("opensync:secret", "nowhere"),
      UserError,
      /no such database .*"nowhere".*; correct the URL, or make it/,
    );
    server.database("foreign");
    await server.query("postgres", "create role poor login");
    await refused(
      as("poor", "foreign"),
      UserError,
      /its user may not use it \(permission denied.*; make the user the owner/,
    );
  });

  it("is named where it is read-only", async () => {
    server.database("frozen");
    await server.query("postgres", "alter database frozen set default_transaction_read_only = on");
    await refused(
      as("opensync", "frozen"),
      UserError,
      /it is read-only .*; give the URL of the server that takes changes/,
    );
  });

  it("is brought up to date where an older program has written it, and left alone where a newer one has", async () => {
    const url = server.database("old");
    const first = await openStore({ ...storeParts, directory, url });
    await first.close();
    await server.query(
      "old",
      "drop table steering_days, steering_moves, steering_journal, steering_state, steering_clients",
    );
    await server.query("old", "delete from kysely_migration where name = '0004-steering'");
    const again = await openStore({ ...storeParts, directory, url });
    await again.close();
    assert.equal((await server.query("old", "select * from steering_clients")).length, 0);
    await server.query("old", "insert into kysely_migration (name, timestamp) values ('9999-later', '')");
    await refused(as("opensync", "old"), UserError, /was written by a newer version of this program; use that one/);
  });
});
