import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { ApiBench } from "../testing/api.ts";
import { describeEmbedded } from "../testing/stores.ts";

const page = "<!doctype html><title>OpenSync</title>";
const script = "console.log('as it was built');".repeat(50);

describeEmbedded("the console", (bench) => {
  let directory: string;
  let pages: string;
  let api: ApiBench;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "opensync-console-"));
    pages = join(directory, "dist");
    mkdirSync(join(pages, "assets"), { recursive: true });
    writeFileSync(join(directory, "secret.txt"), "nobody's business");
    writeFileSync(join(pages, ".hidden"), "nobody's business");
    writeFileSync(join(pages, "index.html"), page);
    writeFileSync(join(pages, "icon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
    writeFileSync(join(pages, "assets/index-B3xK_9qd.js"), script);
    writeFileSync(join(pages, "assets/index-B3xK_9qd.js.gz"), gzipSync(script));
    api = await ApiBench.open(bench.store, {}, pages);
  });
  after(async () => {
    await api?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const get = (url: string, accept = "text/html,*/*;q=0.8", headers: Record<string, string> = {}) =>
    api.server.app.inject({ method: "GET", url, headers: { accept, ...headers } });

  it("is the page at / and at every path of its own, asked for anew each time", async () => {
    for (const path of ["/", "/sign-in", "/l/home/clients/02:00:00:00:00:01?at=2026-08-01T18:00:00Z", "/index.html"]) {
      const { statusCode, body, headers } = await get(path);
      assert.deepEqual([statusCode, body, headers["cache-control"]], [200, page, "no-cache"], path);
      assert.match(String(headers["content-type"]), /^text\/html/);
    }
    const { headers } = await get("/");
    const again = await get("/", undefined, { "if-none-match": String(headers.etag) });
    assert.deepEqual([again.statusCode, again.body], [304, ""]);
  });

  it("takes scripts, styles and connections of its own site only", async () => {
    for (const path of ["/", "/l/home", "/assets/index-B3xK_9qd.js"]) {
      const policy = String((await get(path)).headers["content-security-policy"]);
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.match(policy, /connect-src 'self'.*frame-ancestors 'none'$/);
      assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
    }
  });

  it("has files whose names have a hash kept for good, and sends them as they were compressed", async () => {
    const plain = await get("/assets/index-B3xK_9qd.js", "*/*");
    assert.equal(plain.body, script);
    assert.match(String(plain.headers["cache-control"]), /immutable/);
    const packed = await get("/assets/index-B3xK_9qd.js", "*/*", { "accept-encoding": "gzip" });
    assert.deepEqual([packed.headers["content-encoding"], packed.headers.vary], ["gzip", "accept-encoding"]);
    assert.match(String(packed.headers["content-type"]), /javascript/);
    assert.equal(gunzipSync(packed.rawPayload).toString(), script);
    assert.equal((await get("/icon.svg", "image/*")).headers["cache-control"], "no-cache");
  });

  it("gives no file but its own", async () => {
    const outside = [
      "/../secret.txt",
      "/..%2fsecret.txt",
      "/assets/..%2f..%2fsecret.txt",
      "/%2e%2e/secret.txt",
      "/.hidden",
    ];
    for (const path of outside) {
      for (const accept of ["text/html", "*/*"]) {
        const { body } = await get(path, accept);
        assert.ok(!body.includes("nobody's business"), path);
      }
    }
    assert.equal((await get("/assets/gone-B3xK_9qd.js", "*/*")).statusCode, 404);
  });

  it("leaves the API as it is", async () => {
    for (const path of ["/api", "/api/v1/nothing", "/metrics/x"]) {
      const { statusCode, headers } = await get(path);
      assert.equal(statusCode, 404, path);
      assert.match(String(headers["content-type"]), /^application\/json/);
      assert.match(String(headers["content-security-policy"]), /^default-src 'none'; frame-ancestors/);
    }
    assert.equal((await get("/healthz")).json().status, "ok");
    const posted = await api.server.app.inject({ method: "POST", url: "/l/home", headers: { accept: "text/html" } });
    assert.equal(posted.statusCode, 404);
    assert.equal((await api.call("PUT /session")).status, 405);
  });

  it("says in one line where it has not been built, to the browser and in the log, and is there once it is", async () => {
    const empty = join(directory, "not-built");
    await using other = await ApiBench.open(bench.store, {}, empty);
    const ask = () => other.server.app.inject({ method: "GET", url: "/", headers: { accept: "text/html" } });
    const { statusCode, body } = await ask();
    assert.equal(statusCode, 503);
    assert.match(body, /^The console is not built; run 'npm run build -w packages\/console'.*\n$/);
    assert.ok(other.logged.some(({ severity, text }) => severity === "WARNING" && /console is not built/.test(text)));
    mkdirSync(empty);
    writeFileSync(join(empty, "index.html"), page);
    assert.equal((await ask()).body, page);
  });

  it("is not there where the cloud has none", async () => {
    await using other = await ApiBench.open(bench.store);
    const { statusCode } = await other.server.app.inject({ method: "GET", url: "/", headers: { accept: "text/html" } });
    assert.equal(statusCode, 404);
  });
});
