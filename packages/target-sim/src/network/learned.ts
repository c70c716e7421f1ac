/** What the bridges of a device have learned: which addresses are behind which of their ports. */

import type { LearnedMac } from "@opensync-ts/target/network";
import type { DeviceInterface } from "./device-interface.ts";
import { flood } from "./flood.ts";
import { maxLearned } from "./limits.ts";

/** In a loop an address is behind the first of the ports. */
export function learnedMacs(interfaces: Iterable<DeviceInterface>, vlans: Iterable<number>): readonly LearnedMac[] {
  const learned = new Map<string, LearnedMac>();
  const tags = [...vlans];
  for (const bridge of interfaces) {
    if (bridge.type !== "bridge" || !bridge.usable) continue;
    for (const port of bridge.joints.ports()) {
      for (const vlan of tags) {
        for (const { owner, mac } of flood(port, { vlan })) {
          if (learned.size >= maxLearned) return [...learned.values()];
          const key = `${bridge.name} ${mac} ${vlan}`;
          if (owner !== bridge.owner && !learned.has(key)) {
            learned.set(key, { bridge: bridge.name, port: port.name, mac, vlan });
          }
        }
      }
    }
  }
  return [...learned.values()];
}
