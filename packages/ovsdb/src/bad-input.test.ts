/** What breaks the protocol, over a real socket: an error that names the part, or the end of that connection; others do not notice. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { JsonObject, JsonValue } from "./json.ts";
import { wireLimits } from "./limits.ts";
import { type TestServer, testServer } from "./test-server.ts";
import { WireClient } from "./test-wire.ts";

const mebibyte = 1024 * 1024;

describe("bad input", () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-bad-"));
  const path = join(directory, "db.sock");
  let setup: TestServer;
  let other: WireClient;
  before(async () => {
    setup = testServer();
    await setup.server.listen(`punix:${path}`);
    other = await WireClient.connect(path);
  });
  after(async () => {
    other.close();
    await setup.server.close();
    rmSync(directory, { recursive: true });
  });

  const lastLogLine = () => setup.log.records().at(-1);
  const transact = (...operations: JsonValue[]) => other.ask("transact", ["Test", ...operations]);

  for (const [what, bytes, reason] of [
    [
      "nesting 10,000 deep",
      `{"id":1,"method":"echo","params":${"[".repeat(10_000)}`,
      /JSON nested deeper than 1000 levels/,
    ],
    ["bytes that are no UTF-8", Buffer.from('{"id":1,"method":"echo","params":["\xff"]}', "latin1"), /not valid UTF-8/],
    ["NaN", '{"id":1,"method":"echo","params":[NaN]}', /not JSON-RPC/],
    ["an unknown escape", '{"id":1,"method":"echo","params":["\\x"]}', /not JSON-RPC/],
    ["something that is no object", "[1,2]", /a message must be a JSON object/],
    ["neither a request nor a reply", '{"id":1}', /a message needs a "method"/],
    ["text", "GET / HTTP/1.1\r\n\r\n", /a JSON object was expected, not byte 0x47/],
  ] as const) {
    it(`${what} ends the connection with a warning that says why`, async () => {
      const client = await WireClient.connect(path);
      client.socket.write(bytes);
      await client.untilClosed();
      assert.match(lastLogLine()?.text ?? "", reason);
      assert.equal(lastLogLine()?.severity, "WARNING");
      assert.deepEqual((await other.ask("echo", ["here"])).result, ["here"]);
    });
  }

  it("a message of a gigabyte ends the connection at the limit; memory stays bounded", async () => {
    const client = await WireClient.connect(path);
    const before = process.memoryUsage();
    const piece = Buffer.alloc(mebibyte, "x");
    client.socket.write('{"id":1,"method":"echo","params":["');
    let sent = 0;
    let most = 0;
    for (; sent < 1024 && !client.socket.destroyed; sent++) {
      await new Promise<void>((resolve) => client.socket.write(piece, () => resolve()));
      const now = process.memoryUsage();
      most = Math.max(most, now.arrayBuffers + now.heapUsed - before.arrayBuffers - before.heapUsed);
    }
    await client.untilClosed();
    assert.ok(sent * mebibyte < wireLimits.maxMessageBytes * 2, `${sent} MiB were taken`);
    assert.ok(most < wireLimits.maxMessageBytes * 4, `${Math.round(most / mebibyte)} MiB of memory`);
    assert.match(lastLogLine()?.text ?? "", /message longer than 67108864 bytes/);
    assert.deepEqual((await other.ask("echo", ["here"])).result, ["here"]);
  });

  it("of a name that comes twice the last value counts, as ovsdb-server(7) §3.1 says", async () => {
    const client = await WireClient.connect(path);
    client.send('{"id":7,"method":"echo","params":[1],"params":[2],"id":8}');
    assert.deepEqual(await client.reply(8), { result: [2], error: null });
    client.close();
  });

  for (const [what, operation, error, part] of [
    ["an unknown table", { op: "select", table: "Nope", where: [] }, "syntax error", /No table named Nope/],
    [
      "an unknown column",
      { op: "insert", table: "Radio", row: { nope: 1 } },
      "unknown column",
      /No column nope in table Radio/,
    ],
    ["an unknown operation", { op: "nope" }, "syntax error", /No operation "nope"/],
    [
      "a bad uuid",
      { op: "select", table: "Radio", where: [["_uuid", "==", ["uuid", "x"]]] },
      "syntax error",
      /"x" is not a valid UUID/,
    ],
    [
      "an atom of another type",
      { op: "insert", table: "Radio", row: { counter: "x" } },
      "syntax error",
      /expected integer/,
    ],
    [
      "a name that JavaScript knows",
      { op: "insert", table: "Radio", row: { constructor: 1 } },
      "unknown column",
      /No column constructor/,
    ],
    [
      "a table that JavaScript knows",
      { op: "select", table: "toString", where: [] },
      "syntax error",
      /No table named toString/,
    ],
  ] as const) {
    it(`${what} is refused in its place, with its name`, async () => {
      const { result } = await transact({ op: "comment", comment: "before" }, operation as unknown as JsonValue);
      const [, refused] = result as [JsonValue, JsonObject];
      assert.equal(refused.error, error);
      assert.match(String(refused.details), part);
    });
  }

  it("a member named __proto__ is a column that there is not", async () => {
    other.send(
      '{"id":"p","method":"transact","params":["Test",{"op":"insert","table":"Radio","row":{"__proto__":{"a":1}}}]}',
    );
    const { result } = await other.reply("p");
    assert.match(JSON.stringify(result), /No column __proto__ in table Radio/);
  });
});
