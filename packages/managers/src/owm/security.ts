/**
 * Security columns of `Wifi_VIF_Config` and `Wifi_VIF_State`. Three generations of them are in use; a row of any is
 * brought up to the third (`wpa_key_mgmt` with separate cipher columns), which maps to the radio model, and state is
 * written in the generation that the configuration speaks.
 *
 * | generation | told by                                        |
 * |------------|------------------------------------------------|
 * | 1          | `security` set, `wpa` unset                    |
 * | 2          | `wpa` or `wpa_key_mgmt` set, no cipher column  |
 * | 3          | a cipher column set                            |
 */

import type { Akm, PairwiseCipher, Wpa } from "@opensync-ts/target/radio";
import { pmfFor } from "./pmf.ts";
import type { Mapped, Problem } from "./problems.ts";
import type { VifConfig, VifStateRecord } from "./rows.ts";

export type Generation = 1 | 2 | 3;

/** The columns of generation 3. */
export type SecurityColumns = Pick<VifConfig, (typeof cryptoColumns)[number] | "wpa_psks">;

type KeyManagement = VifConfig["wpa_key_mgmt"][number];

const cipherColumns = [
  "wpa_pairwise_tkip",
  "wpa_pairwise_ccmp",
  "rsn_pairwise_tkip",
  "rsn_pairwise_ccmp",
  "rsn_pairwise_ccmp256",
  "rsn_pairwise_gcmp",
  "rsn_pairwise_gcmp256",
] as const;

/** What of a row says how stations get in, the keys apart. */
export const cryptoColumns = ["wpa", "wpa_key_mgmt", ...cipherColumns, "pmf", "beacon_protection"] as const;

const keyManagementOfAkm: Readonly<Record<Akm, KeyManagement>> = {
  eap: "wpa-eap",
  eap_sha256: "wpa-eap-sha256",
  eap_sha384: "wpa-eap-sha384",
  eap_suite_b: "wpa-eap-suite-b",
  eap_suite_b192: "wpa-eap-suite-b-192",
  psk: "wpa-psk",
  psk_sha256: "wpa-psk-sha256",
  sae: "sae",
  sae_ext: "sae-ext",
  ft_eap: "ft-eap",
  ft_eap_sha384: "ft-eap-sha384",
  ft_psk: "ft-psk",
  ft_sae: "ft-sae",
  ft_sae_ext: "ft-sae-ext",
};

const akmOfKeyManagement: ReadonlyMap<string, Akm> = new Map(
  Object.entries(keyManagementOfAkm).map(([akm, name]) => [name, akm as Akm]),
);

/** `wpa-psk` for PSK, `ft-sae` for FT over SAE …: the generation 3 name. */
export function keyManagementOf<A extends Akm>(akm: A): KeyManagement {
  return keyManagementOfAkm[akm];
}

/** The generation a row speaks; `null` when it says nothing about security. */
export function generationOf(row: VifConfig): Generation | null {
  if (cipherColumns.some((column) => row[column] !== null)) return 3;
  if (row.wpa !== null || row.wpa_key_mgmt.length > 0) return 2;
  if (row.security.size > 0) return 1;
  return null;
}

/**
 * The row's security in generation 3. `null` without problems: the row has no opinion, what runs is kept; with
 * problems: it has one that cannot be made sense of.
 */
export function securityOf(row: VifConfig): Mapped<SecurityColumns | null> {
  const problems: Problem[] = [];
  switch (generationOf(row)) {
    case null:
      return { value: null, problems };
    case 3:
      return { value: row, problems };
    case 2:
      return { value: secondToThird(row, row, problems), problems };
    case 1: {
      const second = firstToSecond(row, problems);
      return { value: second && secondToThird(second, row, problems), problems };
    }
  }
}

/** `wpa_psks`, wherever the row's generation keeps them. */
export function configuredPsks(row: VifConfig): ReadonlyMap<string, string> {
  if (generationOf(row) !== 1) return row.wpa_psks;
  return new Map([...row.security].filter(([name]) => name.startsWith("key")));
}

/** What becomes of an AP whose security makes no sense: it is not opened for that. */
const unusable = "the AP keeps the security it has; without any it stays down";

/**
 * The crypto of an AP, all but the group re-key interval; `null` when the row asks for key management that OWM does
 * not realise (`dpp`), or contradicts itself: security without key management, or key management without a cipher.
 */
