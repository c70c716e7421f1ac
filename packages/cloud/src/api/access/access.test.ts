import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { readAudit } from "../../store/audit.ts";
import { backup, restore } from "../../store/backup.ts";
import { createTenant } from "../../store/tenants.ts";
import { ApiBench, cheapPasswords, shell } from "../../testing/api.ts";
import { alice, unused } from "../../testing/locations.ts";
import { describeStores, storeClock } from "../../testing/stores.ts";
import * as limits from "../limits.ts";
import { Passwords } from "./passwords.ts";
import { controlTokenFile, createToken, ensureControlToken } from "./tokens.ts";
import { createFirstOwner, createUser } from "./users.ts";

const passwords = new Passwords(cheapPasswords);
const password = "correct horse battery";
const userName = () => unused("user").replace(" ", "-");

describeStores("users", (bench) => {
  let api: ApiBench;
  before(async () => {
    api = await ApiBench.open(bench.store);
  });
  after(() => api?.[Symbol.asyncDispose]());

  const newUser = async (role: "viewer" | "operator" | "admin" | "owner", tenant: string | null = null) =>
    createUser(bench.store, passwords, { name: userName(), password, role, tenant }, shell, alice);

  async function logIn(name: string, secret = password, address = "192.0.2.1") {
    const answer = await api.call("POST /session", { body: { name, password: secret }, address });
    const [cookie = ""] = String(answer.headers["set-cookie"] ?? "").split(";");
    return { ...answer, cookie, csrf: answer.body?.csrfToken as string };
  }

  it("begin with one owner, made once", async () => {
    const other = await bench.another();
    const first = await createFirstOwner(other, passwords, { name: "root", password }, alice);
    assert.deepEqual([first.role, first.tenant], ["owner", null]);
    await assert.rejects(
      createFirstOwner(other, passwords, { name: "root2", password }, alice),
      /owner already \('root'\)/,
    );
    await other.close();
  });

  it("log in with name and password, and are then known by a cookie that pages cannot read", async () => {
    const { name } = await newUser("admin");
    const { status, body, cookie, headers } = await logIn(name);
    assert.deepEqual([status, body.actor, body.role], [201, `user:${name}`, "admin"]);
    assert.match(String(headers["set-cookie"]), /^opensync-[0-9a-f]{8}=[\w-]{43}; .*HttpOnly.*SameSite=Strict/);
    const me = await api.call("GET /session", { headers: { cookie } });
    assert.deepEqual([me.status, me.body.user, me.body.csrfToken], [200, name, body.csrfToken]);
    const stored = await bench.store.run("look", (transaction) =>
      transaction.selectFrom("sessions").selectAll().execute(),
    );
    assert.ok(!stored.some(({ id }) => cookie.includes(id)), "the store has a hash only");
  });

  it("are refused alike whether the name or the password is wrong, and the trail has it", async () => {
    const { name } = await newUser("viewer");
    const wrong = await logIn(name, "not the password", "192.0.2.2");
    const unknown = await logIn(userName(), "not the password", "192.0.2.3");
    assert.deepEqual([wrong.status, unknown.status], [401, 401]);
    assert.equal(wrong.body.error.message, unknown.body.error.message);
    const [entry] = await readAudit(bench.store, { actor: `user:${name}` });
    assert.deepEqual([entry?.action, entry?.outcome], ["session.open", "refused"]);
  });

  it("have to wait longer and longer after wrong passwords, wherever they call from", async () => {
    const { name } = await newUser("viewer");
    for (let n = 0; n < limits.freeFailures; n++)
      assert.equal((await logIn(name, "wrong", `192.0.3.${n}`)).status, 401);
    const early = await logIn(name, password, "192.0.3.99");
    assert.deepEqual([early.status, early.headers["retry-after"]], [429, "1"]);
    await api.clock.advance(limits.firstWaitMs);
    assert.equal((await logIn(name, "wrong", "192.0.3.98")).status, 401);
    await api.clock.advance(limits.firstWaitMs);
    assert.equal((await logIn(name, password, "192.0.3.97")).status, 429, "twice as long by now");
    await api.clock.advance(limits.firstWaitMs);
    assert.equal((await logIn(name, password, "192.0.3.96")).status, 201);
    assert.equal((await logIn(name, "wrong", "192.0.3.95")).status, 401, "a success forgets the failures");
  });

  it("change things by a session only with its token, and from no other site", async () => {
    const { name } = await newUser("admin");
    const { cookie, csrf } = await logIn(name, password, "192.0.2.4");
    const change = (headers: Record<string, string>) =>
      api.call("POST /tenants", { body: { name: unused("by session") }, headers: { cookie, ...headers } });
    assert.equal((await change({})).status, 403);
    assert.equal((await change({ "x-csrf-token": "x" })).status, 403);
    assert.equal((await change({ "x-csrf-token": csrf, origin: "https://elsewhere.example" })).status, 403);
    assert.equal((await change({ "x-csrf-token": csrf, "sec-fetch-site": "cross-site" })).status, 403);
    assert.equal(
      (await change({ "x-csrf-token": csrf, origin: "http://localhost:80", host: "localhost:80" })).status,
      403,
    );
    assert.equal((await change({ "x-csrf-token": csrf, origin: "http://localhost", host: "localhost" })).status, 201);
    const other = await logIn(name, password, "192.0.2.5");
    assert.equal((await change({ "x-csrf-token": other.csrf })).status, 403, "of another session");
    const foreign = { origin: "https://elsewhere.example" };
    const body = { name, password };
    assert.equal((await api.call("POST /session", { body, headers: foreign, address: "192.0.2.6" })).status, 403);
  });

  it("are logged out, and everywhere else when their password or role changes", async () => {
    const { name, id } = await newUser("admin");
    const [one, two] = [await logIn(name, password, "192.0.4.1"), await logIn(name, password, "192.0.4.2")];
    const status = async ({ cookie }: { cookie: string }) =>
      (await api.call("GET /session", { headers: { cookie } })).status;
    const act = ({ cookie, csrf }: typeof one) => ({ cookie, "x-csrf-token": csrf });
    const changed = await api.call("PUT /session/password", {
      headers: act(one),
      body: { current: password, password: "another password" },
    });
    assert.equal(changed.status, 204);
    assert.deepEqual([await status(one), await status(two)], [200, 401]);
    assert.equal((await api.call("DELETE /session", { headers: act(one) })).status, 204);
    assert.equal(await status(one), 401);
    const three = await logIn(name, "another password", "192.0.4.3");
    const token = await api.token("owner");
    assert.equal((await api.call(`PATCH /users/${id}`, { token, body: { role: "viewer" } })).status, 200);
    assert.equal(await status(three), 401);
    assert.equal((await api.call(`PATCH /users/${id}`, { token, body: { disabled: true } })).status, 200);
    assert.equal((await logIn(name, "another password", "192.0.4.4")).status, 401);
  });

  it("stay signed in to two clouds of one machine, whose cookies a browser sends to both", async () => {
    const other = await bench.another();
    await using second = await ApiBench.open(other);
    const user = { password, role: "viewer", tenant: null } as const;
    const names = [userName(), userName()] as const;
    await createUser(bench.store, passwords, { ...user, name: names[0] }, shell, alice);
    await createUser(other, passwords, { ...user, name: names[1] }, shell, alice);
    const jar = new Map<string, string>();
    const call = async (cloud: ApiBench, name: string, parts: { body?: object; headers?: Record<string, string> }) => {
      const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
      const answer = await cloud.call(name, { ...parts, headers: { cookie, ...parts.headers }, address: "192.0.7.1" });
      const [, at = "", value = ""] = /^([^=]+)=([^;]*)/.exec(String(answer.headers["set-cookie"] ?? "")) ?? [];
      if (at !== "") jar.set(at, value);
      return answer;
    };
    const enter = (cloud: ApiBench, name: string) => call(cloud, "POST /session", { body: { name, password } });
    const me = async (cloud: ApiBench) => (await call(cloud, "GET /session", {})).body.user;
    const { csrfToken } = (await enter(api, names[0])).body;
    await enter(second, names[1]);
    assert.deepEqual([await me(api), await me(second)], names);
    const left = await call(api, "DELETE /session", { headers: { "x-csrf-token": csrfToken } });
    assert.deepEqual([left.status, await me(api), await me(second)], [204, undefined, names[1]]);
    const { body } = await call(second, "GET /openapi.json", {});
    assert.ok(jar.has(body.components.securitySchemes.session.name), "the description has the cookie's name");
    await other.close();
  });

  it("keep as many sessions as there may be; the one not used for longest ends", async () => {
    const { name } = await newUser("viewer");
    const first = await logIn(name, password, "192.0.5.1");
    for (let n = 0; n < limits.sessionsPerUser; n++) await logIn(name, password, `192.0.6.${n}`);
    assert.equal((await api.call("GET /session", { headers: { cookie: first.cookie } })).status, 401);
  });

  it("make, change and remove nobody who may do more than they", async () => {
    const tenant = (await createTenant(bench.store, unused("tenant"), alice)).id;
    const other = (await createTenant(bench.store, unused("tenant"), alice)).id;
    const owner = await newUser("owner");
    const foreign = await newUser("viewer", other);
    const token = await api.token("admin", tenant);
    const make = (role: string, where: string | null) =>
      api.call("POST /users", { token, body: { name: userName(), password, role, tenant: where } });
    assert.equal((await make("admin", tenant)).status, 201);
    for (const [role, where] of [
      ["owner", tenant],
      ["viewer", null],
      ["viewer", other],
    ] as const) {
      assert.equal((await make(role, where)).status, 403, `${role} of ${where}`);
    }
    const made = (await make("viewer", tenant)).body;
    assert.equal((await api.call(`PATCH /users/${made.id}`, { token, body: { tenant: null } })).status, 403);
    assert.equal((await api.call(`PATCH /users/${made.id}`, { token, body: { role: "owner" } })).status, 403);
    for (const { id } of [owner, foreign]) {
      assert.equal(
        (await api.call(`PATCH /users/${id}`, { token, body: { password: "mine now, you see" } })).status,
        404,
      );
      assert.equal((await api.call(`DELETE /users/${id}`, { token })).status, 404);
      assert.equal((await api.call(`GET /users/${id}`, { token })).status, 404);
    }
    const admin = await api.token("admin");
    assert.equal(
      (await api.call(`PATCH /users/${owner.id}`, { token: admin, body: { password: "mine now, you see" } })).status,
      403,
    );
    const listed = await api.call("GET /users", { token });
    assert.ok(listed.body.items.every((user: { tenant: string }) => user.tenant === tenant));
    assert.ok(!JSON.stringify(listed.body).includes("scrypt"));
  });

  it("never leave the cloud without an owner", async () => {
    const store = await bench.another();
    const owner = await createFirstOwner(store, passwords, { name: "root", password }, alice);
    await using only = await ApiBench.open(store);
    const token = await only.token("owner");
    for (const body of [{ role: "admin" }, { disabled: true }]) {
      assert.equal((await only.call(`PATCH /users/${owner.id}`, { token, body })).status, 409);
    }
    assert.equal((await only.call(`DELETE /users/${owner.id}`, { token })).status, 409);
  });
});

