/** The nodes of a home file, and the network between them. */

import { z } from "zod";
import * as limits from "./limits.ts";
import { nodeLimits } from "./node-limits.ts";
import { mac, psk, ssid } from "./wifi-fields.ts";

export const nodeId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "is not an id; use up to 63 letters, digits, '.', '_' and '-'");

/** A box of the location. It is told from others by `AWLAN_Node.id` or, where given, by `AWLAN_Node.serial_number`. */
export const node = z
  .strictObject({
    id: nodeId,
    role: z.enum(["gateway", "extender"]),
    model: z.string().min(1).optional(),
    serialNumber: z.string().min(1).optional(),
    /** Common name of its certificate, where that is not its id. */
    certificateName: z.string().min(1).optional(),
    /** How it is connected to the rest of the home. */
    uplink: z.enum(["ethernet", "wifi"]).default("ethernet"),
    /** The node that an extender hangs on; left out: the gateway. */
    parent: nodeId.optional(),
    /** Addresses of its stations, where known: whom the gateway lets into the backhaul. */
    stations: z.array(mac).min(1, "is empty; leave it out where unknown").max(limits.stationsPerNode).optional(),
    /** What it cannot do more of, where neither it nor its model says. */
    limits: nodeLimits.optional(),
  })
  .superRefine(({ role, uplink, stations }, context) => {
    const onGateway = "is for extenders; a gateway's uplink is not part of the home; leave it out";
    if (role === "gateway" && uplink === "wifi") {
      context.addIssue({ code: "custom", path: ["uplink"], message: onGateway });
    }
    if (stations && uplink !== "wifi") {
      const message = "is for extenders whose 'uplink' is 'wifi'; leave it out";
      context.addIssue({ code: "custom", path: ["stations"], message });
    }
  });

/** The network between the nodes themselves, which the gateway offers and extenders know from before. */
export const backhaul = z.strictObject({
  ssid,
  psk,
  enabled: z.boolean().default(true),
});

interface BackhaulParts {
  readonly nodes: readonly z.output<typeof node>[];
  readonly networks: readonly { readonly ssid: string }[];
  readonly backhaul?: z.output<typeof backhaul> | undefined;
}

/** What nodes and backhaul say of each other. */
export function checkBackhaul({ nodes, networks, backhaul }: BackhaulParts, context: z.core.$RefinementCtx): void {
  const holder = new Map<string, number>();
  nodes.forEach(({ uplink, stations = [] }, index) => {
    if (uplink === "wifi" && !backhaul) {
      const message = "needs 'backhaul', the network that this node is connected by; state its 'ssid' and 'psk'";
      context.addIssue({ code: "custom", path: ["nodes", index, "uplink"], message });
    }
    for (const [position, station] of stations.entries()) {
      const first = holder.get(station);
      holder.set(station, first ?? index);
      if (first === undefined) continue;
      const message = `is the same as one of nodes[${first}]; each must differ`;
      context.addIssue({ code: "custom", path: ["nodes", index, "stations", position], message });
    }
  });
  const same = backhaul ? networks.findIndex(({ ssid }) => ssid === backhaul.ssid) : -1;
  if (same < 0) return;
  const message = `is that of networks[${same}], whose clients would end up beside the home; give it another`;
  context.addIssue({ code: "custom", path: ["backhaul", "ssid"], message });
}
