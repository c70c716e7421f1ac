import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UserError } from "@opensync-ts/base/errors";
import { storeName } from "./store-name.ts";

describe("the name of a store on PostgreSQL", () => {
  const cases: readonly (readonly [url: string, name: string])[] = [
    ["postgres://cloud:secret@db.example:5433/opensync", "postgres://cloud@db.example:5433/opensync"],
    ["postgresql://cloud:se%2Fcret@db.example/opensync?sslmode=require", "postgres://cloud@db.example/opensync"],
    ["postgres://db.example/opensync?password=secret&user=cloud", "postgres://db.example/opensync"],
    ["postgres://cloud:secret@[2001:db8::1]/opensync", "postgres://cloud@[2001:db8::1]/opensync"],
    ["postgres://cloud:secret@/opensync?host=/run/postgresql", "postgres://cloud@/run/postgresql/opensync"],
    ["postgres://cloud:a@secret@db.example/opensync", "postgres://cloud@db.example/opensync"],
  ];
  for (const [url, name] of cases) it(`is ${name}, without password`, () => assert.equal(storeName(url), name));

  for (const url of [
    "mysql://u:secret@h/d",
    "postgres://u:se/cret@h/d",
    "postgres://u:1/secret@h/d",
    "postgres://u:se#cret@h/d",
    "postgres://u:1#secret@h/d",
    "secret",
  ]) {
    it(`is none for ${url.replace("secret", "…")}, and what it holds is not shown`, () =>
      assert.throws(
        () => storeName(url),
        (error) =>
          error instanceof UserError && /write it as postgres:/.test(error.message) && !/cret/.test(error.message),
      ));
  }
});
