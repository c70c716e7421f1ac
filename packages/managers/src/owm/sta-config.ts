/**
 * The networks a STA vif may join. A row that names an SSID speaks of exactly one; without one, an enabled row with mode
 * `sta` offers every enabled network of its `credential_configs` (onboarding).
 */

import { parseMac } from "@opensync-ts/base/units";
import type { StaNetwork, Wpa } from "@opensync-ts/target/radio";
import type { Problem } from "./problems.ts";
import { isPsk } from "./psk.ts";
import type { CredentialConfig, RadioConfig, VifConfig } from "./rows.ts";
import { cryptoOf, securityOf } from "./security.ts";
import { ssidOf } from "./ssid.ts";
import type { ReportVif, VifContext } from "./vif-context.ts";

/** Build-time `CONFIG_TARGET_LAN_BRIDGE_NAME` of deployed devices. */
const lanBridge = "br-home";

export function staNetworks(
  row: VifConfig,
  { radio, credentials }: Pick<VifContext, "radio" | "credentials">,
  report: ReportVif,
  problems: Problem[],
): readonly StaNetwork[] {
  if (row.ssid) {
    const network = ownNetwork(row, report, problems);
    return network ? [network] : [];
  }
  if (!row.enabled || row.mode !== "sta") return [];
  const networks = new Map<string, StaNetwork>();
  for (const credential of credentials) {
    const network = credentialNetwork(credential, radio, problems);
    if (!network) continue;
    // Drivers know a network by these two.
    const key = JSON.stringify([network.ssid, network.bssid]);
    const other = networks.get(key);
    if (!other || other.priority < network.priority) networks.set(key, network);
  }
  return [...networks.values()];
}

const noSecurity: Wpa = {
  wpa: false,
  rsn: false,
  akm: [],
  pairwise: [],
  pmf: "disabled",
  beaconProtection: false,
  groupRekey: -1,
};

function ownNetwork(row: VifConfig, report: ReportVif, problems: Problem[]): StaNetwork | null {
  const ssid = ssidOf(row.ssid ?? "", report);
  if (ssid === null) return null;
  const security = securityOf(row);
  problems.push(...security.problems);
  const [first] = (security.value?.wpa_psks ?? row.wpa_psks).entries();
  if (first && !isPsk(first[1]))
    report(
      "wpa_psks",
      first[0],
      "its value is neither 8 to 63 printable characters nor 64 hexadecimal digits; it is left out",
    );
  const bssid = row.parent ? parseMac(row.parent) : undefined;
  if (row.parent && !bssid) report("parent", row.parent, "not a MAC address (aa:bb:cc:dd:ee:ff); any BSSID will do");
  return {
    ssid,
    bssid: bssid ?? null,
    psk: first && isPsk(first[1]) ? first[1] : "",
    wpa: security.value ? { ...cryptoOf(security.value), groupRekey: -1 } : noSecurity,
    bridge: row.bridge ?? "",
    multiAp: row.multi_ap === "backhaul_sta",
    priority: 0,
  };
}

function credentialNetwork(row: CredentialConfig, radio: RadioConfig, problems: Problem[]): StaNetwork | null {
  if (!row.enabled || !row.ssid) return null;
  const name = row.ssid;
  const report = (column: string, value: string, reason: string) =>
    problems.push({ table: "Wifi_Credential_Config", row: name, column, value, reason });
  const psk = row.security.get("key") ?? "";
  if (!isPsk(psk)) {
    report(
      "security",
      "key",
      "neither 8 to 63 printable characters nor 64 hexadecimal digits; the network is left out",
    );
    return null;
  }
  const ssid = ssidOf(row.ssid, report);
  if (ssid === null) return null;
  const bssid = row.bssid ? parseMac(row.bssid) : undefined;
  if (row.bssid && !bssid) report("bssid", row.bssid, "not a MAC address (aa:bb:cc:dd:ee:ff); any BSSID will do");
  const multiAp = row.onboard_type === "multi_ap";
  return {
    ssid,
    bssid: bssid ?? null,
    psk,
    wpa: radio.hw_mode === "11be" ? onboardingSecurity11be : onboardingSecurity,
    bridge: multiAp ? lanBridge : "",
    multiAp,
    priority: row.priority ?? 0,
  };
}

const onboardingSecurity: Wpa = {
  ...noSecurity,
  rsn: true,
  akm: ["psk", "sae"],
  pairwise: ["ccmp"],
  pmf: "optional",
};

const onboardingSecurity11be: Wpa = {
  ...onboardingSecurity,
  akm: ["psk", "sae", "sae_ext"],
  pairwise: ["ccmp", "gcmp", "gcmp256"],
  beaconProtection: true,
};
