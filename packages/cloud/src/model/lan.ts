/** Local networks of a document: the gateway's LAN and the bridges beside it, with whom they give addresses to. */

import { z } from "zod";
import * as limits from "../limits.ts";
import { ipv4, mac } from "../wifi-fields.ts";
import { boundsOf, ipv4Number, ipv4Text, isHostOf, isNetmask, type Subnet } from "./ipv4.ts";
import { unique } from "./unique.ts";

const dhcp = z
  .strictObject({
    start: ipv4,
    stop: ipv4,
    leaseTime: z
      .string()
      .regex(/^[1-9]\d*[smh]?$/, "is no lease time; write 12h, 30m or seconds")
      .default("12h"),
    /** All there are; left out: whatever the gateway has. */
    reservations: z
      .array(
        z.strictObject({
          mac,
          address: ipv4,
          name: z
            .string()
            .regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, "is no host name; use letters, digits and '-'")
            .optional(),
        }),
      )
      .max(limits.reservationsPerHome)
      .optional(),
  })
  .superRefine(({ reservations = [] }, context) => {
    unique(context, reservations, "reservations", (entry) => entry.mac, "mac");
    unique(context, reservations, "reservations", (entry) => entry.address, "address");
  });

export const lan = z
  .strictObject({
    bridge: z.string().min(1).max(15).default("br-home"),
    address: ipv4,
    netmask: ipv4.default("255.255.255.0"),
    dhcp: dhcp.optional(),
    /** Name servers that clients are told of; left out: the gateway itself. */
    dns: z.strictObject({ primary: ipv4, secondary: ipv4.optional() }).optional(),
  })
  .superRefine((lan, context) => {
    const problem = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path: [...path], message });
    const { address, netmask, dhcp } = lan;
    if (!isNetmask(netmask)) {
      problem(["netmask"], "is not a netmask; write it as 255.255.255.0");
      return;
    }
    if (!isHostOf(lan, address)) {
      problem(["address"], `is the address of a whole network, netmask ${netmask}; give one from ${hostsText(lan)}`);
      return;
    }
    if (!dhcp) return;
    const where = `is not in the LAN of ${address}, netmask ${netmask}`;
    const outside = (["start", "stop"] as const).filter((end) => !isHostOf(lan, dhcp[end]));
    for (const end of outside) problem(["dhcp", end], `${where}; give one from ${hostsText(lan)}`);
    if (outside.length === 0 && ipv4Number(dhcp.start) > ipv4Number(dhcp.stop)) {
      problem(["dhcp", "start"], "is behind 'stop'; exchange the two");
    }
    dhcp.reservations?.forEach((entry, index) => {
      const path = ["dhcp", "reservations", index, "address"];
      if (!isHostOf(lan, entry.address)) problem(path, `${where}; give an address of it`);
      else if (entry.address === address) problem(path, "is the gateway's own; give the device another");
    });
  });

export type Lan = z.output<typeof lan>;

/** The addresses that hosts of the network can have, to be named. */
function hostsText(subnet: Subnet): string {
  const [first, last] = boundsOf(subnet);
  return `${ipv4Text(first + 1)} to ${ipv4Text(last - 1)}`;
}
