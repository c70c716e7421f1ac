/**
 * A mutator for access points that cannot come up as they are: without an SSID, or secured by keys or by a RADIUS
 * server of which there are none. No driver starts such a BSS, so it is not asked to: the vif stays down, confsync settles, and a limitation says
 * what is missing. Half a row written by hand is the usual cause; the other half brings the access point up.
 */

import type { Akm, ApAttributes } from "@opensync-ts/target/radio";
import type { Mutator } from "./mutators.ts";

export const incompleteAp: Mutator = {
  name: "incomplete_ap",
  mutate(tree, { state, limit }): void {
    for (const phy of tree.values()) {
      for (const vif of phy.vifs.values()) {
        if (vif.type !== "ap" || !vif.enabled) continue;
        const advice = missing(vif.ap);
        if (advice === null) continue;
        // One that is up without it has found another way; it is left alone.
        const actual = state.vifs.get(vif.name);
        if (actual?.type === "ap" && actual.status === "enabled" && missing(actual.ap) === advice) continue;
        vif.enabled = false;
        if (!phy.enabled) continue;
        limit({
          phy: phy.name,
          vif: vif.name,
          attribute: "enabled",
          asked: "true",
          holds: "false",
          notEnforced: [],
          advice,
        });
      }
    }
  },
};

const radiusAkms: readonly Akm[] = [
  "eap",
  "eap_sha256",
  "eap_sha384",
  "eap_suite_b",
  "eap_suite_b192",
  "ft_eap",
  "ft_eap_sha384",
];

const keyedAkms: readonly Akm[] = ["psk", "psk_sha256", "ft_psk", "sae", "sae_ext", "ft_sae", "ft_sae_ext"];

/** What an access point lacks to come up, and what to do; `null`: nothing. */
function missing({ ssid, wpa, psks, radius }: ApAttributes): string | null {
  if (ssid === "") return "an access point needs an SSID: set its ssid";
  const needs = (akms: readonly Akm[]) => (wpa.wpa || wpa.rsn) && wpa.akm.some((akm) => akms.includes(akm));
  if (needs(keyedAkms) && psks.length === 0) return "its security needs a key: set its PSK (wpa_psks)";
  if (needs(radiusAkms) && radius.length === 0) return "its security needs a RADIUS server: set primary_radius";
  return null;
}
