import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeFailure } from "./reach.ts";

describe("a connection that fails", () => {
  for (const [code, kind] of [
    ["ECONNREFUSED", "refused"],
    ["ETIMEDOUT", "silent"],
    ["EHOSTUNREACH", "unreachable"],
    ["ENETUNREACH", "unreachable"],
    ["EADDRNOTAVAIL", "unreachable"],
    ["ECONNRESET", "reset"],
    ["EACCES", "forbidden"],
    ["EINVAL", "failed"],
  ]) {
    it(`is ${kind} for ${code}`, () => {
      assert.equal(describeFailure(Object.assign(new Error("it failed"), { code })).kind, kind);
    });
  }
});
