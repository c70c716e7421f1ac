/** Passwords as scrypt hashes (RFC 7914), worked on off the main thread and few at a time. */

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import * as limits from "../limits.ts";
import { ApiProblem } from "../problems.ts";

/** What one try costs: memory is 128 × 2^`log2n` × `r` bytes. */
export interface PasswordCost {
  readonly log2n: number;
  readonly r: number;
  readonly p: number;
}

export const usualCost: PasswordCost = { log2n: 17, r: 8, p: 1 };

/** In place of a hash: of a user who has no password, and whom none fits. */
export const noPassword = "none";

const saltBytes = 16;
const hashBytes = 32;

export class Passwords {
  readonly #cost: PasswordCost;
  readonly #waiting: (() => void)[] = [];
  #working = 0;
  #decoy: Promise<string> | undefined;

  constructor(cost: PasswordCost = usualCost) {
    this.#cost = cost;
  }

  /** `scrypt:17:8:1:SALT:HASH` */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const hash = await this.#derive(password, salt, this.#cost);
    const { log2n, r, p } = this.#cost;
    return ["scrypt", log2n, r, p, salt.toString("base64url"), hash.toString("base64url")].join(":");
  }

  /** Undefined as `stored`: of somebody there is not. It takes as long as for one there is, and so does one without a password. */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    this.#decoy ??= this.hash(randomBytes(saltBytes).toString("hex"));
    const isUsable = stored?.startsWith("scrypt:") ?? false;
    const [, log2n, r, p, salt = "", hash = ""] = (isUsable && stored ? stored : await this.#decoy).split(":");
    const cost = { log2n: Number(log2n), r: Number(r), p: Number(p) };
    const expected = Buffer.from(hash, "base64url");
    const found = await this.#derive(password, Buffer.from(salt, "base64url"), cost);
    return isUsable && expected.length === found.length && timingSafeEqual(expected, found);
  }

  /** Whether it was made with another cost than new ones are. */
  isDated(stored: string): boolean {
    const { log2n, r, p } = this.#cost;
    return !stored.startsWith(`scrypt:${log2n}:${r}:${p}:`);
  }

  async #derive(password: string, salt: Buffer, { log2n, r, p }: PasswordCost): Promise<Buffer> {
    if (this.#working >= limits.passwordsAtOnce) {
      if (this.#waiting.length >= limits.passwordsWaiting) {
        throw new ApiProblem(503, "busy", "too many passwords are being checked; try again", { retryAfterMs: 2_000 });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#working++;
    const n = 2 ** log2n;
    const options: ScryptOptions = { N: n, r, p, maxmem: 128 * n * r * 2 };
    try {
      return await new Promise((resolve, reject) => {
        scrypt(password.normalize("NFKC"), salt, hashBytes, options, (error, key) => {
          if (error) reject(error);
          else resolve(key);
        });
      });
    } finally {
      // Whoever waits takes over the place.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#working--;
    }
  }
}
