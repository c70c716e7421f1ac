import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, connect as tcpConnect } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect as tlsConnect } from "node:tls";
import { root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");

/** One line on stderr that has all of `parts`, and the exit code. */
async function complains(args: readonly string[], code: number, ...parts: readonly (string | RegExp)[]): Promise<void> {
  // A cloud makes its store first, which takes long on a busy machine.
  const result = await run(opensync, args, { deadlineMs: 60_000 });
  assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
  assert.match(result.stderr, /^[^\n]+\n$/, "not one line");
  assert.doesNotMatch(result.stderr, /\n\s+at /, "a stack trace");
  for (const part of parts) {
    if (typeof part === "string") assert.ok(result.stderr.includes(part), `'${part}' is not in: ${result.stderr}`);
    else assert.match(result.stderr, part);
  }
}

describe("bad input on the command line", () => {
  let directory: TemporaryDirectory;
  const path = (name: string) => join(directory.path, name);
  before(() => {
    directory = temporaryDirectory("bad");
  });
  after(() => directory[Symbol.dispose]());

  it("an unknown flag or command, a missing option: usage, exit 2", async () => {
    await complains(["up", "--colour"], 2, "--colour");
    await complains(["fleet"], 2, "fleet");
    await complains(["node"], 2, "--dir");
    await complains(["node", "--dir", path("n"), "--target", "toaster"], 2, "toaster", "sim");
    await complains(["up", "--seed", "x"], 2, "x", "whole number");
  });

  it("a remote that is none is named, with the forms there are", async () => {
    await complains(["node", "--dir", path("n"), "--listen", "carrier-pigeon:6640"], 1, "carrier-pigeon", "ptcp:PORT");
    await complains(["node", "--dir", path("n"), "--redirector", "http://cloud"], 1, "http://cloud", "ssl:HOST:PORT");
    await complains(["cloud", "--dir", path("c"), "--redirector", "ptcp:0"], 1, "ptcp:0", "--insecure");
    await complains(["cloud", "--dir", path("c"), "--mqtt", "x"], 1, "x", "pssl:PORT");
  });

  it("a port in use is named", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    try {
      await complains(["node", "--dir", path("n"), "--listen", `ptcp:${port}:127.0.0.1`], 1, String(port), /in use/);
      await complains(
        ["cloud", "--dir", path("c"), "--mqtt", "0", "--controller", `pssl:${port}:127.0.0.1`],
        1,
        String(port),
        /in use/,
      );
      await complains(["cloud", "--dir", path("c"), "--mqtt", String(port)], 1, String(port), /in use/);
    } finally {
      server.close();
    }
  });

  it("a home file that is missing, no JSON or no home is named, with the place in it", async () => {
    const file = path("home.json");
    await complains(["cloud", "--dir", path("c"), "--home", file], 1, file, "cannot be read");
    writeFileSync(file, '{ "name": ');
    await complains(["cloud", "--dir", path("c"), "--home", file], 1, file, "line 1");
    writeFileSync(file, JSON.stringify({ name: "x", nodes: [{ id: "gateway", role: "router" }] }));
    await complains(["cloud", "--dir", path("c"), "--home", file], 1, file, "nodes[0].role", "gateway, extender");
    const demo = JSON.parse(readFileSync(join(root, "homes/demo.json"), "utf8"));
    demo.simulation.clients[0].ssid = "Nowhere";
    writeFileSync(file, JSON.stringify(demo));
    await complains(["up", "--dir", path("u"), "--home", file], 1, file, "simulation.clients", "Nowhere");
  });

  it("a port of the API that is none: usage, and one that is taken is named", async () => {
    for (const port of ["x", "70000", "8080:", ":1"]) {
      await complains(["cloud", "--dir", path("c"), "--http", port], 2, "--http", "PORT:IP");
    }
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const free = ["--redirector", "pssl:0:127.0.0.1", "--controller", "pssl:0:127.0.0.1", "--mqtt", "0"];
    try {
      await complains(["cloud", "--dir", path("taken"), ...free, "--http", String(port)], 1, String(port), /in use/);
    } finally {
      server.close();
    }
  });

  it("ctl without a cloud says how to start one; what is not understood is usage", async () => {
    const ctl = (...args: string[]) => ["cloud", "ctl", ...args, "--dir", path("nowhere")];
    for (const args of [["status"], ["nodes", "Home"], ["claim", "SN-1"], ["events", "--follow"]]) {
      await complains(ctl(...args), 1, path("nowhere"), "opensync cloud --dir", "opensync up");
    }
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    mkdirSync(path("gone/run"), { recursive: true });
    writeFileSync(path("gone/run/api.url"), `http://127.0.0.1:${port}\n`);
    writeFileSync(path("gone/api.token"), "ost_x\n");
    await complains(["cloud", "ctl", "status", "--dir", path("gone")], 1, path("gone"), "no cloud with an API");
    await complains(["cloud", "ctl", "status", "--url", "cloud.example"], 1, "cloud.example", "https://HOST:PORT");
    await complains(["cloud", "ctl", "status", "--url", "http://127.0.0.1:1"], 1, "--token-file", "OPENSYNC_TOKEN");
    await complains(ctl("call", "GET /toasters"), 2, "GET /toasters", "ctl routes");
    await complains(ctl("call", "GET /locations/:location/nodes/:node"), 2, "node=");
    await complains(ctl("call", "GET /callers", "a=b"), 2, "'a'");
    await complains(ctl("claim"), 2, "--pack");
    await complains(ctl("claim", "SN-1", "--role", "router"), 2, "router", "gateway");
    await complains(ctl("freeze", "02:00:00:00:00:01", "--for", "soon"), 2, "soon", "30m");
    await complains(ctl("band", "02:00:00:00:00:01", "3G"), 2, "3G", "2.4G");
    await complains(ctl("revert", "zero"), 2, "zero", "versions");
    await complains(ctl("key", "add", "Net", "--expires", "tomorrow"), 2, "tomorrow", "7d");
    await complains(ctl("user", "add", "alice", "--role", "king"), 2, "king", "viewer");
    await complains(ctl("draft", path("no.json")), 1, path("no.json"), "cannot be read");
    writeFileSync(path("half.json"), '{ "name": ');
    await complains(ctl("draft", path("half.json")), 1, path("half.json"), "line 1");
  });

  it("a directory that is a file is named", async () => {
    writeFileSync(path("file"), "");
    await complains(["node", "--dir", path("file")], 1, path("file"));
  });
});