export function apCryptoOf(vif: string, columns: SecurityColumns): Mapped<Omit<Wpa, "groupRekey"> | null> {
  const refuse = (value: string, reason: string): Mapped<null> => ({
    value: null,
    problems: [{ table: "Wifi_VIF_Config", row: vif, column: "wpa_key_mgmt", value, reason: `${reason}; ${unusable}` }],
  });
  const names = columns.wpa_key_mgmt;
  const unsupported = names.filter((name) => !akmOfKeyManagement.has(name));
  if (unsupported.length > 0) {
    const older = unsupported.filter((name) => thirdNames.get(name as KeyManagement));
    const hint = older.map((name) => `${thirdNames.get(name as KeyManagement)} instead of ${name}`).join(", ");
    const known = older.length === unsupported.length && !older.includes("dpp");
    return refuse(unsupported.join(","), known ? `beside *_pairwise_* columns use ${hint}` : "not supported on an AP");
  }
  const crypto = cryptoOf(columns);
  const encrypts = crypto.wpa || crypto.rsn;
  if (names.length === 0 && (encrypts || columns.wpa === true))
    return refuse("", "empty, although wpa or the *_pairwise_* columns ask for security");
  if (encrypts) {
    const problem = pmfProblem(vif, columns, crypto);
    return { value: crypto, problems: problem ? [problem] : [] };
  }
  if (names.length > 0 && columns.wpa !== false)
    return refuse(names.join(","), "needs a cipher, and no *_pairwise_* column is true");
  return { value: { ...crypto, akm: [], pmf: "disabled", beaconProtection: false }, problems: [] };
}

/** What is to be said where the columns switch PMF off that their key management does not do without. */
export function pmfProblem(vif: string, { pmf }: SecurityColumns, crypto: Pick<Wpa, "pmf">): Problem | null {
  if (pmf !== "disabled" || crypto.pmf === "disabled") return null;
  const reason = `SAE (WPA3) needs protected management frames; ${crypto.pmf} is used`;
  return { table: "Wifi_VIF_Config", row: vif, column: "pmf", value: pmf, reason };
}

/** The crypto that generation 3 columns ask for; unknown key management is ignored, unset columns count as false. */
export function cryptoOf(columns: SecurityColumns): Omit<Wpa, "groupRekey"> {
  const tkip = columns.wpa_pairwise_tkip || columns.rsn_pairwise_tkip;
  const ccmp = columns.wpa_pairwise_ccmp || columns.rsn_pairwise_ccmp;
  const asked: readonly [PairwiseCipher, boolean | null][] = [
    ["tkip", tkip],
    ["ccmp", ccmp],
    ["ccmp256", columns.rsn_pairwise_ccmp256],
    ["gcmp", columns.rsn_pairwise_gcmp],
    ["gcmp256", columns.rsn_pairwise_gcmp256],
  ];
  const akm = new Set<Akm>();
  for (const name of columns.wpa_key_mgmt) {
    const known = akmOfKeyManagement.get(name);
    if (known) akm.add(known);
  }
  const wpa = Boolean(columns.wpa_pairwise_tkip || columns.wpa_pairwise_ccmp);
  return {
    wpa,
    rsn: cipherColumns.some((column) => column.startsWith("rsn") && columns[column]),
    akm: [...akm].sort(),
    pairwise: asked
      .filter(([, on]) => on)
      .map(([cipher]) => cipher)
      .sort(),
    pmf: pmfFor([...akm], wpa, columns.pmf),
    beaconProtection: columns.beacon_protection ?? false,
  };
}

type SecurityState = Pick<VifStateRecord, (typeof cryptoColumns)[number]>;

/** The generation 3 columns that report this crypto. */
export function securityState(wpa: Omit<Wpa, "groupRekey">): SecurityState {
  const uses = (cipher: PairwiseCipher) => wpa.pairwise.includes(cipher);
  return {
    wpa: wpa.wpa || wpa.rsn,
    wpa_pairwise_tkip: wpa.wpa && uses("tkip"),
    wpa_pairwise_ccmp: wpa.wpa && uses("ccmp"),
    rsn_pairwise_tkip: wpa.rsn && uses("tkip"),
    rsn_pairwise_ccmp: wpa.rsn && uses("ccmp"),
    rsn_pairwise_ccmp256: wpa.rsn && uses("ccmp256"),
    rsn_pairwise_gcmp: wpa.rsn && uses("gcmp"),
    rsn_pairwise_gcmp256: wpa.rsn && uses("gcmp256"),
    wpa_key_mgmt: wpa.akm.map(keyManagementOf).sort(),
    pmf: wpa.pmf,
    beacon_protection: wpa.beaconProtection,
  };
}

