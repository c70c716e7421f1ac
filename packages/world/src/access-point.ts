/** A BSS on the air: what it announces, whom it admits, and which of its stations live through a change of it. */

import type { Dbm, Mac } from "@opensync-ts/base/units";
import { maxStationsPerBss } from "./limits.ts";
import { type Generation, generations } from "./rates.ts";
import { type Agreement, type Akm, agree, type Key, openingKey, type SecurityTerms } from "./security.ts";
import { type AirChannel, sameAirChannel } from "./spectrum.ts";

export interface AccessControl {
  readonly policy: "none" | "allow" | "deny";
  readonly macs: readonly Mac[];
}

export interface Bss {
  readonly bssid: Mac;
  /** The name of the device's site in the world. */
  readonly site: string;
  /** For people: `home-ap-50`. */
  readonly name: string;
  readonly ssid: string;
  readonly hidden: boolean;
  readonly channel: AirChannel;
  /** Radiated, antenna gain included. */
  readonly power: Dbm;
  readonly generation: Generation;
  readonly streams: number;
  readonly security: SecurityTerms;
  readonly keys: readonly Key[];
  readonly acl: AccessControl;
  /** Older clients are refused. */
  readonly oldest?: Generation;
  /** Clients that it hears weaker than this are refused. */
  readonly minRssi?: Dbm;
  /** Absent: as many as there are association ids. */
  readonly maxStations?: number;
  /** Its push button is pressed (Wi-Fi Protected Setup); the key that it hands out, `null` of an open network. */
  readonly button?: { readonly psk: string | null };
  /** Of fast BSS transition; absent: none. */
  readonly mobilityDomain?: number;
  /** The multi-link device that it is part of; absent: of none. */
  readonly mld?: Mac;
  /** The last word on each attempt that all else would let in (steering: pre-association blocking). */
  readonly admits?: (attempt: Attempt) => boolean;
}

/** A client at the door. */
export interface Attempt {
  readonly mac: Mac;
  /** As the access point hears the client. */
  readonly rssi: Dbm;
  readonly generation: Generation;
  readonly security: SecurityTerms;
  /** `null`: knows no key. */
  readonly psk: string | null;
}

export type Refusal = "gone" | "too_weak" | "too_old" | "acl" | "blocked" | "full" | "security_mismatch" | "wrong_key";

export type Admission =
  | { readonly admitted: true; readonly agreement: Agreement; readonly keyId: number | null }
  | {
      readonly admitted: false;
      readonly reason: Refusal;
      /** With `wrong_key`: what the key was for. */
      readonly akm?: Akm;
    };

/** In the order in which an access point finds out. `stations` are those it serves already. */
export function admit(bss: Bss, attempt: Attempt, stations: number): Admission {
  const refuse = (reason: Refusal): Admission => ({ admitted: false, reason });
  if (!aclAdmits(bss.acl, attempt.mac)) return refuse("acl");
  if (bss.minRssi !== undefined && attempt.rssi < bss.minRssi) return refuse("too_weak");
  if (bss.oldest !== undefined && isOlder(attempt.generation, bss.oldest)) return refuse("too_old");
  if (stations >= Math.min(bss.maxStations ?? maxStationsPerBss, maxStationsPerBss)) return refuse("full");
  const agreement = agree(bss.security, attempt.security, attempt.psk !== null);
  if (!agreement) return refuse("security_mismatch");
  const key = agreement.akm !== null && attempt.psk !== null ? openingKey(agreement.akm, bss.keys, attempt.psk) : null;
  if (agreement.akm !== null && !key) return { admitted: false, reason: "wrong_key", akm: agreement.akm };
  if (bss.admits && !bss.admits(attempt)) return refuse("blocked");
  return { admitted: true, agreement, keyId: key?.keyId ?? null };
}

function isOlder(generation: Generation, than: Generation): boolean {
  return generations.indexOf(generation) < generations.indexOf(than);
}

export function aclAdmits(acl: AccessControl, mac: Mac): boolean {
  if (acl.policy === "none") return true;
  return acl.macs.includes(mac) === (acl.policy === "allow");
}

/** What of a station decides whether it outlives a change of its BSS. */
export interface Bond {
  readonly agreement: Agreement;
  readonly keyId: number | null;
  /** The key it came in with. */
  readonly psk: string | null;
}

export type ChangeOutcome = "stays" | "bss_restarted" | "key_removed";

/** Why a station is one no longer. */
export type LeaveReason =
  | Exclude<ChangeOutcome, "stays">
  | "bss_removed"
  | "deauthenticated"
  | "roamed"
  | "out_of_range"
  | "client_removed";

/**
 * What becomes of a station when `before` turns into `after`. `announced`: a channel change is told in advance (CSA),
 * so that stations follow; otherwise it restarts the BSS, as does any change of name, security or required generation.
 * Access control acts on the next attempt to come in.
 */
export function outcomeOfChange(before: Bss, after: Bss, bond: Bond, announced: boolean): ChangeOutcome {
  if (before.ssid !== after.ssid || !sameTerms(before.security, after.security)) return "bss_restarted";
  if (before.oldest !== after.oldest) return "bss_restarted";
  if (!announced && !sameAirChannel(before.channel, after.channel)) return "bss_restarted";
  const { akm } = bond.agreement;
  if (akm !== null && openingKey(akm, after.keys, bond.psk ?? "")?.keyId !== bond.keyId) return "key_removed";
  return "stays";
}

/** Whether a client that was refused, or saw nothing of interest, sees a reason to look again; who is let in does not show. */
export function concernsOutsiders(before: Bss | undefined, after: Bss): boolean {
  if (!before) return true;
  const { admits: _before, acl: _oldList, ...old } = before;
  const { admits: _after, acl: _newList, ...now } = after;
  return JSON.stringify(old) !== JSON.stringify(now);
}

function sameTerms(a: SecurityTerms, b: SecurityTerms): boolean {
  return JSON.stringify([a.akms, a.pairwise, a.pmf]) === JSON.stringify([b.akms, b.pairwise, b.pmf]);
}
