import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addPolicy } from "./edits.ts";
import { actionOf, scopeOf, whomOf, whomOptions } from "./rule-choices.ts";

const doc = {
  name: "Home",
  nodes: [],
  radios: [],
  bridges: [],
  networks: [
    {
      ssid: "My home",
      security: { mode: "wpa2", keys: [{ id: "key", psk: null }] },
      enabled: true,
      hidden: false,
      isolate: false,
      bridge: "br-home",
    },
  ],
} as const;

describe("whom a rule speaks of", () => {
  const options = whomOptions(doc, new Map([["02:00:00:00:00:01", "phone"]]));

  it("is one of a list, and what is chosen of it is that again", () => {
    assert.equal(options.length, 6);
    for (const [whom] of options) assert.equal(whomOf(scopeOf(whom) ?? { kind: "everybody" }), whom);
  });

  it("is nobody until one is chosen: there is no rule before that", () => {
    assert.equal(scopeOf(""), undefined);
    const scope = scopeOf("network My home");
    assert.ok(scope);
    const [rule, ...others] = addPolicy(doc, { id: "rule-1", scope, action: actionOf("freeze") }).policies ?? [];
    assert.deepEqual(
      [rule?.scope, rule?.action, rule?.enabled, others],
      [{ kind: "network", ssid: "My home" }, { kind: "freeze" }, true, []],
    );
  });
});
