/**
 * The networks a STA vif may join. A row that names an SSID speaks of exactly one; without one, an enabled row with mode
 * `sta` offers every enabled network of its `credential_configs` (onboarding).
 */

import { parseMac } from "@opensync-ts/base/units";
import { openWpa } from "@opensync-ts/target/plain-ap";
import type { StaNetwork, Wpa } from "@opensync-ts/target/radio";
import type { Problem } from "./problems.ts";
import { isPsk } from "./psk.ts";
import type { CredentialConfig, RadioConfig, VifConfig } from "./rows.ts";
import { securityOf } from "./security.ts";
import { ssidOf } from "./ssid.ts";
import { type StaAsking, staMapping } from "./sta-mapping.ts";
import type { ReportVif, VifContext } from "./vif-context.ts";

/** Build-time `CONFIG_TARGET_LAN_BRIDGE_NAME` of deployed devices. */
const lanBridge = "br-home";

/** `null`: no opinion. A network that needs a key and has none is not asked for: it would only cost the uplink that there is. */
export function staNetworks(
  row: VifConfig,
  { radio, references }: Pick<VifContext, "radio" | "references">,
  report: ReportVif,
  problems: Problem[],
): readonly StaNetwork[] | null {
  if (row.ssid) {
    const own = ownNetwork(row, report, problems);
    if (own.psk !== "" || !own.wpa.akm.some((akm) => /psk|sae/.test(akm))) return [own];
    report(
      "wpa_psks",
      "",
      "its security needs a key, and there is none that can be used; the networks in use are kept",
    );
    return null;
  }
  if (!row.enabled || row.mode !== "sta") return [];
  const networks = new Map<string, StaNetwork>();
  for (const uuid of row.credential_configs) {
    const credential = references.credentials.get(uuid);
    if (!credential)
      report("credential_configs", uuid, "there is no such row in Wifi_Credential_Config; the network is left out");
    const network = credential && credentialNetwork(credential, radio, problems);
    if (!network) continue;
    // Drivers know a network by these two.
    const key = JSON.stringify([network.ssid, network.bssid]);
    const other = networks.get(key);
    if (!other || other.priority < network.priority) networks.set(key, network);
  }
  return [...networks.values()];
}

/** The network of the row's own SSID, by the table in `sta-mapping.ts`. */
function ownNetwork(row: VifConfig, report: ReportVif, problems: Problem[]): StaNetwork {
  const reportOther = (problem: Problem) => problems.push(problem);
  const security = securityOf(row);
  problems.push(...security.problems);
  const asking: StaAsking = { row, security: security.value, report, reportOther };
  const none: StaNetwork = { ssid: "", bssid: null, psk: "", wpa: openWpa, bridge: "", multiAp: false, priority: 0 };
  return Object.assign({ ...none }, ...staMapping.map(({ apply }) => apply?.(row, asking) ?? {}));
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
  ...openWpa,
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
