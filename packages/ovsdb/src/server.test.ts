/** The server on real sockets, as deployed clients use it. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectNet, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect as connectTls } from "node:tls";
import { RealClock } from "@opensync-ts/base/clock";
import { formatRemote } from "./remote.ts";
import { connectRpc } from "./rpc-client.ts";
import { makeCertificates, withoutOpenssl } from "./test-certificates.ts";
import { testServer } from "./test-server.ts";

const directory = mkdtempSync(join(tmpdir(), "ovsdb-server-"));
const path = join(directory, "db.sock");
const setup = testServer();

before(() => setup.server.listen(`punix:${path}`));
after(async () => {
  await setup.server.close();
  rmSync(directory, { recursive: true });
});

async function open(): Promise<Socket> {
  const socket = connectNet({ path });
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

function received(socket: Socket, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.length >= bytes) resolve(text);
    });
    socket.once("close", () => reject(new Error(`closed after ${text.length} bytes`)));
  });
}

describe("deployed clients", () => {
  it("write one JSON token, or one byte, at a time", async () => {
    const socket = await open();
    for (const byte of '{"method":"echo","params":[{"a":[1]}],"id":3}') {
      await new Promise((resolve) => socket.write(byte, resolve));
    }
    assert.equal(await received(socket, 20), '{"id":3,"result":[{"a":[1]}],"error":null}');
    socket.destroy();
  });

  it("open a connection for each transaction, hundreds in a row", async () => {
    for (let id = 1; id <= 300; id++) {
      const socket = await open();
      const operations = [
        { op: "comment", comment: "x" },
        { op: "select", table: "Radio", where: [] },
      ];
      socket.write(JSON.stringify({ method: "transact", params: ["Test", ...operations], id }));
      assert.equal(await received(socket, 20), `{"id":${id},"result":[{},{"rows":[]}],"error":null}`);
      socket.destroy();
    }
  });

  it("read until a read comes back short: a reply of n times 16,384 bytes is one byte longer", async () => {
    const frame = '{"id":1,"result":[""],"error":null}'.length;
    for (const length of [16_384, 65_536, 131_072]) {
      const socket = await open();
      socket.write(`{"method":"echo","params":["${"x".repeat(length - frame)}"],"id":1}`);
      const reply = await received(socket, length + 1);
      assert.equal(reply.length, length + 1);
      assert.equal(reply.at(-1), "\n");
      socket.destroy();
    }
  });

  it("hear nothing that they did not ask for, however long they are silent", async () => {
    const socket = await open();
    let heard = 0;
    socket.on("data", () => heard++);
    await setup.clock.advance(3_600_000);
    socket.write('{"method":"echo","params":[],"id":1}');
    await received(socket, 10);
    assert.equal(heard, 1);
    socket.destroy();
  });

  it("are not disturbed by one that leaves in the middle of a message, or sends rubbish", async () => {
    const [leaves, rubbish, good] = await Promise.all([open(), open(), open()]);
    leaves.write('{"method":"trans');
    leaves.destroy();
    rubbish.write(Buffer.from([0x7b, 0x22, 0xff, 0x22]));
    rubbish.write("}");
    await new Promise((resolve) => rubbish.resume().once("close", resolve));
    good.write('{"method":"echo","params":[],"id":1}');
    assert.equal(await received(good, 10), '{"id":1,"result":[],"error":null}');
    good.destroy();
  });
});

describe("a TLS remote", { skip: withoutOpenssl }, () => {
  it("serves peers that chain to the CA, and refuses one without a certificate with one line", async () => {
    const certificates = makeCertificates(directory);
    const { remote } = await setup.server.listen("pssl:0:127.0.0.1", certificates.server);
    const port = Number(formatRemote(remote).split(":")[1]);
    const first = setup.log.records().length;
    const bare = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false });
    await new Promise((resolve) => bare.once("error", resolve));
    const client = await connectRpc(`ssl:127.0.0.1:${port}`, {
      clock: new RealClock(),
      timeoutMs: 5000,
      tls: certificates.client,
    });
    assert.deepEqual(await client.request("list_dbs", []), ["Test", "_Server"]);
    client.close();
    const refusals = setup.log
      .records()
      .slice(first)
      .filter(({ severity }) => severity === "WARNING");
    assert.deepEqual(
      refusals.map(({ text }) => text.replace(/:\d+:/, ":PORT:")),
      ["ssl:127.0.0.1:PORT: refused: TLS: peer did not return a certificate"],
    );
  });
});
