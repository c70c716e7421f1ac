import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { managerTarget, parseCloudAddress, targetFamily } from "./address.ts";

describe("the cloud's address", () => {
  it("is PROTO:HOST:PORT", () => {
    assert.deepEqual(parseCloudAddress("ssl:opensync.example.com:443"), {
      protocol: "ssl",
      host: "opensync.example.com",
      port: 443,
    });
    assert.deepEqual(parseCloudAddress("tcp:[2001:db8::1]:6640")?.host, "2001:db8::1");
  });

  it("is nothing else", () => {
    for (const text of [
      "",
      "ssl:host",
      "ssl:host:0",
      "ssl:host:65536",
      "http:host:80",
      "ssl:2001:db8::1:443",
      "ssl: :1",
    ]) {
      assert.equal(parseCloudAddress(text), undefined, text);
    }
  });

  it("stands in brackets in Manager.target, whatever its family", () => {
    assert.equal(managerTarget({ protocol: "ssl", host: "h", port: 443 }, "192.0.2.1"), "ssl:[192.0.2.1]:443");
    assert.equal(managerTarget({ protocol: "tcp", host: "h", port: 1 }, "2001:db8::1"), "tcp:[2001:db8::1]:1");
  });

  it("tells its family", () => {
    assert.equal(targetFamily("ssl:[192.0.2.1]:443"), "ipv4");
    assert.equal(targetFamily("tcp:[2001:db8::1]:1"), "ipv6");
  });
});
