import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkedTlsFiles } from "./tls-paths.ts";

describe("the paths of a node's certificate", () => {
  it("are those of its own files where nothing else is said", () => {
    assert.deepEqual(checkedTlsFiles({ ca: "/etc/ssl/ca.pem" }, "/node/certs"), {
      privateKey: "/node/certs/client_dec.key",
      certificate: "/node/certs/client.pem",
      caCert: "/etc/ssl/ca.pem",
    });
  });

  it("are no contents of files, and the refusal does not repeat a key", () => {
    const keys = ["-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n", "c2VjcmV0\nc2VjcmV0", "c2VjcmV0".repeat(500)];
    for (const privateKey of keys) {
      assert.throws(
        () => checkedTlsFiles({ privateKey }, "/node/certs"),
        ({ message }: Error) => message.startsWith("tls.privateKey: must be the path") && !message.includes("c2Vj"),
      );
    }
  });
});
