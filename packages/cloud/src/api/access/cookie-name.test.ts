import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cookieName } from "./cookie-name.ts";

describe("the name of the cookie of a session", () => {
  const cloud = { store: "0123456789abcdef", directory: "/var/lib/cloud", secure: false };

  it("is the same whenever this cloud starts, and over TLS one that only this host can set", () => {
    assert.match(cookieName(cloud), /^opensync-[0-9a-f]{8}$/);
    assert.equal(cookieName({ ...cloud, directory: "/var/lib/other/../cloud/" }), cookieName(cloud));
    assert.equal(cookieName({ ...cloud, secure: true }), `__Host-${cookieName(cloud)}`);
  });

  it("is another for a cloud in another directory, and for another cloud in a directory of that name", () => {
    const others = [
      { ...cloud, directory: "/var/lib/copy" },
      { ...cloud, store: "fedcba9876543210" },
    ];
    assert.equal(new Set([cloud, ...others].map(cookieName)).size, 3);
  });
});
