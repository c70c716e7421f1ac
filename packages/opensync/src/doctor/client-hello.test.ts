import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import fc from "fast-check";
import { clientHello, readAnswer, tlsVersions } from "./client-hello.ts";
import { doctorLimits } from "./limits.ts";

/** A ServerHello record of one version, with these extensions. */
function serverHello(version: number, extensions = Buffer.alloc(0)): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(extensions.length);
  const body = Buffer.concat([
    Buffer.of(version >> 8, version & 0xff),
    Buffer.alloc(32, 7),
    Buffer.of(0, 0xc0, 0x2b, 0),
    ...(extensions.length > 0 ? [length, extensions] : []),
  ]);
  const message = Buffer.concat([Buffer.of(2, 0, body.length >> 8, body.length & 0xff), body]);
  return Buffer.concat([Buffer.of(22, 3, 3, message.length >> 8, message.length & 0xff), message]);
}

describe("a server's answer to a ClientHello", () => {
  it("tells the version, that of supported_versions before its own", () => {
    assert.deepEqual(readAnswer(serverHello(0x0302)), { kind: "taken", version: "TLSv1.1" });
    const chosen = Buffer.of(0, 51, 0, 2, 9, 9, 0, 43, 0, 2, 3, 4);
    assert.deepEqual(readAnswer(serverHello(0x0303, chosen)), { kind: "taken", version: "TLSv1.3" });
  });

  it("tells the alert", () => {
    assert.deepEqual(readAnswer(Buffer.of(21, 3, 1, 0, 2, 2, 70)), { kind: "refused", alert: 70 });
  });

  it("is waited for until it is whole", () => {
    const whole = serverHello(0x0303);
    for (let length = 0; length < whole.length; length++)
      assert.equal(readAnswer(whole.subarray(0, length)), undefined);
  });

  it("is no TLS where it begins otherwise, or does not end", () => {
    assert.deepEqual(readAnswer(Buffer.from('{"id":1}\x1b[31m')), { kind: "plain", head: '{"id":1}.[31m' });
    assert.equal(
      readAnswer(Buffer.concat([Buffer.of(22, 3, 1, 255, 255), Buffer.alloc(doctorLimits.helloBytes)]))?.kind,
      "plain",
    );
  });

  it("may be any bytes", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.of(22, 3, 3, 0, rest.length, ...rest)),
      fc.uint8Array({ maxLength: 100 }).map((rest) => Uint8Array.from(serverHello(0x0303, Buffer.from(rest)))),
    );
    fc.assert(fc.property(bytes, (piece) => void readAnswer(Buffer.from(piece))));
  });
});

describe("a ClientHello", () => {
  it("is one record whose lengths are right, for each version", () => {
    for (const version of tlsVersions) {
      const hello = clientHello(version, new SeededRandom(1));
      assert.equal(hello.readUInt16BE(3), hello.length - 5);
      assert.equal(hello.readUIntBE(6, 3), hello.length - 9);
    }
  });
});
