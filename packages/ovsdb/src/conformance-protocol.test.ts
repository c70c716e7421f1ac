/** Requests beside `transact`: monitors, locks, conversion, and what is wrong with requests. Our server answers as Open vSwitch's does. */

import { after, before, describe, it } from "node:test";
import type { JsonValue } from "./json.ts";
import { type BothServers, sameOnBoth, serveBoth } from "./test-both-servers.ts";
import { without } from "./test-process.ts";
import type { WireClient } from "./test-wire.ts";

const schema = {
  name: "P",
  version: "1.0.0",
  tables: {
    T: {
      columns: {
        n: { type: "integer" },
        name: { type: "string" },
        tags: { type: { key: "string", min: 0, max: "unlimited" } },
        map: { type: { key: "string", value: "integer", min: 0, max: "unlimited" } },
        opt: { type: { key: "integer", min: 0 } },
        volatile: { type: "integer", ephemeral: true },
      },
    },
    Other: { columns: { m: { type: "integer" } } },
  },
};

const uuids = ["1", "2", "3", "4"].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
const insert = (index: number, row: object): JsonValue => ({
  op: "insert",
  table: "T",
  uuid: uuids[index] as string,
  row: row as JsonValue,
});
const update = (n: number, row: object): JsonValue => ({
  op: "update",
  table: "T",
  where: [["n", "==", n]],
  row: row as JsonValue,
});
const remove = (...where: JsonValue[]): JsonValue => ({ op: "delete", table: "T", where });
const transact = (client: WireClient, ...operations: JsonValue[]) => client.ask("transact", ["P", ...operations]);

/** What happens to three rows, so that every kind of update shows. */
const history: readonly (readonly JsonValue[])[] = [
  [insert(2, { n: 3, name: "c" })],
  [update(1, { name: "A" })],
  [update(1, { name: "A" })],
  [
    update(1, {
      tags: ["set", ["x", "y"]],
      map: [
        "map",
        [
          ["k", 1],
          ["l", 2],
        ],
      ],
      opt: 5,
    }),
  ],
  [
    update(1, {
      tags: ["set", ["y", "z"]],
      map: [
        "map",
        [
          ["l", 3],
          ["m", 4],
        ],
      ],
      opt: ["set", []],
    }),
  ],
  [update(2, { volatile: 9 })],
  [update(2, { n: 20 }), update(3, { n: 30 })],
  [insert(3, { n: 4 }), remove(["n", "==", 4])],
  [insert(3, { n: 4 }), update(4, { name: "d" })],
  [remove(["n", ">", 3])],
  [remove()],
];

