/** The LAN of a home file: the gateway's address in it, and the addresses that it hands out. */

import { z } from "zod";
import * as limits from "./limits.ts";
import { unique } from "./unique.ts";
import { ipv4, mac } from "./wifi-fields.ts";

/** The gateway's LAN. */
export const lan = z
  .strictObject({
    bridge: z.string().min(1).max(15).default("br-home"),
    address: ipv4,
    netmask: ipv4.default("255.255.255.0"),
    dhcp: z
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
      })
      .optional(),
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
    const range = hostRange(address, netmask);
    if (!range.has(address)) {
      problem(["address"], `is the address of a whole network, netmask ${netmask}; give one from ${range.text}`);
      return;
    }
    if (!dhcp) return;
    const where = `is not in the LAN of ${address}, netmask ${netmask}`;
    const outside = (["start", "stop"] as const).filter((end) => !range.has(dhcp[end]));
    for (const end of outside) problem(["dhcp", end], `${where}; give one from ${range.text}`);
    if (outside.length === 0 && ipv4Number(dhcp.start) > ipv4Number(dhcp.stop)) {
      problem(["dhcp", "start"], "is behind 'stop'; exchange the two");
    }
    dhcp.reservations?.forEach((entry, index) => {
      if (!range.has(entry.address))
        problem(["dhcp", "reservations", index, "address"], `${where}; give an address of it`);
    });
  });

/** Whether an address can be a host's in the network of another. */
export function isInLan(text: string, address: string, netmask: string): boolean {
  return hostRange(address, netmask).has(text);
}

/** The addresses that hosts of the network can have: all but the first and the last. */
function hostRange(address: string, netmask: string) {
  const mask = ipv4Number(netmask);
  const network = (ipv4Number(address) & mask) >>> 0;
  const last = (network | ~mask) >>> 0;
  const has = (text: string) => ipv4Number(text) > network && ipv4Number(text) < last;
  return { has, text: `${ipv4Text(network + 1)} to ${ipv4Text(last - 1)}` };
}

/** Ones, then zeros, and room for a gateway and a client at least. */
function isNetmask(text: string): boolean {
  const host = ~ipv4Number(text) >>> 0;
  return host >= 3 && ((host + 1) & host) === 0;
}

function ipv4Number(text: string): number {
  return text.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
}

function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