describeStores("tokens", (bench) => {
  let api: ApiBench;
  before(async () => {
    api = await ApiBench.open(bench.store);
  });
  after(() => api?.[Symbol.asyncDispose]());

  it("are told once, and no more than their maker has; what was made with one goes with it", async () => {
    const tenant = (await createTenant(bench.store, unused("tenant"), alice)).id;
    const maker = await api.token("operator", tenant);
    const make = (body: object, token = maker) => api.call("POST /tokens", { token, body: { name: "t", ...body } });
    assert.equal((await make({ role: "admin", tenant })).status, 403);
    assert.equal((await make({ role: "viewer", tenant: null })).status, 403);
    const made = await make({ role: "viewer", tenant });
    assert.equal(made.status, 201);
    const { secret, id } = made.body;
    assert.equal((await api.call("GET /session", { token: secret })).body.role, "viewer");
    const listed = await api.call("GET /tokens?all=1", { token: await api.token("admin", tenant) });
    assert.ok(
      listed.body.items.some((token: { id: string; usedAt: string | null }) => token.id === id && token.usedAt),
    );
    assert.ok(!JSON.stringify(listed.body).includes(secret));
    const parent = (await api.call("GET /tokens?all=1&limit=500", { token: await api.token("owner") })).body.items.find(
      ({ role, tenant: of }: { role: string; tenant: string }) => role === "operator" && of === tenant,
    );
    assert.equal((await api.call(`DELETE /tokens/${parent.id}`, { token: await api.token("owner") })).status, 204);
    assert.equal((await api.call("GET /session", { token: secret })).status, 401);
  });

  it("end at their time, and one made with a token no later than that", async () => {
    const hour = 3_600_000;
    const soon = new Date(storeClock.wallTime() + hour).toISOString();
    const owner = await api.token("owner");
    const make = (token: string, expiresAt: string | null) =>
      api.call("POST /tokens", { token, body: { name: "t", role: "admin", tenant: null, expiresAt } });
    assert.equal((await make(owner, "2020-01-01T00:00:00Z")).status, 422);
    const short = (await make(owner, soon)).body.secret;
    assert.equal((await make(short, null)).status, 422);
    const { secret } = (await make(short, soon)).body;
    const status = async (token: string) => (await api.call("GET /session", { token })).status;
    assert.deepEqual([await status(short), await status(secret)], [200, 200]);
    storeClock.skip(hour);
    assert.deepEqual([await status(short), await status(secret), await status(owner)], [401, 401, 200]);
  });

  it("of a user do what the user may do by now, and go with the user", async () => {
    const name = userName();
    const user = await createUser(
      bench.store,
      passwords,
      { name, password, role: "admin", tenant: null },
      shell,
      alice,
    );
    const as = { ...shell, user: { id: user.id, name }, role: "admin" } as const;
    const { secret } = await createToken(
      bench.store,
      { name: "ci", role: "admin", tenant: null, expiresAt: null },
      as,
      alice,
    );
    const me = () => api.call("GET /session", { token: secret });
    assert.equal((await me()).body.actor, `token:${name}/ci`);
    const owner = await api.token("owner");
    const tenant = (await createTenant(bench.store, unused("tenant"), alice)).id;
    await api.call(`PATCH /users/${user.id}`, { token: owner, body: { role: "viewer", tenant } });
    const { body } = await me();
    assert.deepEqual([body.role, body.tenant], ["viewer", tenant]);
    await api.call(`DELETE /users/${user.id}`, { token: owner });
    assert.equal((await me()).status, 401);
  });

  it("for metrics open metrics only", async () => {
    const token = await api.token("scrape");
    const metrics = await api.call("GET /metrics", { token });
    assert.equal(metrics.status, 200);
    assert.match(metrics.body, /opensync_api_requests_total\{route="GET \/api\/v1\/session",status="200"\} \d+/);
    assert.equal((await api.call("GET /session", { token })).status, 403);
    assert.equal((await api.call("GET /metrics")).status, 401);
    const tenant = (await createTenant(bench.store, unused("tenant"), alice)).id;
    assert.equal((await api.call("GET /metrics", { token: await api.token("owner", tenant) })).status, 403);
    assert.deepEqual((await api.call("GET /healthz")).body, { status: "ok" });
  });

  it("of the cloud's own machine stands in a private file, and is made anew when that or its row is gone", async () => {
    const directory = mkdtempSync(join(tmpdir(), "opensync-control-"));
    const file = controlTokenFile(directory);
    const read = () => readFileSync(file, "utf8").trim();
    const status = async (token: string) => (await api.call("GET /session", { token })).status;
    await ensureControlToken(bench.store, directory);
    const first = read();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(await status(first), 200);
    await ensureControlToken(bench.store, directory);
    assert.equal(read(), first);
    writeFileSync(file, "ost_damaged");
    await ensureControlToken(bench.store, directory);
    assert.deepEqual([await status(first), await status(read())], [401, 200]);
    rmSync(directory, { recursive: true });
  });

  it("survive a backup with the users whose they are", async () => {
    const store = await bench.another();
    const lines: string[] = [];
    const user = await createUser(
      bench.store,
      passwords,
      { name: userName(), password, role: "owner", tenant: null },
      shell,
      alice,
    );
    const as = { ...shell, user: { id: user.id, name: user.name } };
    const { secret } = await createToken(
      bench.store,
      { name: "kept", role: "viewer", tenant: null, expiresAt: null },
      as,
      alice,
    );
    await backup(bench.store, async (line) => void lines.push(line));
    await restore(
      store,
      (async function* () {
        yield* lines;
      })(),
    );
    await using copy = await ApiBench.open(store);
    assert.equal((await copy.call("GET /session", { token: secret })).body.user, user.name);
  });
});
