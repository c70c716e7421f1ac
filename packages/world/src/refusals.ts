/** Who refused a client, and until when it leaves them alone. */

import type { Mac } from "@opensync-ts/base/units";
import { maxRememberedRefusals } from "./limits.ts";
import { type Akm, isSae, type SecurityTerms } from "./security.ts";

const firstBackoff = 1000;
const longestBackoff = 60_000;

export class Refusals {
  readonly #bsses = new Map<Mac, { readonly count: number; readonly until: number }>();
  /** Networks in transition between WPA2 and WPA3 that have refused its key with SAE; bounded by the networks it knows. */
  readonly #sae = new Set<string>();

  /** Clock ms; in the past: it may be asked. `null`: it has not refused. */
  until(bssid: Mac): number | null {
    return this.#bsses.get(bssid)?.until ?? null;
  }

  /** Pauses grow with each refusal; `dice` gives a number in [0, 1). */
  remember(bssid: Mac, now: number, dice: () => number): void {
    const count = (this.#bsses.get(bssid)?.count ?? 0) + 1;
    const pause = Math.min(longestBackoff, firstBackoff * 2 ** (count - 1)) * (0.75 + dice() * 0.5);
    this.#bsses.delete(bssid);
    const [oldest] = this.#bsses.keys();
    if (oldest !== undefined && this.#bsses.size >= maxRememberedRefusals) this.#bsses.delete(oldest);
    this.#bsses.set(bssid, { count, until: now + pause });
  }

  forget(bssid: Mac): void {
    this.#bsses.delete(bssid);
  }

  /** A network has come anew. */
  forgetSae(ssid: string): void {
    this.#sae.delete(ssid);
  }

  clear(): void {
    this.#bsses.clear();
    this.#sae.clear();
  }

  /** Whether there is a point in asking again at once, without SAE. */
  fallsBack(ssid: string, refused: Akm | undefined): boolean {
    if (refused === undefined || !isSae(refused) || this.#sae.has(ssid)) return false;
    this.#sae.add(ssid);
    return true;
  }

  /** Not SAE where that has failed with a key that may be good for WPA2 (one of several, of which SAE knows only the first). */
  termsFor(ssid: string, security: SecurityTerms): SecurityTerms {
    if (!this.#sae.has(ssid)) return security;
    return { ...security, akms: security.akms.filter((akm) => !isSae(akm)) };
  }
}
