import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { type RunningApi, startApi } from "@opensync-ts/cloud/api/start-api";
import { openStore, type Store } from "@opensync-ts/cloud/store/store";
import { aHost, cheapPasswords } from "@opensync-ts/cloud/testing/api";
import { storeParts } from "@opensync-ts/cloud/testing/stores";
import { type CloudClient, createCloudClient } from "./client.ts";
import { CloudError, valueOrThrow } from "./errors.ts";
import type { CloudEvent } from "./follow.ts";
import * as limits from "./limits.ts";

const password = "correct horse battery";

describe("a client of a running cloud", () => {
  let directory: string;
  let store: Store;
  let api: RunningApi;
  let client: CloudClient;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "opensync-client-"));
    store = await openStore({ ...storeParts, directory });
    const host = aHost(store, directory);
    api = await startApi({ ...storeParts, host, listen: { port: 0 }, passwordCost: cheapPasswords });
    client = createCloudClient({ baseUrl: api.url, token: readFileSync(join(directory, "api.token"), "utf8").trim() });
  });
  after(async () => {
    await api?.stop();
    await store?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const location = async (name: string) => {
    const tenant = valueOrThrow(await client.request("POST /tenants", { body: { name } }));
    return valueOrThrow(
      await client.request("POST /tenants/:tenant/locations", {
        params: { tenant: tenant.id },
        body: { name: "home" },
      }),
    );
  };

  it("asks and is answered with types of the contract", async () => {
    const { id, head } = await location("first");
    assert.equal(head, 0);
    const keys = [{ id: "key", psk: "the family's key" }];
    const document = {
      name: "Home",
      nodes: [{ id: "gateway-of-client", role: "gateway" }],
      networks: [{ ssid: "Test & more", security: { mode: "wpa2", keys } }],
    };
    const params = { location: id };
    const draft = valueOrThrow(
      await client.request("PUT /locations/:location/draft", {
        params,
        query: { why: "new home" },
        body: { document, basedOn: 0 },
      }),
    );
    assert.equal(draft.number, 1);
    const version = { params: { location: id, version: 1 } };
    valueOrThrow(await client.request("POST /locations/:location/versions/:version/apply", version));
    const key = valueOrThrow(
      await client.request("POST /locations/:location/keys", { params, body: { ssid: "Test & more" } }),
    );
    assert.match(key.psk, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    assert.deepEqual([key.key, key.zone, key.version], ["key-1", "guest", 2]);
    const named = { params: { location: id, ssid: "Test & more", key: "key-1" } };
    assert.equal(
      valueOrThrow(await client.request("DELETE /locations/:location/networks/:ssid/keys/:key", named)).version,
      3,
    );
    const trail = valueOrThrow(
      await client.request("GET /locations/:location/audit", { params, query: { limit: 10 } }),
    );
    assert.ok(trail.items.some(({ action, why }) => action === "version.draft" && why === "new home"));
  });

  it("has what goes wrong as a value", async () => {
    const none = await client.request("GET /locations/:location", { params: { location: "none" } });
    assert.ok(!none.ok);
    assert.deepEqual(
      [none.error.status, none.error.code, none.error.message],
      [404, "not-found", "there is no location none"],
    );
    const wrong = await client.request("POST /tenants", { body: { name: "" } });
    assert.ok(!wrong.ok);
    assert.deepEqual(
      wrong.error.fields.map(({ path }) => path),
      ["body.name"],
    );
    const nowhere = createCloudClient({ baseUrl: "http://127.0.0.1:9" });
    const unreachable = await nowhere.request("GET /session");
    assert.ok(!unreachable.ok && unreachable.error.code === "unreachable");
    assert.throws(() => valueOrThrow(none), CloudError);
    for (const text of ["<html>Sign in to the hotspot</html>", '{"actor":']) {
      const between = createCloudClient({ baseUrl: "http://127.0.0.1:9", fetch: async () => new Response(text) });
      const unreadable = await between.request("GET /session");
      assert.ok(!unreadable.ok && unreadable.error.code === "unreadable");
      assert.match(unreadable.error.message, /^the answer is not what the cloud says/);
    }
  });

  it("logs in, and changes things by its session", async () => {
    valueOrThrow(
      await client.request("POST /users", { body: { name: "alice", password, role: "admin", tenant: null } }),
    );
    // As a browser keeps cookies.
    let cookie = "";
    const page = createCloudClient({
      baseUrl: api.url,
      fetch: async (url, init) => {
        const response = await fetch(url, { ...init, headers: { ...(init.headers as object), cookie } });
        cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
        return response;
      },
    });
    assert.equal((await page.request("GET /session")).ok, false);
    valueOrThrow(await page.request("POST /session", { body: { name: "alice", password } }));
    valueOrThrow(await page.request("POST /tenants", { body: { name: "alice's" } }));
    valueOrThrow(await page.request("DELETE /session"));
    assert.equal((await page.request("GET /tenants")).ok, false);
  });

  it("follows what happens, and goes on after an interruption where it was", async () => {
    const ended = new AbortController();
    const seen: CloudEvent[] = [];
    let broken: (() => void) | undefined;
    let connections = 0;
    const clock = new VirtualClock();
    const follower = createCloudClient({
      baseUrl: api.url,
      token: readFileSync(join(directory, "api.token"), "utf8").trim(),
      clock,
      fetch: (url, init) => {
        connections++;
        const line = new AbortController();
        broken = () => line.abort(new Error("cut"));
        const signals = [line.signal, ...(init.signal ? [init.signal] : [])];
        return fetch(url, { ...init, signal: AbortSignal.any(signals) });
      },
    });
    const following = (async () => {
      for await (const event of follower.events({ signal: ended.signal })) seen.push(event);
    })();
    const actions = () =>
      seen.filter(({ kind }) => kind === "change").map(({ data }) => (data as { action: string }).action);
    const until = async (condition: () => boolean) => {
      for (let n = 0; !condition() && n < 500; n++) await storeParts.clock.sleep(10);
      assert.ok(condition(), JSON.stringify(seen));
    };
    await until(() => seen.some(({ kind }) => kind === "hello"));
    const { id } = await location("followed");
    await until(() => actions().length === 2);
    broken?.();
    await storeParts.clock.sleep(20);
    valueOrThrow(
      await client.request("PATCH /locations/:location", { params: { location: id }, body: { name: "renamed" } }),
    );
    await clock.advance(limits.firstRetryMs);
    await until(() => actions().length === 3);
    assert.deepEqual([actions(), connections], [["tenant.create", "location.create", "location.rename"], 2]);
    ended.abort();
    await clock.advance(limits.lastRetryMs);
    await following;
  });

  it("ends following with the reason where it may not", async () => {
    const stranger = createCloudClient({ baseUrl: api.url, token: `ost_${"A".repeat(43)}` });
    await assert.rejects(
      async () => {
        for await (const event of stranger.events()) assert.fail(event.kind);
      },
      (error) => error instanceof CloudError && error.failure.status === 401,
    );
  });

  it("takes a whole backup of the cloud along", async () => {
    const stream = valueOrThrow(await client.backup());
    const lines = (await new Response(stream).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(lines.at(-1).rows, lines.length - 2);
    assert.ok(!JSON.stringify(lines).includes("the family's key"));
  });

  it("is refused a backup as anything else: as a value", async () => {
    const stranger = createCloudClient({ baseUrl: api.url, token: `ost_${"A".repeat(43)}` });
    const refused = await stranger.backup();
    assert.ok(!refused.ok && refused.error.status === 401);
    const nowhere = await createCloudClient({ baseUrl: "http://127.0.0.1:1", token: "x" }).backup();
    assert.ok(!nowhere.ok && nowhere.error.code === "unreachable");
    assert.match(nowhere.error.message, /cannot be reached: fetch failed: bad port/, "with the reason");
  });
});
