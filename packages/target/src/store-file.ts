/** The file of a store: a header line with a SHA-256 over the JSON that follows. */

import { createHash } from "node:crypto";

const magic = "opensync-ps 1 sha256";

/** The file of a store with these values. */
export function encodeStore(values: ReadonlyMap<string, string>): string {
  const body = `${JSON.stringify(Object.fromEntries(values), null, 1)}\n`;
  return `${magic} ${digest(body)}\n${body}`;
}

/** The values in a store's file. Throws an `Error` saying what is wrong with it. */
export function decodeStore(text: string): Map<string, string> {
  if (text === "") throw new Error("the file is empty");
  const end = text.indexOf("\n");
  const header = text.slice(0, Math.max(0, end));
  if (!header.startsWith(`${magic} `)) throw new Error("the header line is missing or of another format");
  const body = text.slice(end + 1);
  if (header.slice(magic.length + 1) !== digest(body)) throw new Error("the checksum does not match the content");
  const values: unknown = JSON.parse(body);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new Error("the content is no object");
  }
  const entries = Object.entries(values);
  for (const [key, value] of entries) {
    if (typeof value !== "string") throw new Error(`the value of '${key}' is no string`);
  }
  return new Map(entries);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
