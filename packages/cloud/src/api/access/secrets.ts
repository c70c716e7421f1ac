/** Secrets that the cloud makes up, and what it keeps of them. Their source is the system's, never a seeded one. */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const secretBytes = 32;
const tokenPrefix = "ost_";

export function newSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** Of a link: short enough for a line of a terminal, and beyond guessing (128 bits). */
export function newLinkCode(): string {
  return randomBytes(16).toString("base64url");
}

/** Of a token: recognisable, should it turn up where it does not belong. */
export function newTokenText(): string {
  return `${tokenPrefix}${newSecret()}`;
}

/** Whether it has the form of one. */
export function isTokenText(text: string): boolean {
  return /^ost_[A-Za-z0-9_-]{43}$/.test(text);
}

/** The secrets are random and long, so that no salt and no slow hash is needed. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** What a session's changes bring along: made from its secret, which other pages cannot read. */
export function csrfTokenOf(secret: string): string {
  return createHash("sha256").update("csrf\0").update(secret).digest("base64url");
}

export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** For people to type: 4 groups without letters and digits that look alike (some 78 bits). */
export function newPassphrase(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const picked: string[] = [];
  while (picked.length < 16) {
    // Beyond the last whole multiple a byte would favour the first letters.
    for (const byte of randomBytes(32)) {
      if (byte < 256 - (256 % letters.length)) picked.push(letters.charAt(byte % letters.length));
    }
  }
  const text = picked.slice(0, 16).join("");
  return (text.match(/.{4}/g) ?? []).join("-");
}
