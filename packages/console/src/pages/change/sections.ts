/** Parts of the network's page, as it and the finder name them. Pure. */

import type { SectionId } from "./problems.ts";

export interface SectionName {
  readonly id: SectionId;
  readonly label: string;
  /** By what else people look for it. */
  readonly words: string;
}

export const sectionNames: readonly SectionName[] = [
  { id: "networks", label: "Wi-Fi", words: "wifi SSID name passphrase password security WPA2 WPA3 hidden" },
  { id: "guests", label: "Guests and keys", words: "zones access QR code passphrase password visitors" },
  { id: "rules", label: "Rules", words: "policies schedule bedtime parental freeze block hours" },
  { id: "addresses", label: "Addresses", words: "DHCP LAN subnet reservation reserved IP DNS lease" },
  { id: "forwards", label: "Port forwards", words: "NAT open ports server" },
  { id: "internet", label: "Internet", words: "WAN PPPoE VLAN static provider uplink" },
  { id: "nodes", label: "Nodes", words: "claim add release gateway extender router role serial number" },
  { id: "radios", label: "Channels and power", words: "radios width dBm transmit band 2.4 5 6 GHz" },
  { id: "history", label: "History", words: "versions changes revert undo go back compare audit" },
];
