/** What a BSS asks for and a client can do: key management, ciphers, management frame protection, keys. */

export type Akm =
  | "eap"
  | "eap_sha256"
  | "eap_sha384"
  | "eap_suite_b"
  | "eap_suite_b192"
  | "psk"
  | "psk_sha256"
  | "sae"
  | "sae_ext"
  | "ft_eap"
  | "ft_eap_sha384"
  | "ft_psk"
  | "ft_sae"
  | "ft_sae_ext";

export type Cipher = "tkip" | "ccmp" | "ccmp256" | "gcmp" | "gcmp256";

export type ManagementProtection = "disabled" | "optional" | "required";

/** A BSS with no `akms` is open. */
export interface SecurityTerms {
  readonly akms: readonly Akm[];
  readonly pairwise: readonly Cipher[];
  readonly pmf: ManagementProtection;
}

export interface Key {
  readonly keyId: number;
  /** A secret: never logged. */
  readonly psk: string;
}

export interface Agreement {
  /** `null`: open. */
  readonly akm: Akm | null;
  readonly pairwise: Cipher | null;
  readonly pmf: boolean;
}

/** Best first. Enterprise methods are absent: clients of the world hold no such credentials. */
const preference: readonly Akm[] = ["ft_sae_ext", "sae_ext", "ft_sae", "sae", "ft_psk", "psk_sha256", "psk"];
const cipherPreference: readonly Cipher[] = ["gcmp256", "ccmp256", "gcmp", "ccmp", "tkip"];

/** What client and BSS settle on; `null` where they have nothing in common. A client without a key wants an open BSS. */
export function agree(bss: SecurityTerms, client: SecurityTerms, hasKey: boolean): Agreement | null {
  if (bss.akms.length === 0 || !hasKey) {
    return bss.akms.length === 0 && !hasKey ? { akm: null, pairwise: null, pmf: false } : null;
  }
  const pmf = bss.pmf !== "disabled" && client.pmf !== "disabled";
  if (!pmf && (bss.pmf === "required" || client.pmf === "required")) return null;
  const akm = preference.find(
    // SAE is only defined with protected management frames (WPA3 specification).
    (candidate) => bss.akms.includes(candidate) && client.akms.includes(candidate) && (pmf || !isSae(candidate)),
  );
  const pairwise = cipherPreference.find((cipher) => bss.pairwise.includes(cipher) && client.pairwise.includes(cipher));
  return akm && pairwise ? { akm, pairwise, pmf } : null;
}

/**
 * The BSS's key that `psk` opens, or `null`. With SAE only the key with the lowest id serves, as the access point
 * cannot tell clients apart before it has chosen a password.
 */
export function openingKey(akm: Akm, keys: readonly Key[], psk: string): Key | null {
  const usable = isSae(akm) ? keys.toSorted((a, b) => a.keyId - b.keyId).slice(0, 1) : keys;
  return usable.find((key) => key.psk === psk) ?? null;
}

export function isSae(akm: Akm): boolean {
  return akm.endsWith("sae") || akm.endsWith("sae_ext");
}

/** Of fast BSS transition. */
export function isFast(akm: Akm): boolean {
  return akm.startsWith("ft_");
}
