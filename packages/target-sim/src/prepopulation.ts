/**
 * The rows with which the database of a simulated device starts, beyond those all devices have: its radios, its
 * Ethernet ports, its LAN bridge. Radios have no channel and no vifs yet: those are the controller's to choose.
 */

import type { Prepopulation } from "@opensync-ts/target/target";
import type { DeviceModel, RadioModel } from "./models.ts";
import { type Onboarding, onboardingRows } from "./onboarding.ts";

export const lanBridge = "br-home";

/** `bridged`: as on most boards, the LAN ports are ports of the LAN bridge from the start. `free`: that is somebody's to decide. */
export type LanPorts = "bridged" | "free";

export interface Factory {
  /** Default `bridged`. */
  readonly lanPorts?: LanPorts | undefined;
  readonly onboarding?: Onboarding | undefined;
}

export function prepopulationOf(model: DeviceModel, { lanPorts = "bridged", onboarding }: Factory = {}): Prepopulation {
  const wifi = onboarding && onboardingRows(model.radios, onboarding);
  return {
    ...(wifi && { Wifi_Credential_Config: wifi.credentials, Wifi_VIF_Config: wifi.vifs }),
    Wifi_Radio_Config: model.radios.map((radio) => ({
      ...radioRow(radio),
      ...(wifi && { vif_configs: ["set", wifi.stationsOf(radio)] }),
    })),
    Wifi_Inet_Config: [
      ...(wifi?.inets ?? []),
      model.servesLan ? factoryLan : { ...inetRow(lanBridge, "bridge"), network: false },
      { ...inetRow(model.uplinkPort, "eth"), NAT: false, mtu: 1500 },
      ...model.lanPorts.map((port) => ({ ...inetRow(port, "eth"), NAT: false, mtu: 1500, mac_reporting: true })),
    ],
    ...(lanPorts === "bridged" ? lanRows(model.lanPorts) : {}),
  };
}

/** Seconds. Short: who has an address of the factory's LAN shall soon ask again, once there is the owner's. */
export const factoryLeaseTime = 120;

/** What a router's LAN is until somebody wants another one. */
const factoryLan = {
  ...inetRow(lanBridge, "bridge"),
  NAT: false,
  ip_assign_scheme: "static",
  inet_addr: "192.168.40.1",
  netmask: "255.255.255.0",
  dhcpd: [
    "map",
    [
      ["start", "192.168.40.2"],
      ["stop", "192.168.40.254"],
      ["lease_time", `${factoryLeaseTime}s`],
    ],
  ],
};

/** LAN ports are ports of the LAN bridge from the start. A bridge is a port of itself. */
function lanRows(ports: readonly string[]): Prepopulation {
  const members = [lanBridge, ...ports];
  const named = (kind: string, name: string) => ["named-uuid", `${kind}_${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`];
  return {
    Bridge: [
      {
        _uuid: named("bridge", lanBridge),
        name: lanBridge,
        ports: ["set", members.map((name) => named("port", name))],
      },
    ],
    Port: members.map((name) => ({ _uuid: named("port", name), name, interfaces: named("interface", name) })),
    Interface: members.map((name) => ({
      _uuid: named("interface", name),
      name,
      ...(name === lanBridge && { type: "internal" }),
    })),
  };
}

function radioRow(radio: RadioModel) {
  return {
    if_name: radio.phy,
    freq_band: radio.freqBand,
    enabled: true,
    hw_type: "sim",
    hw_mode: radio.generation === "be" ? "11be" : "11ax",
    ht_mode: `HT${radio.channel.width}`,
    channel_mode: "cloud",
  };
}

function inetRow(name: string, type: "bridge" | "eth") {
  return { if_name: name, if_type: type, enabled: true, network: true, ip_assign_scheme: "none" };
}
