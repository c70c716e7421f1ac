import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asIs, inWords } from "./words.ts";

const failure = (...fields: readonly { readonly path: string; readonly reason: string }[]) => ({
  ...{ status: 400, code: "invalid", message: "as a whole", request: null, retryAfterMs: null },
  fields,
});

describe("what the cloud finds wrong in a request", () => {
  const cases: [string, string][] = [
    ["path.ssid", "network: is wrong"],
    ["query.why", "--why: is wrong"],
    ["body.expires", "--expires: is wrong"],
    ["body.password", "password: is wrong"],
    ["body.document.networks[0].ssid", "document.networks[0].ssid: is wrong"],
    ["body", "is wrong"],
    ["bodyguard", "bodyguard: is wrong"],
  ];
  for (const [path, words] of cases) {
    it(`is said of ${path} in words of these commands`, () =>
      assert.equal(inWords(failure({ path, reason: "is wrong" })), words));
  }

  it("is a line for each field, else what it says of the whole", () => {
    const two = failure({ path: "body.name", reason: "is empty" }, { path: "query.limit", reason: "is 0" });
    assert.equal(inWords(two), "name: is empty\n--limit: is 0");
    assert.equal(asIs(two), "body.name: is empty\nquery.limit: is 0");
    assert.deepEqual([inWords(failure()), asIs(failure())], ["as a whole", "as a whole"]);
  });
});
