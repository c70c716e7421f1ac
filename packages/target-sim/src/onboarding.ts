/**
 * What an extender's stations know when it leaves the factory, or since somebody has claimed it: the network of a gateway that
 * leads them to the home. As pre-populated rows in the notation of templates.
 */

import type { Prepopulation } from "@opensync-ts/target/target";
import type { RadioModel } from "./models.ts";

export interface Onboarding {
  /** 1 to 32 octets. */
  readonly ssid: string;
  /** 8 to 63 characters, or 64 hexadecimal digits. */
  readonly psk: string;
}

interface OnboardingRows {
  readonly credentials: Prepopulation[string];
  readonly vifs: Prepopulation[string];
  readonly inets: Prepopulation[string];
  /** References to the stations of a radio. */
  stationsOf(radio: RadioModel): readonly NamedUuid[];
}

type NamedUuid = readonly ["named-uuid", string];

const credential: NamedUuid = ["named-uuid", "onboarding"];

/** Frames of a tunnel fit into one frame of the link. */
const mtu = 1600;
/** Of DHCP, the subnet mask: it needs no router there, nor names. */
const dhcpOptions = [1];

/** One station per radio, but for 6 GHz: backhaul is WPA2. */
export function onboardingRows(radios: readonly RadioModel[], { ssid, psk }: Onboarding): OnboardingRows {
  const stations = radios.filter(({ band }) => band !== "6G");
  return {
    credentials: [
      {
        _uuid: credential,
        ssid,
        security: [
          "map",
          [
            ["encryption", "WPA-PSK"],
            ["key", psk],
          ],
        ],
        enabled: true,
        onboard_type: "gre",
      },
    ],
    vifs: stations.map((radio) => ({
      _uuid: reference(radio),
      if_name: nameOf(radio),
      enabled: true,
      mode: "sta",
      credential_configs: ["set", [credential]],
    })),
    inets: stations.map((radio) => ({
      if_name: nameOf(radio),
      if_type: "vif",
      enabled: true,
      network: true,
      ip_assign_scheme: "dhcp",
      dhcp_req: ["set", dhcpOptions],
      NAT: false,
      mtu,
    })),
    stationsOf: (radio) => (stations.includes(radio) ? [reference(radio)] : []),
  };
}

function nameOf({ suffix }: RadioModel): string {
  return `bhaul-sta-${suffix}`;
}

function reference({ suffix }: RadioModel): NamedUuid {
  return ["named-uuid", `station_${suffix}`];
}
