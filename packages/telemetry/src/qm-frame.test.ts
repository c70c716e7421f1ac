import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type QmRequest,
  QmRequestReader,
  type QmResponse,
  type ReadRequest,
  responseBytes,
} from "./qm-frame.ts";

const request: QmRequest = {
  sequence: 0x01020304,
  command: "SEND",
  noResponse: false,
  sendDirect: true,
  acknowledge: true,
  sender: "owm",
  qos: 1,
  compression: "force",
  dataType: "STATS",
  topic: "ab",
  data: Uint8Array.of(0x0a, 0x00),
};

/** By hand, from the table of offsets. */
const requestHex = [
  "51524551", // 0 tag QREQ
  "02000000", // 4 version 2
  "04030201", // 8 sequence
  "02000000", // 12 command SEND
  "06000000", // 16 flags: 2 send direct, 4 acknowledge
  `6f776d${"00".repeat(13)}`, // 20 sender
  "01", // 36 a qos is set
  "01", // 37 qos
  "02", // 38 compression forced
  "02", // 39 data type STATS
  "00000000", // 40 interval, not in use
  "03000000", // 44 bytes of the topic with its NUL
  "02000000", // 48 bytes of data
  "00000000", // 52 reserved
  "616200", // 56 topic
  "0a00", // data
].join("");

const response: QmResponse = {
  sequence: 7,
  response: "ERROR",
  error: "QUEUE",
  flags: 0,
  connection: "CONNECTED",
  queueLength: 1,
  queueBytes: 2,
  queueDropped: 3,
  logBytes: 4,
  logDropped: 5,
  sentMessages: 6,
  sentBytes: 2 ** 33,
  errors: 8,
  runtimeSeconds: 9,
};

const responseHex = [
  "52455350", // 0 tag RESP
  "01000000", // 4 version 1
  "07000000", // 8 sequence
  "00000000", // 12 response ERROR
  "67000000", // 16 error 103
  "00000000", // 20 flags
  "ca000000", // 24 connection 202
  "01000000", // 28 queue: messages
  "02000000", // 32 bytes
  "03000000", // 36 dropped
  "04000000", // 40 log: bytes
  "05000000", // 44 dropped
  "06000000", // 48 sent messages
  "00000000", // 52 padding
  "0000000002000000", // 56 sent bytes
  "08000000", // 64 errors
  "09000000", // 68 run time
].join("");

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function readAll(reader: QmRequestReader, bytes: Uint8Array, chunk = bytes.length): ReadRequest[] {
  const read: ReadRequest[] = [];
  for (let at = 0; at < bytes.length; at += Math.max(1, chunk))
    read.push(...reader.push(bytes.subarray(at, at + chunk)));
  return read;
}

function patched(frame: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = Buffer.from(frame);
  copy.writeUInt32LE(value, offset);
  return copy;
}

