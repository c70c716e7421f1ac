/** `opensync stats decode`: what a payload says that a node has sent, for people or as JSON. */

import { createReadStream } from "node:fs";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { decodeLatency } from "@opensync-ts/telemetry/latency";
import { limits } from "@opensync-ts/telemetry/limits";
import { MalformedPayload } from "@opensync-ts/telemetry/message";
import { decompress } from "@opensync-ts/telemetry/payload";
import { decodeReport } from "@opensync-ts/telemetry/report";
import { decodeTimeEvents } from "@opensync-ts/telemetry/time-events";
import { jsonText } from "./json-text.ts";
import { latencyLines, timeEventLines } from "./payload-view.ts";
import { reportLines } from "./report-view.ts";

/** Kinds of payload. Nothing in the bytes says which: it goes by the topic. */
const payloadKinds = ["stats", "latency", "time-events"] as const;

export interface StatsDecodeOptions {
  readonly payload: (typeof payloadKinds)[number];
  readonly json?: boolean;
}

/** Prints what is in `file`, `-` for stdin. Rejects with a `UserError` where that is no such payload. */
export async function statsDecode(file: string, { payload, json }: StatsDecodeOptions): Promise<void> {
  const bytes = await contentOf(file);
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  const show = <T extends object>(decode: (bytes: Uint8Array) => T, view: (decoded: T, width: number) => string[]) => {
    const decoded = decodedOrComplaint(decode, bytes, file, payload);
    return json ? jsonText(decoded, 2) : view(decoded, width).join("\n");
  };
  const text =
    payload === "latency"
      ? show(decodeLatency, latencyLines)
      : payload === "time-events"
        ? show(decodeTimeEvents, timeEventLines)
        : show(decodeReport, reportLines);
  process.stdout.write(`${text}\n`);
}

function decodedOrComplaint<T>(decode: (bytes: Uint8Array) => T, bytes: Uint8Array, file: string, kind: string): T {
  const whole = (part: Uint8Array) => decode(decompress(part));
  try {
    return whole(bytes);
  } catch (error) {
    if (!(error instanceof MalformedPayload)) throw error;
    // `mosquitto_sub` ends what it prints with a line feed unless told not to.
    if (bytes.at(-1) === 0x0a) {
      try {
        return whole(bytes.subarray(0, -1));
      } catch {
        // The complaint is about what was given.
      }
    }
    const others = payloadKinds.filter((other) => other !== kind).join(", ");
    throw new UserError(
      `${file}: ${error.message}; a whole payload of kind ${kind} is needed (others, with --payload: ${others})`,
    );
  }
}

/** At most what a payload may have, whatever the file is. */
async function contentOf(file: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of file === "-" ? process.stdin : createReadStream(file)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limits.payload) break;
    }
  } catch (error) {
    throw new UserError(`${file}: cannot be read (${messageOf(error)}); name a file, or - for stdin`);
  }
  if (size > limits.payload) {
    throw new UserError(
      `${file}: more than the ${limits.payload} bytes that a payload may have; give a single payload`,
    );
  }
  return Buffer.concat(chunks);
}
