import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { troubleSilenceMs } from "../limits.ts";
import { claimNodes } from "../store/claims.ts";
import type { StoredLocation } from "../store/locations.ts";
import { openStore } from "../store/store.ts";
import { applyVersion, saveDraft } from "../store/versions.ts";
import { ApiBench } from "../testing/api.ts";
import { aDocument, aLocation, alice } from "../testing/locations.ts";
import { describeEmbedded, storeParts } from "../testing/stores.ts";
import { allRoutes } from "./contract/contract.ts";
import { atLeast, partsOf, type Role, roles, scrape } from "./contract/roles.ts";
import { parametersIn } from "./contract/route.ts";
import { ApiProblem } from "./problems.ts";
import { readRequest } from "./read-request.ts";

type Route = (typeof allRoutes)[number];

const now = "2026-08-01T18:00:00Z";
const later = "2026-08-02T18:00:00Z";

/** Parameters that are fine, of things there are not, but for the location and the tenant. */
function pathOf({ method, path }: Route, location: StoredLocation, parts: Record<string, string> = {}): string {
  const values: Record<string, string> = {
    tenant: location.tenant,
    location: location.id,
    user: "nobody",
    token: "none",
    node: "gateway",
    serialNumber: "SN-0",
    mac: "02:00:00:00:00:01",
    version: "9999",
    ssid: "Nowhere",
    key: "key-9",
    settingKey: "a.key",
    radio: "5G",
    channel: "36",
    table: "Wifi_Radio_Config",
    row: "00000000-0000-4000-8000-000000000000",
    fault: "1",
    ...parts,
  };
  const filled = path.replaceAll(/:(\w+)/g, (_, name) => encodeURIComponent(values[name] ?? ""));
  const span = /series|talkers|journal|indicators/.test(path) ? `?from=${now}&to=${later}` : "";
  return `${method} ${filled}${span}`;
}

/** A body that a route takes; what it names need not be there. */
const bodies: Readonly<Record<string, unknown>> = {
  "POST /session": { name: "nobody", password: "wrong" },
  "PUT /session/password": { current: "wrong", password: "a better password" },
  "PATCH /users/:user": { disabled: true },
  "POST /tenants": { name: " " },
  "PATCH /tenants/:tenant": {},
  "POST /tenants/:tenant/locations": {},
  "PATCH /locations/:location": {},
};

/** Routes whose success would change what other cases need; they are called with a body that is refused. */
const destructive = new Set(["DELETE /tenants/:tenant", "DELETE /locations/:location"]);