/** Which monitors are asked for, and what is asked of them in between. */
const monitors: {
  readonly [what: string]: { readonly method?: string; readonly requests: JsonValue; readonly change?: JsonValue };
} = {
  "everything of a table, as an object": { requests: { T: {} } },
  "everything of a table, as an array": { requests: { T: [{}] } },
  "nothing of a table": { requests: { T: [] } },
  "two tables": { requests: { T: {}, Other: {} } },
  "some columns": { requests: { T: { columns: ["name", "n"] } } },
  "no columns": { requests: { T: { columns: [] } } },
  "the version": { requests: { T: { columns: ["_version"] } } },
  "the identity": { requests: { T: { columns: ["_uuid", "n"] } } },
  "columns for different purposes": {
    requests: {
      T: [
        { columns: ["n"], select: { initial: false } },
        { columns: ["name"], select: { insert: false, delete: false } },
      ],
    },
  },
  ...Object.fromEntries(
    ["initial", "insert", "delete", "modify"].flatMap((kind) => {
      const others = Object.fromEntries(
        ["initial", "insert", "delete", "modify"].map((other) => [other, other === kind]),
      );
      return [
        [`only ${kind}`, { requests: { T: { select: others } } }],
        [`all but ${kind}`, { requests: { T: { columns: ["n", "name"], select: { [kind]: false } } } }],
        [`only ${kind}, by monitor_cond`, { method: "monitor_cond", requests: { T: [{ select: others }] } }],
      ];
    }),
  ),
  "everything, by monitor_cond": { method: "monitor_cond", requests: { T: [{}] } },
  "an empty condition": { method: "monitor_cond", requests: { T: [{ where: [] }] } },
  "a condition that never holds": { method: "monitor_cond", requests: { T: [{ where: [false] }] } },
  "a condition that always holds": { method: "monitor_cond", requests: { T: [{ where: [true] }] } },
  "one of two conditions": {
    method: "monitor_cond",
    requests: {
      T: [
        {
          where: [
            ["n", "==", 1],
            ["n", "==", 30],
          ],
        },
      ],
    },
  },
  "a condition on what is not shown": {
    method: "monitor_cond",
    requests: { T: [{ columns: ["name"], where: [["n", "<", 10]] }] },
  },
  "a condition on a set": {
    method: "monitor_cond",
    requests: { T: [{ columns: ["tags"], where: [["tags", "includes", ["set", ["y"]]]] }] },
  },
  "a condition on an optional column": {
    method: "monitor_cond",
    requests: { T: [{ columns: ["n"], where: [["opt", ">", 1]] }] },
  },
  "rows that come into sight, alone": {
    method: "monitor_cond",
    requests: {
      T: [{ where: [["n", ">", 10]], columns: ["n"], select: { initial: false, delete: false, modify: false } }],
    },
  },
  "rows that go out of sight, alone": {
    method: "monitor_cond",
    requests: {
      T: [{ where: [["n", "<", 10]], columns: ["n"], select: { initial: false, insert: false, modify: false } }],
    },
  },
  "a condition that changes": {
    method: "monitor_cond",
    requests: { T: [{ columns: ["n", "name"], where: [["n", "==", 1]] }], Other: [{}] },
    change: { T: [{ where: [["n", "<=", 2]] }] },
  },
  "a condition that becomes nothing": {
    method: "monitor_cond",
    requests: { T: [{ columns: ["n", "name"] }] },
    change: { T: [{ where: [false] }] },
  },
  "a condition that becomes everything": {
    method: "monitor_cond",
    requests: { T: [{ columns: ["n", "name"], where: [false] }] },
    change: { T: [{ where: [] }] },
  },
  "a plain monitor whose condition changes": {
    requests: { T: { columns: ["n"] } },
    change: { T: [{ where: [["n", "==", 2]] }] },
  },
};

