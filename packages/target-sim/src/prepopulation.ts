/**
 * The rows with which the database of a simulated device starts, beyond those all devices have: its radios, its
 * Ethernet ports, its LAN bridge. Radios have no channel and no vifs yet: those are the controller's to choose.
 */

import type { Prepopulation } from "@opensync-ts/target/target";
import type { DeviceModel, RadioModel } from "./models.ts";

export const lanBridge = "br-home";

export function prepopulationOf(model: DeviceModel): Prepopulation {
  return {
    Wifi_Radio_Config: model.radios.map(radioRow),
    Wifi_Inet_Config: [
      { ...inetRow(lanBridge, "bridge"), network: false },
      ...[model.uplinkPort, ...model.lanPorts].map((port) => ({ ...inetRow(port, "eth"), NAT: false, mtu: 1500 })),
    ],
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
