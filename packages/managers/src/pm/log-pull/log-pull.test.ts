import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import type { ManagerDefinition } from "../../manager.ts";
import { Certificates, withoutOpenssl } from "../../qm/testing/certificates.ts";
import { Bench } from "../../testing/bench.ts";
import { pmLimits } from "../limits.ts";
import { collectLogs } from "./collect.ts";
import { logPull } from "./log-pull.ts";

const directory = mkdtempSync(join(tmpdir(), "opensync-log-pull-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const secrets = {
  psk: 'correct "horse" \\ battery',
  radius: "radius-secret-1",
  pppoe: "pppoe+password(1)",
  credential: "backhaul.psk$2",
  token: "upload-token-3",
};

let files = 0;
function logFile(text: string): string {
  const path = join(directory, `file${files++}.log`);
  writeFileSync(path, text);
  return path;
}

function logged(): string {
  return logFile(`line one\nowm: psk is ${secrets.psk}\nradius ${secrets.radius} ${secrets.credential}\n`);
}

async function withSecrets(bench: Bench): Promise<void> {
  await bench.client.transact((transaction) => {
    transaction.insert("Wifi_VIF_Config", { if_name: "home-ap-24", wpa_psks: new Map([["key--1", secrets.psk]]) });
    transaction.insert("RADIUS", { name: "r", secret: secrets.radius, type: "A" });
    transaction.insert("WAN_Config", { type: "pppoe", other_config: new Map([["password", secrets.pppoe]]) });
    transaction.insert("Wifi_Credential_Config", { ssid: "b", security: new Map([["key", secrets.credential]]) });
  });
}

/** The files of an archive. */
function unpacked(archive: Uint8Array): ReadonlyMap<string, string> {
  const bytes = gunzipSync(archive);
  const contents = new Map<string, string>();
  for (let at = 0; bytes[at] !== 0; ) {
    const name = bytes.toString("utf8", at, bytes.indexOf(0, at));
    const size = Number.parseInt(bytes.toString("utf8", at + 124, at + 135), 8);
    contents.set(name, bytes.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return contents;
}

const collect = (bench: Bench, logFiles: readonly string[], dump = () => "state") =>
  collectLogs({
    client: bench.client,
    sources: { logFiles: () => logFiles, dump },
    id: "0123456789AB",
    time: bench.clock.wallTime(),
  });

describe("what is collected", () => {
  it("is logs, dump and database, and no secret of the database in any of them", async () => {
    const bench = new Bench();
    await withSecrets(bench);
    const dump = () => `psk ${secrets.psk}\njson ${JSON.stringify({ password: secrets.pppoe, psk: secrets.psk })}`;
    const archive = await collect(bench, [logged()], dump);
    const contents = unpacked(archive);
    assert.deepEqual(
      [...contents.keys()].map((name) => name.replace(/\d+/, "N")),
      ["contents.txt", "database.json", "dump.txt", "log/fileN.log"],
    );
    for (const [name, text] of contents) {
      for (const secret of Object.values(secrets)) {
        assert.ok(!text.includes(secret) && !text.includes(JSON.stringify(secret).slice(1, -1)), `${name}: ${secret}`);
      }
    }
    assert.match([...contents.values()].join(), /line one\nowm: psk is \*{4}\nradius \*{4} \*{4}\n/);
    const database = JSON.parse(contents.get("database.json") ?? "");
    assert.equal(database.Wifi_VIF_Config[0].if_name, "home-ap-24");
    assert.deepEqual(database.Wifi_VIF_Config[0].wpa_psks, { "key--1": "****" });
    const listed = spawnSync("tar", ["tzf", "-"], { input: archive });
    if (!listed.error) assert.equal(listed.status, 0, String(listed.stderr));
  });

  it("is of bounded size, the newest first, in whole lines, and says what is missing", async () => {
    const bench = new Bench();
    const line = `${"x".repeat(99)}\n`;
    const newest = logFile(line.repeat(10));
    const older = logFile(`first\n${line.repeat(pmLimits.pullLogBytes / 100)}`);
    const oldest = logFile(line);
    const contents = unpacked(await collect(bench, [newest, older, oldest, "/nowhere/x.log"]));
    const sizes = [...contents].flatMap(([name, text]) => (name.startsWith("log/") ? [text.length] : []));
    assert.equal(sizes[0], 1000);
    assert.ok((sizes[1] ?? 0) > pmLimits.pullLogBytes - 1200 && (sizes[1] ?? 0) <= pmLimits.pullLogBytes - 1000);
    assert.ok([...contents.values()].every((text) => !text.includes("first")));
    const notes = contents.get("contents.txt") ?? "";
    assert.match(notes, /log\/file\d+\.log: only its end/);
    assert.match(notes, /log\/x\.log: left out: (ENOENT|no room left)/);
  });

  it("is what there is when a manager cannot say how it is", async () => {
    const contents = unpacked(
      await collect(new Bench(), [], () => {
        throw new Error("no idea");
      }),
    );
    assert.ok(!contents.has("dump.txt"));
    assert.match(contents.get("contents.txt") ?? "", /dump.txt: left out: no idea/);
  });
});

describe("log pull", { skip: withoutOpenssl }, () => {
  interface Heard {
    readonly method: string;
    readonly url: string;
    readonly type: string;
    readonly body: Buffer;
  }
  const heard: Heard[] = [];
  let server: Server;
  let port = 0;
  let caFile = "";
  let answer: { readonly status: number; readonly text: string } | null = { status: 200, text: "thanks" };

  before(async () => {
    const certificates = new Certificates(directory);
    certificates.authority("pull-ca");
    const { privateKey, certificate, caCert } = certificates.issue("localhost", "pull-ca", { names: "DNS:localhost" });
    caFile = caCert;
    server = createServer({ key: readFileSync(privateKey), cert: readFileSync(certificate) }, (incoming, outgoing) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("end", () => {
        const { method = "", url = "", headers } = incoming;
        heard.push({ method, url, type: headers["content-type"] ?? "", body: Buffer.concat(parts) });
        if (answer) outgoing.writeHead(answer.status).end(answer.text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function setUp() {
    heard.length = 0;
    answer = { status: 200, text: "thanks" };
    const bench = new Bench();
    await withSecrets(bench);
    const module = logPull({ sources: { logFiles: () => [logged()], dump: () => "state" }, caFile });
    const definition: ManagerDefinition = { name: "pm", start: (context) => module.start(context) };
    const manager = await bench.start(definition);
    const ask = (location: string, token = secrets.token, name = "lm") =>
      bench.client.transact((transaction) =>
        transaction.update("AW_LM_Config", [], { name, upload_location: location, upload_token: token }),
      );
    const told = async (pattern: RegExp) => {
      const until = performance.now() + 10_000;
      const found = () => bench.ring.records().filter(({ text }) => pattern.test(text));
      while (found().length === 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.ok(found().length > 0, `not in the log: ${pattern}`);
      return found();
    };
    return { bench, definition, manager, ask, told };
  }

  const here = (path = "/pull?signature=s3cret") => `https://localhost:${port}${path}`;

  it("waits for a location and a token in a row of its own", async () => {
    const { bench, ask } = await setUp();
    const { name, periodicity, upload_location, upload_token } = bench.row("AW_LM_Config");
    assert.deepEqual([name, periodicity, upload_location, upload_token], ["lm", "weekly", "", ""]);
    await ask(here(), "");
    await ask("", "token");
    await bench.settle();
    assert.deepEqual(heard, []);
  });

  it("hands the archive over as a form, under the token's name, and tells where to without what allows it", async () => {
    const { ask, told } = await setUp();
    await ask(here());
    const [{ text = "" } = {}] = await told(/log pull: \d+ bytes handed over/);
    assert.ok(text.endsWith(`handed over to https://localhost:${port}/pull (200)`), text);
    const [{ method, url, type, body } = assert.fail("nothing came")] = heard;
    assert.deepEqual([method, url], ["POST", "/pull?signature=s3cret"]);
    const form = await new Response(body, { headers: { "content-type": type } }).formData();
    const file = form.get("filename");
    assert.ok(file instanceof File && file.name === secrets.token);
    const contents = unpacked(new Uint8Array(await file.arrayBuffer()));
    assert.ok(contents.has("database.json"));
    for (const secret of [...Object.values(secrets), "s3cret"]) {
      for (const [name, each] of contents) assert.ok(!each.includes(secret), `${name}: ${secret}`);
    }
  });

  it("puts the archive as it is where the row is called put", async () => {
    const { ask, told } = await setUp();
    await ask(here(), "t", "put");
    await told(/handed over/);
    assert.equal(heard[0]?.method, "PUT");
    assert.ok(unpacked(heard[0]?.body ?? Buffer.alloc(0)).has("dump.txt"));
  });

  it("happens once per request, whatever becomes of PM", async () => {
    const { bench, manager, definition, ask, told } = await setUp();
    await ask(here());
    await told(/handed over/);
    await manager.stop();
    await bench.start(definition);
    await ask(here(), "another");
    while (heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await bench.settle();
    assert.equal(heard.length, 2);
  });

  it("tells what was answered when it was not taken", async () => {
    const { ask, told } = await setUp();
    answer = { status: 403, text: "token\nexpired" };
    await ask(here());
    await told(/log pull failed: https:\/\/localhost:\d+\/pull: answered with 403: token expired/);
    answer = { status: 302, text: "" };
    await ask(here(), "again");
    await told(/answered with 302 \(redirections are not followed/);
  });

  it("gives up on a location that does not answer", async () => {
    const { bench, ask, told } = await setUp();
    answer = null;
    await ask(here());
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await bench.clock.advance(pmLimits.pullUploadMs);
    await told(/log pull failed: .*upload: no answer within 120000 ms/);
  });

  it("trusts nobody whose certificate is another's", async () => {
    const { ask, told } = await setUp();
    await ask(`https://127.0.0.1:${port}/pull`);
    await told(/log pull failed: .*(altnames|IP)/i);
    assert.deepEqual(heard, []);
  });

  it("goes nowhere but over HTTPS, and not without a way out", async () => {
    const { bench, ask, told } = await setUp();
    await ask("file:///etc/passwd");
    await told(/upload_location is 'file:': it must be https:\/\/HOST\/PATH/);
    await ask("http://localhost/pull");
    await told(/upload_location is 'http:'/);
    await ask("somewhere");
    await told(/upload_location is no URL/);
    bench.network.block("unreachable");
    await ask(here());
    await told(/the network lets nothing through \(unreachable\)/);
    assert.deepEqual(heard, []);
  });
});
