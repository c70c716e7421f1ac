import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mayOf } from "./may.ts";

const now = { isPast: false };

describe("what one may do", () => {
  it("is what the role is enough for", () => {
    for (const [mine, needed, allowed] of [
      ["owner", "admin", true],
      ["operator", "operator", true],
      ["viewer", "operator", false],
      ["scrape", "viewer", false],
    ] as const) {
      assert.equal(mayOf({ me: { role: mine, tenant: null }, role: needed, ...now }).allowed, allowed, mine);
    }
  });

  it("says which role is needed and which one has", () => {
    const { reason } = mayOf({ me: { role: "viewer", tenant: null }, role: "admin", ...now });
    assert.equal(reason, "This needs the role admin; yours is viewer.");
  });

  it("is nothing of the whole cloud for who belongs to a tenant", () => {
    const me = { role: "owner", tenant: "t1" } as const;
    assert.equal(mayOf({ me, role: "owner", ...now }).allowed, true);
    assert.match(mayOf({ me, role: "owner", onCloud: true, ...now }).reason ?? "", /whole cloud/);
  });

  it("is nothing in the past, and nothing while it is not known who one is", () => {
    const me = { role: "owner", tenant: null } as const;
    assert.match(mayOf({ me, role: "viewer", isPast: true }).reason ?? "", /Go back to now/);
    assert.equal(mayOf({ me: undefined, role: "viewer", ...now }).allowed, false);
  });
});