/** A generation 3 state record as the generation of `config` shows it, so that the two compare column by column. */
export function inGenerationOf(config: VifConfig | null, record: VifStateRecord): VifStateRecord {
  const generation = config && generationOf(config);
  if (!config || generation === null || generation === 3) return record;
  const second = thirdToSecond(record);
  return generation === 2 ? second : secondToFirst(config, second);
}

/** Generation 2: `wpa_key_mgmt` names the protocol as well. */
type Second = Pick<VifConfig, "wpa" | "wpa_key_mgmt" | "wpa_psks">;

function firstToSecond(row: VifConfig, problems: Problem[]): Second | null {
  const report = (value: string, reason: string) =>
    problems.push({ table: "Wifi_VIF_Config", row: row.if_name, column: "security", value, reason });
  const wpa_psks = configuredPsks(row);
  const encryption = row.security.get("encryption");
  const names = keyManagementOfMode(row, report);
  switch (encryption) {
    case "OPEN":
      return { wpa: false, wpa_key_mgmt: [], wpa_psks };
    case "WPA-PSK":
      return { wpa: true, wpa_key_mgmt: names("psk"), wpa_psks };
    case "WPA-EAP":
      return { wpa: true, wpa_key_mgmt: names("eap"), wpa_psks };
    case undefined:
      if (wpa_psks.size > 0) report("encryption", `missing; ${unusable}`);
      return null;
    default:
      report(encryption, `not supported (OPEN, WPA-PSK or WPA-EAP); ${unusable}`);
      return null;
  }
}

/** `mode`: bit 0 WPA, bit 1 WPA2. */
function keyManagementOfMode(
  row: VifConfig,
  report: (value: string, reason: string) => void,
): (kind: "psk" | "eap") => KeyManagement[] {
  const text = row.security.get("mode") ?? "mixed";
  const bits = modeBits(text);
  if (bits === null) report(text, "mode is none of 1, 2, 3 and mixed; 3 (WPA and WPA2) is used");
  const wpa = ((bits ?? 3) & 1) !== 0;
  const wpa2 = ((bits ?? 3) & 2) !== 0;
  return (kind) => {
    const names: KeyManagement[] = [];
    if (wpa) names.push(`wpa-${kind}`);
    if (wpa2) names.push(`wpa2-${kind}`);
    if (kind === "psk" && row.ft_psk) {
      if (wpa) names.push("ft-psk");
      if (wpa2) names.push("ft-wpa2-psk");
    }
    return names;
  };
}

function modeBits(mode: string): 1 | 2 | 3 | null {
  switch (mode) {
    case "1":
      return 1;
    case "2":
      return 2;
    case "3":
    case "mixed":
      return 3;
    default:
      return null;
  }
}

const thirdNames: ReadonlyMap<KeyManagement, KeyManagement> = new Map([
  ["wpa-psk", "wpa-psk"],
  ["wpa2-psk", "wpa-psk"],
  ["wpa-eap", "wpa-eap"],
  ["wpa2-eap", "wpa-eap"],
  ["ft-psk", "ft-psk"],
  ["ft-wpa2-psk", "ft-psk"],
  ["sae", "sae"],
  ["ft-sae", "ft-sae"],
  ["dpp", "dpp"],
]);

