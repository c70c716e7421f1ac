/** How the interfaces of a device are joined: bridges, VLANs and tunnels inside it, wires and radio links out of it. */

import type { DeviceInterface } from "./device-interface.ts";
import type { Fabric } from "./fabric.ts";
import type { CheckedConfig } from "./interface-config.ts";
import type { Joints, Netdev } from "./netdev.ts";
import type { VifWire } from "./vif-wire.ts";
import { portKey } from "./wires.ts";

/** The interfaces of a device, as they are now. */
export interface Interfaces {
  vif(name: string): VifWire | null;
  bridgeOf(name: string): DeviceInterface | null;
  portsOf(bridge: string): Iterable<DeviceInterface>;
  childOf(parent: string, vlan: number): DeviceInterface | null;
  parentOf(name: string): { readonly netdev: DeviceInterface; readonly vlan: number } | null;
  tunnelOf(name: string): CheckedConfig["tunnel"];
}

/** Read live: nothing of it is kept. */
export function jointsOf(device: Interfaces, fabric: Fabric): (self: DeviceInterface) => Joints {
  return (self) => {
    const { name } = self;
    return {
      peers: () => peersOf(device, fabric, self),
      get relays() {
        const vif = device.vif(name);
        return vif?.type === "ap" && !vif.isolated;
      },
      bridge: () => device.bridgeOf(name),
      ports: () => device.portsOf(name),
      parent: () => device.parentOf(name),
      child: (vlan) => device.childOf(name, vlan),
      farEnd() {
        const tunnel = device.tunnelOf(name);
        const parent = device.parentOf(name)?.netdev;
        return tunnel && parent?.usable ? fabric.tunnelEnd(parent, tunnel.local, tunnel.remote) : null;
      },
    };
  };
}

function peersOf(device: Interfaces, fabric: Fabric, self: DeviceInterface): Iterable<Netdev> {
  if (self.type === "eth") return fabric.wires.peers(portKey(self.owner.name, self.name));
  const vif = device.vif(self.name);
  switch (vif?.type) {
    case "sta":
      return fabric.radios.peersOfStation(vif.mac);
    case "ap":
      return fabric.radios.peersOfAccessPoint(vif.mac, self);
    case "ap_vlan": {
      const bssid = vif.of === null ? undefined : device.vif(vif.of)?.mac;
      return bssid === undefined ? [] : fabric.radios.peersOfAccessPoint(bssid, self);
    }
    default:
      return [];
  }
}
