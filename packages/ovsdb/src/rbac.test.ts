/** Roles and read-only remotes, on our server and, where it is installed, on Open vSwitch's. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect as connectTls } from "node:tls";
import { RealClock } from "@opensync-ts/base/clock";
import { Log } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import type { JsonObject, JsonValue } from "./json.ts";
import { OvsdbServer } from "./server.ts";
import { DatabaseFile } from "./storage.ts";
import { makeCertificates, type TestCertificates, withoutOpenssl } from "./test-certificates.ts";
import { stop, without } from "./test-process.ts";
import { until, unusedPort } from "./test-server.ts";
import { ovsdbToolCreate, WireClient } from "./test-wire.ts";
import { loadTls, type TlsFiles } from "./tls-files.ts";

const text = "string";
const texts = { key: "string", min: 0, max: "unlimited" };
const schema = {
  name: "Roles",
  version: "1.0.0",
  tables: {
    Root: {
      columns: { connections: { type: { key: { type: "uuid", refTable: "Connection" }, min: 0, max: "unlimited" } } },
      isRoot: true,
    },
    Connection: {
      columns: { target: { type: text }, role: { type: text }, read_only: { type: { key: "boolean", min: 0 } } },
    },
    RBAC_Role: {
      columns: {
        name: { type: text },
        permissions: {
          type: {
            key: "string",
            value: { type: "uuid", refTable: "RBAC_Permission", refType: "weak" },
            min: 0,
            max: "unlimited",
          },
        },
      },
      isRoot: true,
    },
    RBAC_Permission: {
      columns: {
        table: { type: text },
        authorization: { type: texts },
        insert_delete: { type: "boolean" },
        update: { type: texts },
      },
      isRoot: true,
    },
    Own: { columns: { owner: { type: text }, value: { type: "integer" }, fixed: { type: "integer" } }, isRoot: true },
    Keyed: {
      columns: {
        owners: { type: { key: "string", value: "string", min: 0, max: "unlimited" } },
        value: { type: "integer" },
      },
      isRoot: true,
    },
    Open: { columns: { value: { type: "integer" } }, isRoot: true },
    Frozen: { columns: { value: { type: "integer" } }, isRoot: true },
    Closed: { columns: { value: { type: "integer" } }, isRoot: true },
  },
};

const insert = (table: string, row: object): JsonValue => ({ op: "insert", table, row: row as JsonValue });
const update = (table: string, row: object): JsonValue => ({ op: "update", table, where: [], row: row as JsonValue });
const mutate = (table: string, ...mutations: JsonValue[]): JsonValue => ({ op: "mutate", table, where: [], mutations });
const remove = (table: string): JsonValue => ({ op: "delete", table, where: [] });
const permission = (name: string, row: object): JsonValue => ({
  op: "insert",
  table: "RBAC_Permission",
  "uuid-name": name,
  row: row as JsonValue,
});
const connection = (name: string, row: object): JsonValue => ({
  op: "insert",
  table: "Connection",
  "uuid-name": name,
  row: row as JsonValue,
});
const named = (name: string): JsonValue => ["named-uuid", name];

/** What a client named `client` with the role tries, and a denial's words or none. */
const attempts: readonly (readonly [what: string, operation: JsonValue, denied: string | undefined])[] = [
  ["insert where nothing is permitted", insert("Closed", {}), 'row insertion into table "Closed"'],
  ["insert a row of its own", insert("Own", { owner: "client" }), undefined],
  ["insert a row of another", insert("Own", { owner: "server" }), 'row insertion into table "Own"'],
  ["update its own row", update("Own", { value: 2 }), undefined],
  ["update a column that is not listed", update("Own", { fixed: 2 }), 'modification of table "Own"'],
  ["update both", update("Own", { value: 2, fixed: 2 }), 'modification of table "Own"'],
  ["mutate its own row", mutate("Own", ["value", "+=", 1]), undefined],
  ["mutate a column that is not listed", mutate("Own", ["fixed", "+=", 1]), 'mutate operation on table "Own"'],
  ["insert by a key of a map", insert("Keyed", { owners: ["map", [["who", "client"]]] }), undefined],
  [
    "insert by another key of the map",
    insert("Keyed", { owners: ["map", [["other", "client"]]] }),
    'row insertion into table "Keyed"',
  ],
  ["insert what anybody may", insert("Open", {}), undefined],
  ["update what anybody may", update("Open", { value: 1 }), undefined],
  ["insert into a table where rows stay", insert("Frozen", {}), 'row insertion into table "Frozen"'],
  ["update in a table where rows stay", update("Frozen", { value: 2 }), undefined],
  ["delete from a table where rows stay", remove("Frozen"), 'row deletion from table "Frozen"'],
  ["delete its own rows", remove("Own"), undefined],
  ["read what it may not change", { op: "select", table: "Closed", where: [], columns: ["value"] }, undefined],
  [
    "update nothing in a closed table",
    { op: "update", table: "Closed", where: [false], row: { value: 1 } },
    'modification of table "Closed"',
  ],
];