const wrong: readonly (readonly [method: string, params: JsonValue])[] = [
  ["nope", []],
  ["get_server_id_", [1]],
  ["get_schema", []],
  ["get_schema", [5]],
  ["get_schema", ["Nope"]],
  ["transact", []],
  ["transact", [5]],
  ["transact", ["Nope"]],
  ["monitor", []],
  ["monitor", ["Nope", 1, {}]],
  ["monitor", ["P", 1, []]],
  ["monitor", ["P", 1, { Nope: {} }]],
  ["monitor", ["P", 1, { T: 5 }]],
  ["monitor", ["P", 1, { T: [5] }]],
  ["monitor", ["P", 1, { T: { columns: ["nope"] } }]],
  ["monitor", ["P", 1, { T: { columns: ["n", "n"] } }]],
  ["monitor", ["P", 1, { T: { columns: "n" } }]],
  ["monitor", ["P", 1, { T: { columns: [5] } }]],
  ["monitor", ["P", 1, { T: [{ columns: ["n"] }, { columns: ["n"] }] }]],
  ["monitor", ["P", 1, { T: { nope: 1 } }]],
  ["monitor", ["P", 1, { T: { where: [] } }]],
  ["monitor", ["P", 1, { T: { select: 5 } }]],
  ["monitor", ["P", 1, { T: { select: { initial: 5 } } }]],
  ["monitor", ["P", 1, { T: { select: { nope: true } } }]],
  ["monitor_cond", ["P", 1, { T: [{ where: 5 }] }]],
  ["monitor_cond", ["P", 1, { T: [{ where: [5] }] }]],
  ["monitor_cond", ["P", 1, { T: [{ where: [["nope", "==", 1]] }] }]],
  ["monitor_cond", ["P", 1, { T: [{ where: [["n", "~", 1]] }] }]],
  ["monitor_cond", ["P", 1, { T: [{ where: [["n", "==", "x"]] }] }]],
  ["monitor_cond", ["P", 1, { T: [{ where: [["_uuid", "==", ["named-uuid", "x"]]] }] }]],
  ["monitor_cond_since", ["P", 1, { T: [{}] }]],
  ["monitor_cond_since", ["P", 1, { T: [{}] }, 5]],
  ["monitor_cond_since", ["P", 1, { T: [{}] }, "x"]],
  ["monitor_cond_change", []],
  ["monitor_cond_change", [1, 2]],
  ["monitor_cond_change", [1, 2, {}]],
  ["monitor_cond_change", ["known", "other", 5]],
  ["monitor_cond_change", ["known", "taken", { T: [{ where: [] }] }]],
  ["monitor_cond_change", ["known", "other", { Nope: [] }]],
  ["monitor_cond_change", ["known", "other", { Other: [] }]],
  ["monitor_cond_change", ["known", "other", { T: {} }]],
  ["monitor_cond_change", ["known", "other", { T: [5] }]],
  ["monitor_cond_change", ["known", "other", { T: [{ columns: ["n"] }] }]],
  ["monitor_cond_change", ["known", "other", { T: [{ select: {} }] }]],
  ["monitor_cond_change", ["known", "other", { T: [{ where: [["n", "==", "x"]] }] }]],
  ["monitor_cancel", []],
  ["monitor_cancel", [1, 2]],
  ["monitor_cancel", [1]],
  ["lock", []],
  ["lock", [5]],
  ["lock", ["a b"]],
  ["lock", ["a", "b"]],
  ["steal", []],
  ["unlock", []],
  ["unlock", ["never"]],
  ["set_db_change_aware", []],
  ["set_db_change_aware", [5]],
  ["set_db_change_aware", [true, true]],
  ["convert", []],
  ["convert", ["Nope", {}]],
  ["convert", ["P"]],
  ["convert", ["P", 5]],
  ["convert", ["P", { name: "P" }]],
  ["convert", ["P", { name: "Q", tables: {} }]],
  ["convert", ["P", { name: "P", version: "1", tables: {} }]],
  ["convert", ["P", {}, 1]],
];

