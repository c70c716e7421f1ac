/** Looks whether something answers through a link, and takes as long for it as such a look takes. */

import type { Clock } from "@opensync-ts/base/clock";
import type { IpFamily, ProbeOptions, ProbeTarget } from "@opensync-ts/target/network";
import type { DeviceInterfaces } from "./device-interfaces.ts";
import type { Fabric } from "./fabric.ts";
import type { Machine } from "./netdev.ts";

export interface ProbedDevice {
  readonly fabric: Fabric;
  readonly clock: Clock;
  readonly machine: Machine;
  readonly interfaces: DeviceInterfaces;
}

/** ms until an answer, and until one gives up waiting for it: after one attempt, and after all of them. */
const answerTime = 5;
const fastWait = 1000;
const fullWait = 4000;

/** Rejects only with the reason of the signal. There is no IPv6 in the simulation: nothing answers. */
export async function probe(
  device: ProbedDevice,
  link: string,
  what: ProbeTarget,
  family: IpFamily,
  { fast, signal }: ProbeOptions,
): Promise<boolean> {
  const answers = () => family === "ipv4" && isAnswered(device, link, what);
  if (answers()) {
    await device.clock.sleep(answerTime, signal);
    return answers();
  }
  await device.clock.sleep(fast ? fastWait : fullWait, signal);
  return !fast && answers();
}

function isAnswered({ fabric, machine, interfaces }: ProbedDevice, link: string, what: ProbeTarget): boolean {
  if (what === "tunnel") return interfaces.get(link)?.joints.farEnd() != null;
  const netdev = interfaces.layer3(link);
  if (!netdev?.usable || netdev.gateway === null) return false;
  const first = { netdev, via: netdev.gateway };
  return "reached" in fabric.trace(machine, what === "router" ? netdev.gateway : "internet", { first });
}
