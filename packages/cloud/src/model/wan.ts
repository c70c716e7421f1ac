/** How the gateway reaches the Internet (`WAN_Config`): ways that it tries in this order, each perhaps on a VLAN. */

import { z } from "zod";
import { ipv4 } from "../wifi-fields.ts";
import { isHostOf, isNetmask } from "./ipv4.ts";

const vlan = z
  .int()
  .min(1, "is no VLAN; give 1 to 4094, or leave it out")
  .max(4094, "is no VLAN; give 1 to 4094, or leave it out")
  .optional();

const credential = z
  .string()
  .regex(/^[\x20-\x7e]{1,128}$/, "is not usable; the provider's has 1 to 128 printable ASCII characters");

export const wanWay = z
  .discriminatedUnion(
    "type",
    [
      z.strictObject({ type: z.literal("dhcp"), vlan }),
      z.strictObject({ type: z.literal("pppoe"), vlan, username: credential, password: credential }),
      z.strictObject({
        type: z.literal("static"),
        vlan,
        address: ipv4,
        netmask: ipv4.refine(isNetmask, "is no netmask; write it as 255.255.255.0"),
        gateway: ipv4,
        dns: z.strictObject({ primary: ipv4, secondary: ipv4.optional() }),
      }),
    ],
    { error: "has no 'type' that is known; use dhcp, pppoe or static" },
  )
  .superRefine((value, context) => {
    if (value.type !== "static") return;
    const { address, netmask, gateway } = value;
    if (!isHostOf(value, address)) {
      const message = `is no address for a device of its subnet (netmask ${netmask}); give the one that the provider has assigned`;
      context.addIssue({ code: "custom", path: ["address"], message });
    }
    if (isHostOf(value, gateway) && gateway !== address) return;
    const message = `is no other address of the subnet of ${address}, netmask ${netmask}; give the provider's router`;
    context.addIssue({ code: "custom", path: ["gateway"], message });
  });

export type WanWay = z.output<typeof wanWay>;