async function setUp(writer: WireClient, port: number, readOnlyPath: string): Promise<void> {
  const role = {
    name: "user",
    permissions: [
      "map",
      [
        ["Own", named("own")],
        ["Keyed", named("keyed")],
        ["Open", named("open")],
        ["Frozen", named("frozen")],
      ],
    ],
  };
  const { result } = await writer.ask("transact", [
    "Roles",
    insert("Root", { connections: ["set", [named("tls"), named("readonly")]] }),
    connection("tls", { target: `pssl:${port}:127.0.0.1`, role: "user" }),
    connection("readonly", { target: `punix:${readOnlyPath}`, read_only: true }),
    permission("own", {
      table: "Own",
      authorization: "owner",
      insert_delete: true,
      update: ["set", ["owner", "value"]],
    }),
    permission("keyed", { table: "Keyed", authorization: ["set", ["nope", "owners:who"]], insert_delete: true }),
    permission("open", { table: "Open", authorization: "", insert_delete: true, update: "value" }),
    permission("frozen", { table: "Frozen", authorization: "", insert_delete: false, update: "value" }),
    insert("RBAC_Role", role),
    insert("Frozen", { value: 1 }),
    insert("Closed", { value: 1 }),
  ]);
  assert.ok(!JSON.stringify(result).includes("error"), JSON.stringify(result));
}

/** Repeats until the server has opened what its database names. */
async function patiently<T>(connect: () => Promise<T>): Promise<T> {
  let connected: T | undefined;
  await until(() => {
    connect().then(
      (client) => {
        connected ??= client;
      },
      () => {},
    );
    return connected !== undefined;
  }, "the connection");
  return connected as T;
}

function connectAs(port: number, tls: TlsFiles): Promise<WireClient> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: "127.0.0.1", port, ...loadTls(tls), checkServerIdentity: () => undefined });
    socket.once("secureConnect", () => resolve(WireClient.on(socket)));
    socket.once("error", reject);
  });
}

interface Started {
  readonly main: string;
  stop(): Promise<unknown>;
}

async function startOurs(directory: string, tls: TlsFiles): Promise<Started> {
  const path = join(directory, "ours.db");
  DatabaseFile.create(path, schema as unknown as JsonValue);
  const services = { clock: new RealClock(), random: new SeededRandom(1) };
  const file = await DatabaseFile.open(path, services);
  const log = Log.create({ name: "OURS", sink: () => {}, wallTime: () => 0 });
  const server = new OvsdbServer({ databases: [file.served], log, ...services });
  const main = join(directory, "ours.sock");
  await server.listen(`punix:${main}`);
  await server.listen("db:Roles,Root,connections", tls);
  return { main, stop: () => server.close().then(() => file.close()) };
}

