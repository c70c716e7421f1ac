/** Frames as Wireshark understands them, for tests against it. */

import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** For the `skip` option of a test. */
export const withoutTshark: string | false = spawnSync("tshark", ["--version"]).error
  ? "tshark is not installed"
  : false;

/** For each frame the values of each field, by its name. */
export async function decode(
  frames: readonly Uint8Array[],
  fields: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>[]> {
  const directory = await mkdtemp(join(tmpdir(), "frames-"));
  try {
    const file = join(directory, "frames.pcap");
    await writeFile(file, capture(frames));
    const options = ["-E", `separator=${separator}`, "-E", `aggregator=${aggregator}`];
    const { stdout } = await promisify(execFile)(
      "tshark",
      ["-r", file, "-T", "fields", ...options, ...fields.flatMap((field) => ["-e", field])],
      { timeout: 60_000, maxBuffer: 1 << 26, env: { ...process.env, HOME: directory } },
    );
    return stdout
      .split("\n")
      .slice(0, frames.length)
      .map((line) => valuesOf(fields, line));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const separator = "|";
const aggregator = ";";

function valuesOf(fields: readonly string[], line: string): Record<string, readonly string[]> {
  const columns = line.split(separator);
  return Object.fromEntries(
    fields.flatMap((field, index) => (columns[index] ? [[field, columns[index].split(aggregator).map(plain)]] : [])),
  );
}

/** Versions differ in how they write numbers and flags: here they are decimal. */
function plain(value: string): string {
  if (value === "True") return "1";
  if (value === "False") return "0";
  return /^0x[0-9a-f]+$/.test(value) ? BigInt(value).toString() : value;
}

/** A pcap file of link type 105, IEEE 802.11 without anything before the header. */
function capture(frames: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2_c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(105, 20);
  const records = frames.map((frame, index) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(index, 0);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return Buffer.concat([record, frame]);
  });
  return Buffer.concat([head, ...records]);
}
