/** What in the database nobody outside shall read: passphrases, keys, passwords, tokens. Told by the names of columns and keys. Pure. */

/** Stands where a secret stood. */
export const mask = "****";

/** Columns whose whole content is secret. */
export function isSecretColumn(column: string): boolean {
  return secretColumns.test(column) && !harmlessColumns.has(column);
}

const secretColumns =
  /(^|_)(psks?|pskc|pass|password|secret|network_key|encr_key|netaccesskey|key_hex|upload_token|upload_location|firmware_url)(_|$)/;

/** Numbers and switches of protocols, whose names only sound secret. */
const harmlessColumns: ReadonlySet<string> = new Set(["ft_psk", "ft_psk_generate_local"]);

/** Keys of maps, and of key-value tables. */
export function isSecretKey(key: string): boolean {
  return /psk|pass|secret|token|credential|authorization|private|^key(-|$)|_key$/i.test(key);
}