describe("a damaged database", () => {
  it("is refused with place and reason, and left as it is", async () => {
    using directory = temporaryDirectory("damaged");
    const file = join(directory.path, "conf.db");
    const node = new Service(opensync, ["node", "--dir", directory.path]);
    await node.until(/all settled/);
    await node.stop();
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    await complains(["node", "--dir", directory.path, "--resume"], 1, file);
    assert.deepEqual(readFileSync(file), bytes);
  });

  it("that is no database at all is refused too", async () => {
    using directory = temporaryDirectory("damaged");
    mkdirSync(join(directory.path, "conf.db"));
    await complains(["node", "--dir", directory.path, "--resume"], 1, "conf.db");
  });
});

describe("bad input to a running node", () => {
  let directory: TemporaryDirectory;
  let node: Service;
  const ovsh = (...args: string[]) => run("ovsh", args, { env: { OPENSYNC_DIR: directory.path } });
  const refused = async (args: readonly string[], ...parts: readonly string[]) => {
    const result = await ovsh(...args);
    assert.equal(result.code, 1, result.stdout);
    for (const part of parts) assert.ok(result.stderr.includes(part), `'${part}' is not in: ${result.stderr}`);
  };

  before(async () => {
    directory = temporaryDirectory("node");
    node = new Service(opensync, ["node", "--dir", directory.path, "--listen", "ptcp:0:127.0.0.1", "--verbose"]);
    await node.until(/all settled/);
  });

  after(async () => {
    await node.stop();
    directory[Symbol.dispose]();
  });

  it("an unknown table or column is named", async () => {
    await refused(["s", "Wifi_Radio_Konfig"], "Wifi_Radio_Konfig");
    await refused(["u", "Wifi_Radio_Config", "-w", "if_name==wifi0", "chanel:=6"], "chanel");
  });

  it("a channel out of range, a wrong type, a value not in an enumeration are named", async () => {
    await refused(["u", "Wifi_Radio_Config", "-w", "if_name==wifi0", "channel:=234"], "constraint violation", "234");
    await refused(["u", "Wifi_Radio_Config", "-w", "if_name==wifi0", "channel~=six"], "channel");
    await refused(["u", "Wifi_Radio_Config", "-w", "if_name==wifi0", "ht_mode:=HT21"], "constraint violation", "HT21");
  });

  it("a message beyond the bound costs its sender the connection, and nobody else", async () => {
    const [, port = ""] = await node.until(/ptcp:0.*listening on port (\d+)/);
    const socket = tcpConnect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    const piece = Buffer.alloc(1 << 20, "x");
    socket.write('{"method":"echo","id":1,"params":["');
    for (let sent = 0; sent < 80 && !socket.destroyed; sent++) {
      if (!socket.write(piece)) await Promise.race([closed, new Promise((resolve) => socket.once("drain", resolve))]);
    }
    await closed;
    await node.until(/message longer than|larger than|exceeds/);
    assert.equal((await ovsh("-r", "s", "AWLAN_Node", "id")).code, 0);
  });
});

describe("a TLS peer of the cloud", () => {
  it("without a certificate is refused in one log line, and others are served", async () => {
    using directory = temporaryDirectory("cloud");
    const cloud = new Service(opensync, [
      ...["cloud", "--dir", directory.path, "--home", join(root, "homes/demo.json"), "--verbose"],
      ...["--redirector", "pssl:0:127.0.0.1", "--controller", "pssl:0:127.0.0.1", "--mqtt", "0", "--http", "0"],
    ]);
    try {
      const [, host = "", port = ""] = await cloud.until(/controller ssl:([^:]+):(\d+)/);
      await cloud.until(/certificates of node extender/);
      const socket = tlsConnect({ host, port: Number(port), rejectUnauthorized: false });
      socket.on("error", () => {});
      await new Promise<void>((resolve) => socket.on("close", () => resolve()));
      await cloud.until(/<(WARNING|NOTICE|INFO)>.*certificate/);
      const tls = join(directory.path, "tls");
      const good = tlsConnect({
        host,
        port: Number(port),
        ca: readFileSync(join(tls, "nodes/gateway/ca.pem")),
        cert: readFileSync(join(tls, "nodes/gateway/client.pem")),
        key: readFileSync(join(tls, "nodes/gateway/client_dec.key")),
      });
      // The cloud is the client of this connection: it speaks first.
      const first = await new Promise<string>((resolve, reject) => {
        good.once("data", (data) => resolve(data.toString()));
        good.once("error", reject);
      });
      assert.match(first, /"method":"/);
      good.destroy();
    } finally {
      await cloud.stop();
    }
  });
});
