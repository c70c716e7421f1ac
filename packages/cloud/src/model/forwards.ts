/** Port forwards: what the Internet reaches of a home. */

import { z } from "zod";
import { ipv4 } from "../wifi-fields.ts";

const port = z.int().min(1, "is no port; give 1 to 65535").max(65_535, "is no port; give 1 to 65535");

export const forward = z.strictObject({
  /** For people. */
  label: z.string().min(1).max(64).optional(),
  enabled: z.boolean().default(true),
  protocol: z.enum(["tcp", "udp", "both"]),
  /** On the gateway's side of the Internet. */
  port,
  to: ipv4,
  /** Left out: the same. */
  toPort: port.optional(),
  /** Devices of the home reach it by the gateway's public address as well. */
  loopback: z.boolean().default(false),
});

export type Forward = z.output<typeof forward>;

export function protocolsOf({ protocol }: Pick<Forward, "protocol">): readonly ("tcp" | "udp")[] {
  return protocol === "both" ? ["tcp", "udp"] : [protocol];
}

/** That no port is forwarded twice. */
export function checkForwards(forwards: readonly Forward[], context: z.core.$RefinementCtx): void {
  const holder = new Map<string, number>();
  forwards.forEach((entry, index) => {
    for (const protocol of protocolsOf(entry)) {
      const key = `${protocol} ${entry.port}`;
      const first = holder.get(key);
      holder.set(key, first ?? index);
      if (first === undefined) continue;
      const message = `${protocol} of this port is forwarded by forwards[${first}] already; give another port`;
      context.addIssue({ code: "custom", path: ["forwards", index, "port"], message });
    }
  });
}