function secondToThird(second: Second, row: VifConfig, problems: Problem[]): SecurityColumns {
  const unset = { rsn_pairwise_ccmp256: null, rsn_pairwise_gcmp: null, rsn_pairwise_gcmp256: null };
  const beacon_protection = row.beacon_protection;
  if (second.wpa === false) {
    return {
      ...unset,
      wpa: false,
      wpa_pairwise_tkip: false,
      wpa_pairwise_ccmp: false,
      rsn_pairwise_tkip: false,
      rsn_pairwise_ccmp: false,
      wpa_key_mgmt: [],
      wpa_psks: second.wpa_psks,
      pmf: "disabled",
      beacon_protection,
    };
  }
  const has = (...names: KeyManagement[]) => names.some((name) => second.wpa_key_mgmt.includes(name));
  const rsn = has("wpa2-psk", "wpa2-eap", "ft-wpa2-psk");
  const wpa = has("wpa-psk", "wpa-eap", "ft-psk");
  const sae = has("sae", "ft-sae");
  const names = new Set<KeyManagement>();
  for (const name of second.wpa_key_mgmt) {
    const third = thirdNames.get(name);
    if (third) names.add(third);
    else
      problems.push({
        table: "Wifi_VIF_Config",
        row: row.if_name,
        column: "wpa_key_mgmt",
        value: name,
        reason: "needs the *_pairwise_* columns to be set as well; it is left out",
      });
  }
  return {
    ...unset,
    wpa: true,
    wpa_pairwise_tkip: wpa,
    wpa_pairwise_ccmp: false,
    rsn_pairwise_tkip: wpa && rsn,
    rsn_pairwise_ccmp: rsn || sae || has("dpp"),
    wpa_key_mgmt: [...names].sort(),
    wpa_psks: second.wpa_psks,
    pmf: sae ? (wpa || rsn ? "optional" : "required") : "disabled",
    beacon_protection,
  };
}

const wpa2Names: ReadonlyMap<KeyManagement, KeyManagement> = new Map([
  ["wpa-psk", "wpa2-psk"],
  ["wpa-eap", "wpa2-eap"],
  ["ft-psk", "ft-wpa2-psk"],
]);

function thirdToSecond(record: VifStateRecord): VifStateRecord {
  const wpa = record.wpa_pairwise_tkip || record.wpa_pairwise_ccmp;
  const rsn = cipherColumns.some((column) => column.startsWith("rsn") && record[column]);
  const names = new Set<KeyManagement>();
  for (const name of record.wpa_key_mgmt) {
    const wpa2 = wpa2Names.get(name);
    if (wpa2 === undefined || wpa || !rsn) names.add(name);
    if (wpa2 !== undefined && rsn) names.add(wpa2);
  }
  return {
    ...record,
    wpa_key_mgmt: [...names].sort(),
    wpa_pairwise_tkip: null,
    wpa_pairwise_ccmp: null,
    rsn_pairwise_tkip: null,
    rsn_pairwise_ccmp: null,
    rsn_pairwise_ccmp256: null,
    rsn_pairwise_gcmp: null,
    rsn_pairwise_gcmp256: null,
    pmf: null,
  };
}

function secondToFirst(config: VifConfig, record: VifStateRecord): VifStateRecord {
  const has = (...names: KeyManagement[]) => names.some((name) => record.wpa_key_mgmt.includes(name));
  const wpa = has("wpa-psk", "wpa-eap", "ft-psk");
  const wpa2 = has("wpa2-psk", "wpa2-eap", "ft-wpa2-psk");
  const security = new Map<string, string>();
  if (record.wpa === false) security.set("encryption", "OPEN");
  else if (has("wpa-psk", "wpa2-psk", "ft-psk", "ft-wpa2-psk")) security.set("encryption", "WPA-PSK");
  else if (has("wpa-eap", "wpa2-eap")) security.set("encryption", "WPA-EAP");
  const configured = config.security.get("mode");
  if (record.wpa && (wpa || wpa2) && configured !== undefined) {
    const bits = (wpa ? 1 : 0) | (wpa2 ? 2 : 0);
    security.set("mode", modeBits(configured) === bits ? configured : String(bits));
  }
  if (record.wpa === false && configured !== undefined) security.set("mode", configured);
  for (const [name, psk] of record.wpa_psks) security.set(name, psk);
  const { radius_srv_addr: address, radius_srv_port: port, radius_srv_secret: secret } = record;
  if (address !== null && config.radius_srv_addr === null) {
    security.set("radius_server_ip", address);
    if (port !== null) security.set("radius_server_port", String(port));
    if (secret !== null) security.set("radius_server_secret", secret);
  }
  for (const [name, tag] of config.security) {
    if (name.includes("oftag")) security.set(name, tag);
  }
  return {
    ...record,
    security,
    wpa: null,
    wpa_psks: new Map(),
    wpa_key_mgmt: [],
    ...(config.radius_srv_addr === null && { radius_srv_addr: null, radius_srv_port: null, radius_srv_secret: null }),
    ft_psk: has("ft-psk", "ft-wpa2-psk") ? 1 : 0,
  };
}
