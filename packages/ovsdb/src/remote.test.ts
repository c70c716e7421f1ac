import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatRemote, parseRemote } from "./remote.ts";

describe("a remote", () => {
  for (const [text, remote] of [
    ["unix:/run/db.sock", { kind: "unix", path: "/run/db.sock" }],
    ["punix:db:with:colons", { kind: "punix", path: "db:with:colons" }],
    ["tcp:127.0.0.1:6640", { kind: "tcp", host: "127.0.0.1", port: 6640 }],
    ["ssl:wildfire.example.com:443", { kind: "ssl", host: "wildfire.example.com", port: 443 }],
    ["ssl:[::1]:443", { kind: "ssl", host: "::1", port: 443 }],
    ["ptcp:0", { kind: "ptcp", port: 0, host: undefined }],
    ["ptcp:6640:127.0.0.1", { kind: "ptcp", port: 6640, host: "127.0.0.1" }],
    ["pssl:6640:[::]", { kind: "pssl", port: 6640, host: "::" }],
    [
      "db:Open_vSwitch,Open_vSwitch,manager_options",
      { kind: "db", database: "Open_vSwitch", table: "Open_vSwitch", column: "manager_options" },
    ],
  ] as const) {
    it(`reads ${text} and writes it the same way`, () => {
      assert.deepEqual(parseRemote(text), remote);
      assert.equal(formatRemote(parseRemote(text)), text);
    });
  }

  it("may have an IPv4 address in brackets, as controllers write it", () => {
    assert.deepEqual(parseRemote("ssl:[1.2.3.4]:443"), { kind: "ssl", host: "1.2.3.4", port: 443 });
    assert.deepEqual(parseRemote("ptcp:1:[1.2.3.4]"), { kind: "ptcp", port: 1, host: "1.2.3.4" });
  });

  it("uses OVSDB's own port when none is given", () => {
    assert.deepEqual(parseRemote("tcp:host"), { kind: "tcp", host: "host", port: 6640 });
    assert.deepEqual(parseRemote("ptcp:"), { kind: "ptcp", port: 6640, host: undefined });
  });

  for (const [text, problem] of [
    ["", /must be one of unix:PATH/],
    ["/run/db.sock", /must be one of/],
    ["http:x", /must be one of/],
    ["unix:", /path of the socket is missing/],
    [`unix:/${"x".repeat(200)}`, /longer than the 107 bytes/],
    ["tcp::6640", /host is missing/],
    ["tcp:host:0", /'0' is not a port/],
    ["tcp:host:70000", /'70000' is not a port/],
    ["tcp:host:https", /'https' is not a port/],
    ["tcp:::1:6640", /IPv6 address in brackets/],
    ["ssl:[::1:443", /brackets do not match/],
    ["db:a,b", /write db:DB,TABLE,COLUMN/],
  ] as const) {
    it(`is refused, with its name and the fix: '${text.slice(0, 20)}'`, () => {
      assert.throws(() => parseRemote(text), problem);
      assert.throws(() => parseRemote(text), { name: "UserError", message: /^remote '/ });
    });
  }
});
