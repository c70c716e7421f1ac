import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeIn, signInSearch } from "./sign-in.ts";

describe("the sign-in page", () => {
  it("goes on to a path of the console, and nowhere else", () => {
    assert.deepEqual(signInSearch({ to: "/l/home/clients?at=x" }), { to: "/l/home/clients?at=x" });
    for (const to of ["//elsewhere", "/\\elsewhere", "https://elsewhere", "l", "", "/\t/elsewhere", 7, undefined])
      assert.deepEqual(signInSearch({ to }), {}, String(to));
  });

  it("knows that a session has just ended", () => {
    assert.deepEqual(signInSearch({ ended: true, to: "/" }), { to: "/", ended: true });
    assert.deepEqual(signInSearch({ ended: "yes" }), {});
  });

  it("finds the code of a link behind the address", () => {
    assert.equal(codeIn("#code=ab_C-9"), "ab_C-9");
    assert.equal(codeIn("code=ab_C-9"), "ab_C-9");
    for (const hash of ["", "#", "#code=", "#page", "#code=a b", `#code=${"a".repeat(300)}`])
      assert.equal(codeIn(hash), undefined, hash);
  });
});