async function startTheirs(directory: string, tls: TlsFiles): Promise<Started> {
  const [path, main] = [join(directory, "theirs.db"), join(directory, "theirs.sock")];
  writeFileSync(join(directory, "schema"), JSON.stringify(schema));
  ovsdbToolCreate(path, join(directory, "schema"));
  const remotes = [`--remote=punix:${main}`, "--remote=db:Roles,Root,connections"];
  const files = [`--private-key=${tls.privateKey}`, `--certificate=${tls.certificate}`, `--ca-cert=${tls.caCert}`];
  const child = spawn("ovsdb-server", [...remotes, ...files, "--no-chdir", "--unixctl=none", path], {
    stdio: "ignore",
  });
  return { main, stop: () => stop(child) };
}

for (const [who, start, skip] of [
  ["our server", startOurs, withoutOpenssl],
  ["ovsdb-server", startTheirs, withoutOpenssl || without("ovsdb-server")],
] as const) {
  describe(`access through a remote of the database, to ${who}`, { skip }, () => {
    const directory = mkdtempSync(join(tmpdir(), "ovsdb-rbac-"));
    const readOnlyPath = join(directory, "readonly.sock");
    const clients: WireClient[] = [];
    let certificates: TestCertificates;
    let server: Started;
    let writer: WireClient;
    let port: number;
    before(async () => {
      certificates = makeCertificates(directory);
      server = await start(directory, certificates.server);
      writer = await patiently(() => WireClient.connect(server.main));
      port = await unusedPort();
      await setUp(writer, port, readOnlyPath);
      clients.push(writer);
    });
    after(async () => {
      for (const client of clients) client.close();
      await server.stop();
      rmSync(directory, { recursive: true });
    });

    it("with a role: what its permissions say, row by row and column by column", async () => {
      const client = await patiently(() => connectAs(port, certificates.client));
      clients.push(client);
      for (const [what, operation, denied] of attempts) {
        const { result } = await client.ask("transact", ["Roles", operation]);
        const [first] = result as [JsonObject];
        if (denied === undefined) {
          assert.equal(first.error, undefined, `${what}: ${JSON.stringify(first)}`);
          continue;
        }
        const details = `RBAC rules for client "client" role "user" prohibit ${denied}.`;
        assert.deepEqual(first, { error: "permission error", details }, what);
      }
    });

    it("with a role, as another client: rows of the first are not its own", async () => {
      await writer.ask("transact", ["Roles", insert("Own", { owner: "client", value: 1 })]);
      const other = await patiently(() => connectAs(port, certificates.server));
      clients.push(other);
      for (const operation of [update("Own", { value: 2 }), mutate("Own", ["value", "+=", 1]), remove("Own")]) {
        const { result } = await other.ask("transact", ["Roles", operation]);
        const [{ error, details }] = result as [JsonObject];
        assert.equal(error, "permission error");
        assert.match(String(details), /^RBAC rules for client "server" role "user" prohibit /);
      }
    });

    it("read-only: whoever connects may look, and nothing else", async () => {
      const client = await patiently(() => WireClient.connect(readOnlyPath));
      clients.push(client);
      const { result: rows } = await client.ask("transact", [
        "Roles",
        { op: "select", table: "Closed", where: [], columns: ["value"] },
      ]);
      assert.deepEqual(rows, [{ rows: [{ value: 1 }] }]);
      for (const operation of [
        insert("Open", {}),
        update("Open", { value: 1 }),
        mutate("Open", ["value", "+=", 1]),
        remove("Open"),
        { op: "commit", durable: true },
      ]) {
        const { result } = await client.ask("transact", ["Roles", operation]);
        const { op } = operation as JsonObject;
        const details = `${op} operation not allowed when database server is in read only mode`;
        assert.deepEqual(result, [{ error: "not allowed", details }]);
      }
      for (const method of ["lock", "steal", "unlock"]) {
        const { error } = await client.ask(method, ["l"]);
        assert.equal(error, "lock and unlock methods not allowed, DB server is read only.");
      }
    });

    it("without a role, nothing is restricted", async () => {
      const { result } = await writer.ask("transact", ["Roles", insert("Closed", { value: 3 })]);
      assert.deepEqual(Object.keys((result as JsonObject[])[0] as JsonObject), ["uuid"]);
    });
  });
}
