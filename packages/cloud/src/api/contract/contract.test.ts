import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { handlers } from "../handlers/handlers.ts";
import { openApi } from "../openapi.ts";
import { allRoutes } from "./contract.ts";
import { pathParameters } from "./fields.ts";
import { partsOf } from "./roles.ts";
import { parametersIn } from "./route.ts";

describe("the contract", () => {
  it("has a handler for each route, and knows each parameter of each path", () => {
    assert.deepEqual(
      allRoutes.map(({ name }) => name).filter((name) => !(name in handlers)),
      [],
    );
    const unknown = allRoutes.flatMap(({ path }) => parametersIn(path)).filter((name) => !(name in pathParameters));
    assert.deepEqual(unknown, []);
  });

  it("names in each path whose role it asks for", () => {
    for (const { name, path, needs } of allRoutes) {
      if (needs === "nobody" || needs === "anybody") continue;
      const { on } = partsOf(needs);
      if (on === "tenant" || on === "location") assert.equal(parametersIn(path)[0], on, name);
    }
  });

  it("leaves only the log-in open", () => {
    assert.deepEqual(
      allRoutes.filter(({ needs }) => needs === "nobody").map(({ name }) => name),
      ["POST /session"],
    );
  });

  it("asks for a role wherever secrets can be asked for, and for more than to see the rest", () => {
    for (const { name, query, secrets } of allRoutes) {
      assert.equal(query !== undefined && "secrets" in query.shape, secrets !== undefined, name);
      assert.ok(secrets === undefined || secrets === "admin", name);
    }
  });

  it("is described by valid OpenAPI 3.1, with a name of its own for each operation", async () => {
    const description = structuredClone(openApi("opensync-0badcafe"));
    const { valid, errors } = await new Validator().validate(description);
    assert.ok(valid, JSON.stringify(errors ?? null).slice(0, 2000));
    const operations = Object.values(description.paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((path) => Object.values(path))
      .map(({ operationId }) => operationId);
    assert.equal(operations.length, allRoutes.length);
    assert.equal(new Set(operations).size, operations.length);
  });

  it("has a description whose references lead somewhere, and whose document takes null for a secret", () => {
    const text = JSON.stringify(openApi("opensync-0badcafe"));
    const { schemas, responses } = openApi("opensync-0badcafe").components as Record<string, Record<string, unknown>>;
    for (const [, kind = "", name = ""] of text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)) {
      assert.ok({ schemas, responses }[kind]?.[name], `${kind} ${name}`);
    }
    assert.ok(!/#\/\$defs|"\$schema"/.test(text));
    const document = JSON.stringify(schemas?.Document);
    assert.ok(/"psk":\{"anyOf":\[\{"type":"string","pattern":"[^"]+"\},\{"type":"null"\}\]\}/.test(document));
  });
});
