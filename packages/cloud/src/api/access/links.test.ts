import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { readAudit } from "../../store/audit.ts";
import { ApiBench, cheapPasswords, shell } from "../../testing/api.ts";
import { alice, unused } from "../../testing/locations.ts";
import { describeStores } from "../../testing/stores.ts";
import { signInAddress } from "../contract/sign-in-address.ts";
import * as limits from "../limits.ts";
import { SignInLinks } from "./links.ts";
import { noPassword, Passwords } from "./passwords.ts";
import { createUser } from "./users.ts";

const somebody = { id: "u1", name: "alice" };

describe("sign-in links", () => {
  it("are good once", () => {
    const links = new SignInLinks(new VirtualClock());
    const { code } = links.make(somebody);
    assert.match(code, /^[\w-]{22}$/);
    assert.deepEqual(links.take(code), { kind: "good", user: somebody });
    assert.deepEqual(links.take(code), { kind: "used" });
  });

  it("are over after their time, and say when that is", async () => {
    const clock = new VirtualClock();
    const links = new SignInLinks(clock);
    const [early, late] = [links.make(somebody), links.make(somebody)];
    assert.equal(early.expiresAt, clock.wallTime() + limits.linkLifeMs);
    await clock.advance(limits.linkLifeMs - 1);
    assert.equal(links.take(early.code).kind, "good");
    await clock.advance(1);
    assert.equal(links.take(late.code).kind, "over");
  });

  it("are remembered up to a bound; the oldest go first", () => {
    const links = new SignInLinks(new VirtualClock());
    const made = Array.from({ length: limits.links + 1 }, () => links.make(somebody).code);
    assert.equal(links.take(made[0] ?? "").kind, "unknown");
    assert.equal(links.take(made[1] ?? "").kind, "good");
    assert.equal(links.take(made.at(-1) ?? "").kind, "good");
    assert.equal(links.take("guessed").kind, "unknown");
  });

  it("have an address that a browser on the cloud's machine can open", () => {
    for (const [url, address] of [
      ["http://127.0.0.1:8080", "http://127.0.0.1:8080/sign-in#code=C"],
      ["http://0.0.0.0:8080", "http://127.0.0.1:8080/sign-in#code=C"],
      ["https://[::]:8080", "https://127.0.0.1:8080/sign-in#code=C"],
      ["https://cloud.example", "https://cloud.example/sign-in#code=C"],
    ] as const) {
      assert.equal(signInAddress(url, "C"), address);
    }
  });
});

describeStores("signing in by a link", (bench) => {
  let api: ApiBench;
  before(async () => {
    api = await ApiBench.open(bench.store);
  });
  after(() => api?.[Symbol.asyncDispose]());

  let address = 0;
  const signIn = (body: object) => api.call("POST /session", { body, address: `192.0.4.${address++ % 250}` });
  const newLink = async (token: string) => (await api.call("POST /session/links", { token })).body;

  it("makes a session of the machine's own user, who has no password", async () => {
    const { code, user, expiresAt } = await newLink(await api.token("owner"));
    assert.equal(Date.parse(expiresAt), api.clock.wallTime() + limits.linkLifeMs);
    const { status, body, headers } = await signIn({ code });
    assert.deepEqual([status, body.user, body.role, body.tenant], [201, user, "owner", null]);
    assert.match(String(headers["set-cookie"]), /HttpOnly.*SameSite=Strict/);
    const trail = await readAudit(bench.store, { actor: `user:${user}` });
    assert.deepEqual([trail[0]?.action, trail[0]?.details], ["session.open", ["by a link"]]);
    assert.ok(!JSON.stringify(await readAudit(bench.store, {})).includes(code), "the trail has no code");
    assert.ok(!api.logged.some(({ text }) => text.includes(code)));
    for (const password of [noPassword, "none", "owner"])
      assert.equal((await signIn({ name: user, password })).status, 401, "no password fits");
    assert.equal((await newLink(await api.token("owner"))).user, user, "there is one such user");
  });

  it("says whether a link has been used, is over, or was never one", async () => {
    const token = await api.token("owner");
    const { code } = await newLink(token);
    assert.equal((await signIn({ code })).status, 201);
    const message = async (of: string) => {
      const { status, body } = await signIn({ code: of });
      assert.equal(status, 401);
      return body.error.message;
    };
    assert.match(await message(code), /has been used/);
    assert.match(await message("guess"), /is not known/);
    const late = (await newLink(token)).code;
    await api.clock.advance(limits.linkLifeMs);
    assert.match(await message(late), /is over; it serves for 10 minutes/);
  });

  it("is of the user who made the link, and ends where that user may not log in any more", async () => {
    const password = "correct horse battery";
    const user = { name: unused("user").replace(" ", "-"), password, role: "owner", tenant: null } as const;
    const { id, name } = await createUser(bench.store, new Passwords(cheapPasswords), user, shell, alice);
    const session = await signIn({ name, password });
    const [cookie = ""] = String(session.headers["set-cookie"]).split(";");
    const headers = { cookie, "x-csrf-token": session.body.csrfToken };
    const make = async () => (await api.call("POST /session/links", { headers })).body;
    const [first, second] = [await make(), await make()];
    assert.equal(first.user, name);
    assert.equal((await signIn({ code: first.code })).body.user, name);
    await api.call(`PATCH /users/${id}`, { token: await api.token("owner"), body: { disabled: true } });
    const { status, body } = await signIn({ code: second.code });
    assert.deepEqual([status, body.error.message], [401, "the user of this link may not log in any more"]);
  });

  it("is refused to other sites, to who asks too often, and beside a password", async () => {
    const { code } = await newLink(await api.token("owner"));
    const foreign = { origin: "https://elsewhere.example", host: "cloud.example" };
    assert.equal((await api.call("POST /session", { body: { code }, headers: foreign })).status, 403);
    const both = await signIn({ code, name: "alice", password: "x" });
    assert.deepEqual([both.status, both.body.error.fields[0].path], [400, "body.code"]);
    const neither = await signIn({});
    assert.deepEqual(
      neither.body.error.fields.map(({ path }: { path: string }) => path),
      ["body.name", "body.password"],
    );
    let last = 401;
    for (let n = 0; n <= limits.attemptsPerAddress.burst; n++)
      last = (await api.call("POST /session", { body: { code: "guess" }, address: "192.0.5.1" })).status;
    assert.equal(last, 429);
  });

  it("is not for a machine's user who has been disabled, and says so to who asks for a link", async () => {
    const token = await api.token("owner");
    const { user } = await newLink(token);
    const { items } = (await api.call("GET /users?limit=500", { token })).body;
    const { id } = items.find(({ name }: { name: string }) => name === user);
    const disable = () => api.call(`PATCH /users/${id}`, { token, body: { disabled: true } });
    assert.equal((await disable()).status, 409, "the cloud's only owner");
    const other = { name: unused("user").replace(" ", "-"), password: "correct horse battery", role: "owner" };
    await api.call("POST /users", { token, body: { ...other, tenant: null } });
    assert.equal((await disable()).status, 200);
    const { status, body } = await api.call("POST /session/links", { token });
    assert.equal(status, 409);
    assert.match(body.error.message, /is disabled; enable it, or remove it/);
    await api.call(`DELETE /users/${id}`, { token });
    assert.equal((await newLink(token)).user, user, "another one of that name");
  });
});
