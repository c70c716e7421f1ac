/**
 * Which TLS versions a server takes: one ClientHello for each (RFC 5246 §7.4.1.2, RFC 8446 §4.1.2), and a look at the first bytes
 * of the answer. No handshake is completed, so the server never learns who asked.
 */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Random } from "@opensync-ts/base/random";
import { doctorLimits } from "./limits.ts";
import { open } from "./reach.ts";

export const tlsVersions = ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export type HelloAnswer =
  | { readonly kind: "taken"; readonly version: TlsVersion }
  /** `alert`: its number (RFC 8446 §6). */
  | { readonly kind: "refused"; readonly alert: number }
  /** It does not speak TLS; `head` is how it began. */
  | { readonly kind: "plain"; readonly head: string }
  | { readonly kind: "closed" }
  | { readonly kind: "silent" }
  | { readonly kind: "failed"; readonly reason: string };

export interface HelloOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
}

/** Asks once, without a server name: nodes dial addresses. */
export async function askHello(
  address: string,
  port: number,
  version: TlsVersion,
  { clock, random, timeoutMs }: HelloOptions,
): Promise<HelloAnswer> {
  let socket: Awaited<ReturnType<typeof open>> | undefined;
  try {
    socket = await open(address, port, { clock, timeoutMs });
    socket.write(clientHello(version, random));
    return await withDeadline(clock, firstAnswer(socket), timeoutMs, "ServerHello").catch(() => ({ kind: "silent" }));
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  } finally {
    socket?.destroy();
  }
}

function firstAnswer(socket: Awaited<ReturnType<typeof open>>): Promise<HelloAnswer> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const answer = readAnswer(bytes);
      if (answer) resolve(answer);
    });
    const gone = () => resolve(bytes.length > 0 ? { kind: "plain", head: headText(bytes) } : { kind: "closed" });
    socket.on("error", gone);
    socket.on("close", gone);
  });
}

/** What the beginning of a server's answer says; undefined until there is enough of it. */
export function readAnswer(bytes: Buffer): HelloAnswer | undefined {
  const [type, major] = bytes;
  const isRecord = (type === alertRecord || type === handshakeRecord) && (major === undefined || major === 3);
  if (type === undefined) return undefined;
  if (!isRecord) return { kind: "plain", head: headText(bytes) };
  if (bytes.length > doctorLimits.helloBytes) return { kind: "plain", head: headText(bytes) };
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt16BE(3)) return undefined;
  const body = bytes.subarray(5, 5 + bytes.readUInt16BE(3));
  if (type === alertRecord) return { kind: "refused", alert: body[1] ?? 0 };
  const version = serverVersion(body);
  return version ? { kind: "taken", version } : { kind: "plain", head: headText(bytes) };
}

const alertRecord = 21;
const handshakeRecord = 22;
const serverHello = 2;

const versionNumbers: { readonly [number: number]: TlsVersion } = {
  769: "TLSv1",
  770: "TLSv1.1",
  771: "TLSv1.2",
  772: "TLSv1.3",
};

/** The version that a ServerHello chooses: that of its extension `supported_versions`, else its own. */
function serverVersion(hello: Buffer): TlsVersion | undefined {
  if (hello[0] !== serverHello || hello.length < 39) return undefined;
  let at = 39 + (hello[38] ?? 0) + 3;
  const end = at + 2 <= hello.length ? at + 2 + hello.readUInt16BE(at) : at;
  for (at += 2; at + 4 <= Math.min(end, hello.length); at += 4 + hello.readUInt16BE(at + 2)) {
    if (hello.readUInt16BE(at) === supportedVersions && at + 6 <= hello.length) {
      return versionNumbers[hello.readUInt16BE(at + 4)];
    }
  }
  return versionNumbers[hello.readUInt16BE(4)];
}

const supportedVersions = 43;

/** A ClientHello that offers `version` only, with ciphers and groups of any server. */
export function clientHello(version: TlsVersion, random: Random): Buffer {
  const number = Number(Object.entries(versionNumbers).find(([, text]) => text === version)?.[0]);
  const isModern = version === "TLSv1.3";
  const ciphers = isModern ? modernCiphers : olderCiphers;
  const extensions = [
    extension(10, vector(2, words([0x001d, 0x0017, 0x0018]))),
    extension(11, vector(1, Buffer.of(0))),
    ...(number >= 0x0303 ? [extension(13, vector(2, words(signatures)))] : []),
    ...(isModern
      ? [
          extension(supportedVersions, vector(1, words([number]))),
          // Any 32 bytes are a public key of X25519.
          extension(51, vector(2, Buffer.concat([words([0x001d]), vector(2, randomBytes(random))]))),
        ]
      : []),
  ];
  const body = Buffer.concat([
    words([Math.min(number, 0x0303)]),
    randomBytes(random),
    vector(1, Buffer.alloc(0)),
    vector(2, words(ciphers)),
    vector(1, Buffer.of(0)),
    vector(2, Buffer.concat(extensions)),
  ]);
  const message = Buffer.concat([Buffer.of(1, 0), vector(2, body)]);
  return Buffer.concat([Buffer.of(handshakeRecord, 3, 1), vector(2, message)]);
}

const modernCiphers = [0x1301, 0x1302, 0x1303];
const olderCiphers = [
  0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc00a, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
  0x003c,
];
const signatures = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201];

function extension(type: number, body: Buffer): Buffer {
  return Buffer.concat([words([type]), vector(2, body)]);
}

/** `body` after its length in `size` bytes. */
function vector(size: 1 | 2, body: Buffer): Buffer {
  const length = Buffer.alloc(size);
  length.writeUIntBE(body.length, 0, size);
  return Buffer.concat([length, body]);
}

function words(values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
}

function randomBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 32 }, () => Math.floor(random.next() * 256)));
}

/** The beginning of what a peer said, as far as it is text. */
export function headText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, doctorLimits.headBytes)).toString("latin1");
  return head.replaceAll(/[^\x20-\x7e]/g, ".");
}
