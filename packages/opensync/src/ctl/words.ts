/** What the cloud says is wrong with a field of a request, in the words of these commands. Pure. */

import type { ApiFailure } from "@opensync-ts/cloud-client/errors";

/** Fields that go by another name here. */
const words: Readonly<Record<string, string>> = {
  why: "--why",
  limit: "--limit",
  kind: "--kind",
  actor: "--actor",
  expires: "--expires",
  expiresAt: "--expires",
  role: "role",
  mac: "device",
  ssid: "network",
  serialNumber: "serial number",
  packId: "--pack",
  psk: "passphrase",
};

/** A line for each field that is wrong, else what it says. */
export function inWords({ message, fields }: ApiFailure): string {
  if (fields.length === 0) return message;
  return fields.map(({ path, reason }) => [nameOf(path), reason].filter(Boolean).join(": ")).join("\n");
}

/** As a caller of the API is told. */
export function asIs({ message, fields }: ApiFailure): string {
  return fields.length === 0 ? message : fields.map(({ path, reason }) => `${path}: ${reason}`).join("\n");
}

/** Without the part of the request that it stands in. */
function nameOf(path: string): string {
  const name = path.replace(/^(path|query|body)(\.|(?=\[)|$)/, "");
  return words[name] ?? name;
}