describe("requests to QM", () => {
  it("have a header of 56 bytes, the topic with its NUL, and the data", () => {
    assert.equal(hex(encodeRequest(request)), requestHex);
  });

  it("have the numbers that deployed QMs know", () => {
    const field = (change: Partial<QmRequest>, at: number) => encodeRequest({ ...request, ...change })[at];
    for (const [name, number] of Object.entries({ STATUS: 1, SEND: 2 })) {
      assert.equal(field({ command: name as QmRequest["command"] }, 12), number);
    }
    for (const [name, number] of Object.entries({ configured: 0, disable: 1, force: 2 })) {
      assert.equal(field({ compression: name as QmRequest["compression"] }, 38), number);
    }
    for (const [name, number] of Object.entries({ RAW: 0, TEXT: 1, STATS: 2, LOG: 3 })) {
      assert.equal(field({ dataType: name as QmRequest["dataType"] }, 39), number);
    }
    const flags = (noResponse: boolean, sendDirect: boolean, acknowledge: boolean) =>
      field({ noResponse, sendDirect, acknowledge }, 16);
    assert.deepEqual([flags(true, false, false), flags(false, true, false), flags(false, false, true)], [1, 2, 4]);
  });

  it("come back as they were sent, in whatever pieces", () => {
    const arbitrary: fc.Arbitrary<QmRequest> = fc
      .tuple(
        fc.record({
          sequence: fc.nat(0xffff_ffff),
          command: fc.constantFrom("STATUS", "SEND"),
          noResponse: fc.boolean(),
          sendDirect: fc.boolean(),
          acknowledge: fc.boolean(),
          sender: fc.string({ maxLength: 16 }),
          compression: fc.constantFrom("configured", "disable", "force"),
          dataType: fc.constantFrom("RAW", "TEXT", "STATS", "LOG"),
          topic: fc.string({ maxLength: 128 }),
          data: fc.uint8Array({ maxLength: 300 }),
        }),
        fc.option(fc.nat(2)),
      )
      .map(([rest, qos]) => ({ ...rest, ...(qos !== null && { qos }) }));
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 4 }), fc.integer({ min: 1, max: 200 }), (requests, chunk) => {
        const reader = new QmRequestReader();
        const bytes = Buffer.concat(requests.map(encodeRequest));
        const read = readAll(reader, bytes, chunk).map((one) => {
          assert.equal(one.kind, "request");
          return one.kind === "request" ? { ...one.request, data: Uint8Array.from(one.request.data) } : undefined;
        });
        assert.deepEqual(read, requests);
        assert.deepEqual([reader.end(), reader.refused], [false, 0]);
      }),
    );
  });

  it("are not written with a topic, a sender or data beyond the bounds", () => {
    assert.throws(() => encodeRequest({ ...request, topic: "x".repeat(129) }), /topic of 129 bytes/);
    assert.throws(() => encodeRequest({ ...request, sender: "x".repeat(17) }), /sender of 17 bytes/);
    assert.throws(
      () => encodeRequest({ ...request, data: new Uint8Array(2 * 1024 * 1024 + 1) }),
      /data of 2097153 bytes/,
    );
  });

  const next = encodeRequest({ ...request, sequence: 5 });
  const wrong: readonly (readonly [string, number, number, "INVALID" | "QUEUE", RegExp])[] = [
    ["an unknown command", 12, 9, "INVALID", /unknown command 9/],
    ["a topic that is too long", 44, 130, "INVALID", /topic of 130 bytes, at most 128/],
    ["more data than the queue may hold", 48, 2 * 1024 * 1024 + 1, "QUEUE", /2097153 bytes, at most 2097152/],
    ["a qos that MQTT does not have", 36, 0x02000301, "INVALID", /qos 3, use 0, 1 or 2/],
    ["an unknown data type", 36, 0x09000000, "INVALID", /unknown data type 9/],
    ["an unknown compression", 36, 0x00070000, "INVALID", /unknown compression 7/],
  ];
  for (const [what, offset, value, error, reason] of wrong) {
    it(`with ${what} are refused and counted, and the next one is read`, () => {
      const reader = new QmRequestReader();
      const frame = patched(encodeRequest(request), offset, value);
      const body = Buffer.from(frame).readUInt32LE(44) + Buffer.from(frame).readUInt32LE(48);
      const [refused, after] = readAll(reader, Buffer.concat([frame.subarray(0, 56), Buffer.alloc(body), next]), 4096);
      assert.ok(refused?.kind === "refused");
      assert.deepEqual([refused.error, refused.sequence, reader.refused], [error, request.sequence, 1]);
      assert.match(refused.reason, reason);
      assert.ok(after?.kind === "request" && after.request.sequence === 5);
    });
  }

  it("that do not begin like one end the reading: where the next one begins, nobody knows", () => {
    for (const garbage of [Buffer.alloc(100, "x"), patched(next, 4, 3)]) {
      const reader = new QmRequestReader();
      assert.deepEqual(readAll(reader, Buffer.concat([garbage, next])), []);
      assert.match(reader.failure ?? "", /does not begin with QREQ|version 3 instead of 2/);
      assert.deepEqual([reader.end(), reader.refused], [false, 1]);
    }
  });

  it("that end in the middle are counted, once", () => {
    for (const size of [1, 55, 56, 57, next.length - 1]) {
      const reader = new QmRequestReader();
      assert.deepEqual(readAll(reader, next.subarray(0, size)), []);
      assert.deepEqual([reader.end(), reader.refused], [true, 1], `${size} bytes`);
    }
    const reader = new QmRequestReader();
    assert.equal(readAll(reader, patched(next, 48, 0xffff_ffff)).length, 1);
    assert.deepEqual([reader.end(), reader.refused], [true, 1]);
  });

  it("keep their data when the next ones come", () => {
    const reader = new QmRequestReader();
    const [first] = readAll(reader, encodeRequest({ ...request, data: Uint8Array.of(1, 2, 3) }));
    readAll(reader, encodeRequest({ ...request, data: Uint8Array.of(7, 8, 9) }));
    assert.ok(first?.kind === "request");
    assert.deepEqual([...first.request.data], [1, 2, 3]);
  });

  it("survive any bytes", () => {
    const damaged = fc.tuple(fc.nat(55), fc.nat(255)).map(([at, value]) => {
      const frame = Buffer.from(next);
      frame[at] = value;
      return frame;
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 80 }), damaged), { maxLength: 6 }), (chunks) => {
        const reader = new QmRequestReader();
        for (const chunk of chunks) for (const _ of reader.push(chunk));
        reader.end();
      }),
    );
  });
});

describe("responses of QM", () => {
  it("have 72 bytes, four of them padding", () => {
    assert.equal(hex(encodeResponse(response)), responseHex);
    assert.equal(responseHex.length, 2 * responseBytes);
    assert.deepEqual(decodeResponse(encodeResponse(response)), response);
  });

  it("have the numbers that deployed clients know", () => {
    const numbers = (change: Partial<QmResponse>) => {
      const bytes = Buffer.from(encodeResponse({ ...response, ...change }));
      return [bytes.readUInt32LE(12), bytes.readUInt32LE(16), bytes.readUInt32LE(24)];
    };
    for (const [name, number] of Object.entries({ ERROR: 0, STATUS: 1, RECEIVED: 2, IGNORED: 3 })) {
      assert.deepEqual(numbers({ response: name as QmResponse["response"] }), [number, 103, 202]);
    }
    const errors = { NONE: 0, GENERAL: 100, CONNECT: 101, INVALID: 102, QUEUE: 103, SEND: 104 };
    for (const [name, number] of Object.entries(errors)) {
      assert.deepEqual(numbers({ error: name as QmResponse["error"] }), [0, number, 202]);
    }
    for (const [name, number] of Object.entries({ NO_CONF: 200, DISCONNECTED: 201, CONNECTED: 202 })) {
      assert.deepEqual(numbers({ connection: name as QmResponse["connection"] }), [0, 103, number]);
    }
  });

  it("that are none are named", () => {
    const bytes = encodeResponse(response);
    assert.deepEqual(decodeResponse(bytes.subarray(1)), { problem: "71 bytes instead of 72" });
    assert.deepEqual(decodeResponse(patched(bytes, 0, 0)), { problem: "does not begin with RESP" });
    assert.deepEqual(decodeResponse(patched(bytes, 4, 2)), { problem: "version 2 instead of 1" });
    assert.deepEqual(decodeResponse(patched(bytes, 12, 44)), {
      problem: "unknown response 44, error 103 or connection 202",
    });
  });
});