describe("the protocol, against ovsdb-server", { skip: without("ovsdb-server") }, () => {
  let servers: BothServers;
  before(async () => {
    servers = await serveBoth(schema);
  });
  after(() => servers.stop());

  for (const [what, { method = "monitor", requests, change }] of Object.entries(monitors)) {
    it(`monitor ${what}`, async () => {
      const writers = { ours: servers.ours, theirs: servers.theirs };
      const watchers = await servers.connect();
      const writerOf = (client: WireClient) => (client === watchers.ours ? writers.ours : writers.theirs);
      await sameOnBoth(watchers, what, async (client) => {
        const writer = writerOf(client);
        await transact(writer, insert(0, { n: 1, name: "a" }), insert(1, { n: 2 }));
        const seen: JsonValue[] = [await client.ask(method, ["P", ["id", 1], requests])];
        for (const operations of history) {
          await transact(writer, ...operations);
          seen.push(await client.notifications());
          if (change !== undefined && operations === history[1]) {
            seen.push(
              await client.ask("monitor_cond_change", [["id", 1], ["id", 2], change]),
              await client.notifications(),
            );
          }
        }
        seen.push(await client.ask("monitor_cancel", [["id", change === undefined ? 1 : 2]]));
        await transact(writer, insert(0, { n: 1 }));
        await transact(writer, remove());
        seen.push(await client.notifications());
        return seen;
      });
    });
  }

  it("tells a client of its own changes before it replies", async () => {
    await sameOnBoth(await servers.connect(), "own changes", async (client) => {
      await client.ask("monitor", ["P", "m", { T: { columns: ["n"] } }]);
      client.send({ id: "t", method: "transact", params: ["P", insert(0, { n: 1 })] });
      await client.reply("t");
      const before = client.inbox.splice(0);
      await transact(client, remove());
      return [before, await client.notifications()];
    });
  });

  it("refuses a second monitor of the same name, and takes it when the first is cancelled", async () => {
    await sameOnBoth(await servers.connect(), "names", async (client) => [
      await client.ask("monitor", ["P", null, { T: {} }]),
      await client.ask("monitor", ["P", null, { T: {} }]),
      await client.ask("monitor_cond", ["P", null, { T: {} }]),
      await client.ask("monitor_cancel", [null]),
      await client.ask("monitor_cond", ["P", null, { T: {} }]),
      await client.ask("monitor", ["P", { a: 1 }, { T: {} }]),
      await client.ask("monitor_cancel", [{ a: 1 }]),
    ]);
  });

  for (const [method, params] of wrong) {
    it(`refuses ${method} ${JSON.stringify(params)}`, async () => {
      await sameOnBoth(await servers.connect(), method, async (client) => {
        await client.ask("monitor_cond", ["P", "known", { T: [{ where: [false] }] }]);
        await client.ask("monitor_cond", ["P", "taken", { T: [{ where: [false] }] }]);
        return [await client.ask(method, params), await client.ask("echo", ["still here"])];
      });
    });
  }

  it("answers what needs no more than an answer", async () => {
    await sameOnBoth(await servers.connect(), "answers", async (client) => [
      await client.ask("echo", [1, { two: [3] }]),
      await client.ask("echo", []),
      await client.ask("list_dbs", []),
      await client.ask("get_server_id", []),
      await client.ask("set_db_change_aware", [true]),
      await client.ask("get_schema", ["P"]),
      await client.ask("transact", [
        "_Server",
        {
          op: "select",
          table: "Database",
          where: [["name", "==", "P"]],
          columns: ["name", "model", "connected", "leader", "cid", "sid", "index"],
        },
      ]),
      await client.ask("get_schema", ["_Server"]),
    ]);
  });

  describe("locks", () => {
    for (const [what, script] of Object.entries<(a: WireClient, b: WireClient, c: WireClient) => Promise<JsonValue>>({
      "go to the next in line": async (a, b, c) => [
        await a.ask("lock", ["l"]),
        await b.ask("lock", ["l"]),
        await c.ask("lock", ["l"]),
        await a.ask("unlock", ["l"]),
        await b.notifications(),
        await c.notifications(),
        await b.ask("unlock", ["l"]),
        await c.notifications(),
        await c.ask("unlock", ["l"]),
      ],
      "are stolen, and come back": async (a, b, c) => [
        await a.ask("lock", ["l"]),
        await b.ask("steal", ["l"]),
        await a.notifications(),
        await c.ask("steal", ["l"]),
        await b.notifications(),
        await a.notifications(),
        await c.ask("unlock", ["l"]),
        await b.notifications(),
        await b.ask("unlock", ["l"]),
        await a.notifications(),
        await a.ask("unlock", ["l"]),
      ],
      "are not waited for any more": async (a, b, c) => [
        await a.ask("lock", ["l"]),
        await b.ask("lock", ["l"]),
        await c.ask("lock", ["l"]),
        await b.ask("unlock", ["l"]),
        await a.ask("unlock", ["l"]),
        await b.notifications(),
        await c.notifications(),
        await c.ask("unlock", ["l"]),
      ],
      "are asked for once": async (a) => [
        await a.ask("lock", ["l"]),
        await a.ask("lock", ["l"]),
        await a.ask("steal", ["l"]),
        await a.ask("lock", ["m"]),
        await a.ask("unlock", ["l"]),
        await a.ask("unlock", ["l"]),
        await a.ask("unlock", ["m"]),
      ],
      "pass on when their owner leaves": async (a, b) => {
        const seen = [await a.ask("lock", ["l"]), await b.ask("lock", ["l"])];
        a.close();
        const { method, params } = await b.take((message) => message.method === "locked", "the lock");
        return [...seen, method as JsonValue, params as JsonValue, await b.ask("unlock", ["l"])];
      },
      "are asserted": async (a, b) => {
        const assertion = { op: "assert", lock: "l" };
        return [
          await transact(a, assertion),
          await a.ask("lock", ["l"]),
          await transact(a, assertion),
          await transact(b, assertion),
          await b.ask("steal", ["l"]),
          await transact(a, assertion),
          await transact(b, assertion),
          await b.ask("unlock", ["l"]),
          await a.ask("unlock", ["l"]),
        ];
      },
    })) {
      it(what, async () => {
        const [a, b, c] = [await servers.connect(), await servers.connect(), await servers.connect()];
        await sameOnBoth(a, what, (client) => {
          const side = client === a.ours ? "ours" : "theirs";
          return script(client, b[side], c[side]);
        });
      });
    }
  });

  describe("wait", () => {
    const until = (n: number, more: object = {}): JsonValue => ({
      op: "wait",
      table: "T",
      where: [["n", "==", n]],
      columns: ["n"],
      until: "==",
      rows: [{ n }],
      ...more,
    });

    it("goes on when another client makes it true", async () => {
      const [a, b] = [await servers.connect(), await servers.connect()];
      await sameOnBoth(a, "wait", async (client) => {
        const writer = client === a.ours ? b.ours : b.theirs;
        client.send({ id: "w", method: "transact", params: ["P", until(7), update(7, { name: "seen" })] });
        client.send({ id: "w", method: "transact", params: ["P", until(8)] });
        const duplicate = await client.reply("w");
        await transact(writer, insert(0, { n: 6 }));
        await transact(writer, update(6, { n: 7 }));
        const woken = await client.reply("w");
        const row = await transact(writer, { op: "select", table: "T", where: [], columns: ["n", "name"] });
        await transact(writer, remove());
        return [duplicate, woken, row];
      });
    });

    it("ends in its time", async () => {
      await sameOnBoth(await servers.connect(), "timeout", (client) => transact(client, until(9, { timeout: 10 })));
    });

    it("is forgotten with its client", async () => {
      const [a, b] = [await servers.connect(), await servers.connect()];
      await sameOnBoth(a, "gone", async (client) => {
        const writer = client === a.ours ? b.ours : b.theirs;
        client.send({ id: "w", method: "transact", params: ["P", until(7), insert(1, { n: 70 })] });
        await client.ask("echo", []);
        client.close();
        await writer.ask("echo", []);
        await transact(writer, insert(0, { n: 7 }));
        const rows = await transact(writer, { op: "select", table: "T", where: [], columns: ["n"] });
        await transact(writer, remove());
        return rows;
      });
    });
  });

  describe("convert", () => {
    const wider = {
      ...schema,
      version: "2.0.0",
      tables: { ...schema.tables, T: { columns: { ...schema.tables.T.columns, added: { type: "boolean" } } } },
    } as unknown as JsonValue;

    it("replies, then disconnects clients that are not aware of it", async () => {
      const [a, b] = [await servers.connect(), await servers.connect()];
      await sameOnBoth(a, "unaware", async (client) => {
        const other = client === a.ours ? b.ours : b.theirs;
        await other.ask("echo", []);
        const reply = await client.ask("convert", ["P", wider]);
        await Promise.all([client.untilClosed(), other.untilClosed()]);
        return reply;
      });
    });

    it("cancels what aware clients have in it, and goes on", async () => {
      const [a, b] = [await servers.connect(), await servers.connect()];
      await sameOnBoth(a, "aware", async (client) => {
        const asker = client === a.ours ? b.ours : b.theirs;
        await asker.ask("set_db_change_aware", [true]);
        await client.ask("set_db_change_aware", [true]);
        await client.ask("monitor", ["P", "m", { T: { columns: ["n"] } }]);
        await client.ask("monitor_cond", ["_Server", "s", { Database: [{ columns: ["name", "connected"] }] }]);
        client.send({
          id: "w",
          method: "transact",
          params: ["P", { op: "wait", table: "T", where: [], columns: ["n"], until: "!=", rows: [] }],
        });
        await client.ask("echo", []);
        const reply = await asker.ask("convert", ["P", { ...(wider as object), version: "3.0.0" }]);
        const cancelled = await client.reply("w");
        const told = await client.notifications();
        const after = await transact(client, insert(0, { n: 1, added: true }), remove());
        return [reply, cancelled, told, after, await client.notifications()];
      });
    });
  });
});
