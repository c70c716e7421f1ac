/** Documents on their way into the store, where their secrets are sealed, and out of it. */

import { UserError } from "@opensync-ts/base/errors";
import { checkHome, type Home } from "../home.ts";
import * as limits from "../limits.ts";
import { mapSecrets } from "../model/secrets.ts";
import { StoreRefusal } from "./errors.ts";
import type { StoreKey } from "./key.ts";

/** Throws a refusal that says what is wrong where. */
export function checkDocument(value: unknown): Home {
  try {
    // Before anything else looks into it: it may be nested without end.
    mapSecrets(value, (secret) => secret);
    const text = JSON.stringify(value) ?? "";
    if (Buffer.byteLength(text) > limits.homeFileBytes) {
      throw new UserError(`document: larger than ${limits.homeFileBytes} bytes; make it smaller`);
    }
    return checkHome(value, "document");
  } catch (error) {
    if (error instanceof UserError) throw new StoreRefusal("invalid", error.message);
    throw error;
  }
}

/** As JSON. A secret opens only in the location that it was sealed for. */
export function sealDocument(key: StoreKey, location: string, document: Home): string {
  return JSON.stringify(
    mapSecrets(document, (secret, path) => key.seal(JSON.stringify(secret), `${location} ${path}`)),
  );
}

/** Throws a `UserError` where a secret cannot be opened. */
export function openDocument(key: StoreKey, location: string, sealed: unknown): Home {
  return mapSecrets(sealed, (secret, path) => JSON.parse(key.open(secret, `${location} ${path}`))) as Home;
}