describeEmbedded("the API's access", (bench) => {
  let api: ApiBench;
  let mine: StoredLocation;
  let yours: StoredLocation;
  const tokens = new Map<string, string>();
  before(async () => {
    api = await ApiBench.open(bench.store);
    mine = await aLocation(bench.store);
    yours = await aLocation(bench.store);
    for (const role of roles) {
      tokens.set(`${role} cloud`, await api.token(role));
      tokens.set(`${role} tenant`, await api.token(role, mine.tenant));
    }
    tokens.set("scrape cloud", await api.token(scrape));
  });
  after(() => api?.[Symbol.asyncDispose]());

  // Allowed is whatever is not refused for who asks: these calls are refused for what they ask, or do no harm.
  function isRefused(status: number): boolean {
    return status === 401 || status === 403;
  }

  for (const route of allRoutes) {
    const { name, needs } = route;
    if (needs === "nobody") continue;
    it(`lets ${name} be used by exactly those whose role it needs (${needs})`, async () => {
      const at = destructive.has(name) ? `${pathOf(route, mine)}?unknown=1` : pathOf(route, mine);
      const parts = route.body ? { body: bodies[name] ?? {} } : {};
      api.server.api.caller.forget();
      assert.equal((await api.call(at, parts)).status, 401, "without a token");
      assert.equal((await api.call(at, { ...parts, token: `ost_${"A".repeat(43)}` })).status, 401, "unknown token");
      if (route.raw === "text/event-stream") return;
      for (const [who, token] of tokens) {
        const [role, of] = who.split(" ") as [Role, "cloud" | "tenant"];
        const isAllowed: boolean =
          role !== (scrape as string) &&
          (needs === "anybody" ||
            (atLeast(role, partsOf(needs).role) && (of === "cloud" || partsOf(needs).on !== "cloud")));
        const { status, body } = await api.call(at, { ...parts, token, address: who });
        assert.equal(isRefused(status), !isAllowed, `${who}: ${status} ${JSON.stringify(body)}`);
        assert.notEqual(status, 500, who);
      }
    });
  }

  it("keeps tenants apart: what is another's is as if it were not there", async () => {
    const token = tokens.get("owner tenant");
    for (const route of allRoutes) {
      const [first] = parametersIn(route.path);
      if (first !== "location" && first !== "tenant") continue;
      if (route.needs === "nobody" || route.needs.endsWith("of cloud")) continue;
      const parts = { token, address: route.name, ...(route.body ? { body: bodies[route.name] ?? {} } : {}) };
      const foreign = await api.call(pathOf(route, yours), parts);
      const absent = await api.call(pathOf(route, yours, { tenant: "none", location: "none" }), parts);
      assert.deepEqual([foreign.status, absent.status], [404, 404], route.name);
      const said = foreign.body.error.message.replace(yours.id, "none").replace(yours.tenant, "none");
      assert.equal(said, absent.body.error.message, route.name);
    }
    const { body } = await api.call("GET /locations", { token });
    assert.deepEqual(
      body.items.map(({ id }: StoredLocation) => id),
      [mine.id],
    );
    assert.equal((await api.call(`GET /locations?tenant=${yours.tenant}`, { token })).status, 404);
    assert.equal((await api.call(`GET /events/stream?location=${yours.id}`, { token })).status, 404);
    const tenants = await api.call("GET /tenants", { token });
    assert.deepEqual(
      tenants.body.items.map(({ id }: StoredLocation) => id),
      [mine.tenant],
    );
  });

  it("does not tell one tenant of the other when a node is claimed", async () => {
    await claimNodes(bench.store, yours.id, { serialNumber: "SN-of-yours" }, alice);
    const body = { serialNumber: "SN-of-yours" };
    const token = tokens.get("operator tenant");
    const claim = await api.call(`POST /locations/${mine.id}/claims`, { token, body });
    assert.equal(claim.status, 409);
    assert.ok(!JSON.stringify(claim.body).includes(yours.name));
    const trail = await api.call(`GET /tenants/${mine.tenant}/audit`, { token });
    assert.match(JSON.stringify(trail.body), /"node.claim".*"refused"/);
    assert.ok(!JSON.stringify(trail.body).includes(yours.name));
  });

  it("gives secrets to admins who ask, and writes down that it did", async () => {
    await saveDraft(bench.store, mine.id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(bench.store, mine.id, 1, alice);
    const path = `GET /locations/${mine.id}/document`;
    for (const role of roles) {
      const token = tokens.get(`${role} tenant`);
      const without = await api.call(path, { token });
      assert.equal(without.body.document.networks[0].security.keys[0].psk, null);
      const asked = await api.call(`${path}?secrets=1`, { token });
      assert.equal(asked.status, atLeast(role, "admin") ? 200 : 403, role);
      assert.equal(JSON.stringify(asked.body).includes("the family's key"), atLeast(role, "admin"));
      const exported = await api.call(`GET /locations/${mine.id}/export?secrets=1`, { token });
      assert.equal(exported.status, atLeast(role, "admin") ? 200 : 403, role);
    }
    const trail = await api.call(`GET /locations/${mine.id}/audit`, { token: tokens.get("viewer tenant") });
    assert.match(JSON.stringify(trail.body), /version.reveal/);
    assert.ok(!api.logged.some(({ text }) => text.includes("family's key")));
  });
});

describeEmbedded("requests of every wrong shape", (bench) => {
  let api: ApiBench;
  let location: StoredLocation;
  let token: string;
  before(async () => {
    api = await ApiBench.open(bench.store);
    location = await aLocation(bench.store);
    await saveDraft(bench.store, location.id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(bench.store, location.id, 1, alice);
    token = await api.token("owner");
  });
  after(() => api?.[Symbol.asyncDispose]());

  const json = fc.jsonValue({ maxDepth: 4 });
  let address = 0;
  /** Each from another place, so that no limit is reached. */
  const elsewhere = () => `10.0.${(address >> 8) & 255}.${address++ & 255}`;

  function fieldsOf(body: { error: { fields?: { path: string; reason: string }[] } }, where: RegExp, value: unknown) {
    const { fields } = body.error;
    assert.ok(fields && fields.length > 0, JSON.stringify(body));
    for (const { path, reason } of fields) {
      assert.match(path, where);
      assert.match(reason, /^(is|are|has|needs|names|begins|was|shares|must|they)\b/, reason);
    }
    // The value is nowhere in the answer, unless it is a word that anybody would use.
    for (const secret of JSON.stringify(value).match(/secret-\w+/g) ?? [])
      assert.ok(!JSON.stringify(body).includes(secret));
  }

  for (const route of allRoutes.filter(({ body }) => body)) {
    it(`are refused by ${route.name} with field and reason`, async () => {
      const members = Object.keys((route.body as unknown as { shape?: object }).shape ?? {});
      const mangled = fc
        .tuple(fc.dictionary(fc.constantFrom("x", "name", ...members), json), fc.string())
        .map(([value, text]) => ({ ...value, psk: `secret-${text.replaceAll(/\W/g, "")}` }));
      await fc.assert(
        fc.asyncProperty(fc.oneof(json, mangled), async (body) => {
          api.server.api.caller.forget();
          const { status, body: answer } = await api.call(pathOf(route, location), {
            token,
            body,
            address: elsewhere(),
          });
          let isShaped = true;
          try {
            readRequest({ ...route, query: undefined } as unknown as Route, {
              params: paramsOf(route),
              query: {},
              body,
            });
          } catch (error) {
            isShaped = !(error instanceof ApiProblem);
          }
          if (isShaped) {
            assert.ok(status < 500 || status === 503, `${status} ${JSON.stringify(answer)}`);
            return;
          }
          assert.equal(status, 400, JSON.stringify(answer));
          fieldsOf(answer, /^(body|path)\b/, body);
        }),
        { numRuns: 12 },
      );
    });
  }
  const paramsOf = (route: Route) =>
    Object.fromEntries(
      parametersIn(route.path).map((name) => [
        name,
        { mac: "02:00:00:00:00:01", version: "9", channel: "36", key: "key", fault: "1" }[name] ?? "a.b",
      ]),
    );

  for (const route of allRoutes.filter(({ name }) => /:(?!location|tenant)/.test(name) || name.startsWith("GET"))) {
    it(`in path or query are refused by ${route.name}`, async () => {
      const text = fc.oneof(
        fc.string({ minLength: 1, maxLength: 300 }),
        fc.constantFrom("%00", "..", "-1", "1e9", "\u0000"),
      );
      await fc.assert(
        fc.asyncProperty(
          text,
          fc.dictionary(fc.constantFrom("limit", "from", "before", "x"), text),
          async (part, query) => {
            api.server.api.caller.forget();
            if (route.raw === "text/event-stream" && Object.keys(query).length === 0) return;
            const names = parametersIn(route.path).filter((name) => name !== "location" && name !== "tenant");
            const [at = ""] = pathOf(route, location, Object.fromEntries(names.map((name) => [name, part]))).split("?");
            const asked = new URLSearchParams(query as Record<string, string>).toString();
            const body = route.body ? { body: {} } : {};
            const { status, body: answer } = await api.call(`${at}?${asked}`, { token, address: elsewhere(), ...body });
            assert.ok(status < 500 || status === 503, `${at}?${asked}: ${status} ${JSON.stringify(answer)}`);
            if (status === 400 && answer.error.code === "invalid" && answer.error.fields)
              fieldsOf(answer, /^(body|path|query)/, "");
          },
        ),
        { numRuns: 8 },
      );
    });
  }

  it("are no JSON, nested without end, too large, or of another kind", async () => {
    const route = `PUT /locations/${location.id}/draft`;
    const deep = `{"document":${"[".repeat(60_000)}${"]".repeat(60_000)}}`;
    const cases: readonly [string, Record<string, string>, number, RegExp][] = [
      ["{", {}, 400, /body: is not JSON/],
      [deep, {}, 400, /body: is nested deeper than/],
      [`{"a":"\\ud800"}`, {}, 400, /half a character/],
      [`{"a":"\\u0000"}`, {}, 400, /U\+0000/],
      [`{"__proto__":{"x":1}}`, {}, 400, /__proto__/],
      [`"${"x".repeat(1_200_000)}"`, {}, 413, /larger/],
      ["a=b", { "content-type": "application/x-www-form-urlencoded" }, 415, /JSON/],
      ["", {}, 400, /body: is missing|body: is not/],
    ];
    for (const [body, headers, expected, message] of cases) {
      const { status, body: answer } = await api.call(route, { token, body, headers, address: elsewhere() });
      assert.equal(status, expected, `${body.slice(0, 20)}: ${JSON.stringify(answer)}`);
      assert.match(answer.error.message, message);
    }
    const { status } = await api.call(`DELETE /locations/${location.id}/claims/x`, { token, body: { a: 1 } });
    assert.equal(status, 400);
  });

  it("say where in a document something is wrong, never what was there", async () => {
    const document = aDocument({ lan: { address: "secret-a" } }, "secret7");
    const { status, body } = await api.call(`PUT /locations/${location.id}/draft`, {
      token,
      body: { document, basedOn: 1 },
    });
    assert.equal(status, 400);
    assert.deepEqual(
      [...new Set(body.error.fields.map(({ path }: { path: string }) => path))],
      ["body.document.networks[0].security.keys[0].psk", "body.document.lan.address"],
    );
    assert.ok(!/secret/.test(JSON.stringify(body) + JSON.stringify(api.logged)));
  });

  it("by a method that the path does not take say which it takes", async () => {
    const cases: readonly [string, string][] = [
      [`POST /locations/${location.id}`, "DELETE, GET, PATCH"],
      [`PUT /locations/${location.id}/claims?x=/1`, "GET, POST"],
      ["DELETE /api/v1/openapi.json", "GET"],
      ["POST /metrics", "GET"],
      ["OPTIONS /healthz", "GET"],
    ];
    for (const [name, allow] of cases) {
      const { status, headers, body } = await api.call(name, { token, address: elsewhere() });
      assert.deepEqual([status, headers.allow], [405, allow], name);
      assert.equal(body.error.code, "method");
    }
    for (const name of ["GET /nowhere", `GET /locations/${location.id}/`, "POST /locations//claims", "GET /api"]) {
      const { status, headers } = await api.call(name, { token, address: elsewhere() });
      assert.deepEqual([status, headers.allow], [404, undefined], name);
    }
  });

  it("without a time name it, and what is expected", async () => {
    const path = `GET /locations/${location.id}/series/nodes/gateway`;
    const { status, body } = await api.call(`${path}?to=2026-08-01T18:00:00Z`, { token, address: elsewhere() });
    assert.equal(status, 400);
    const reason = "is missing; give a point in time, such as 2026-08-01T18:00:00Z";
    assert.deepEqual(body.error.fields, [{ path: "query.from", reason }]);
    const wrong = await api.call(`${path}?from=now&to=2026-08-01T18:00:00Z`, { token, address: elsewhere() });
    assert.match(wrong.body.error.message, /^query\.from: is no point in time; write it as 2026-/);
  });

  it("cost one line of the log each, and no line for what goes well", async () => {
    // After those of the tests before, which were too many for a minute.
    await api.clock.advance(troubleSilenceMs);
    await api.call("GET /nodes/other", { token, address: "10.9.9.8" });
    const lines = api.logged.length;
    await api.call("GET /session", { token });
    assert.equal(api.logged.length, lines);
    await api.call("GET /nodes/none", { token, address: "10.9.9.9" });
    await api.call("GET /nodes/none", { token, address: "10.9.9.9" });
    const said = api.logged.slice(lines).map(({ text }) => text);
    assert.equal(said.length, 1, "the same again is not told at once");
    assert.match(
      said[0] ?? "",
      /^GET \/api\/v1\/nodes\/:serialNumber: 404 not-found: .* \(request [0-9a-f-]{36}, token:token \d+, 10\.9\.9\.9\)$/,
    );
  });
});

describe("a store that is gone", () => {
  it("is answered with when to try again, by every route that needs it", async () => {
    const directory = mkdtempSync(join(tmpdir(), "opensync-gone-"));
    const store = await openStore({ ...storeParts, directory });
    const api = await ApiBench.open(store);
    const token = await api.token("owner");
    await store.close();
    const { status, headers, body } = await api.call("GET /tenants", { token });
    assert.deepEqual([status, headers["retry-after"], body.error.code], [503, "5", "unavailable"]);
    assert.equal((await api.call("GET /healthz")).status, 503);
    await api[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });
});
