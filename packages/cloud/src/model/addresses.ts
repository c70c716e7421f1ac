/** That the parts of a document agree on where addresses are. */

import type { z } from "zod";
import type { Forward } from "./forwards.ts";
import { isHostOf, overlap, type Subnet } from "./ipv4.ts";
import type { Lan } from "./lan.ts";
import type { WanWay } from "./wan.ts";

interface Parts {
  readonly lan?: Lan | undefined;
  readonly bridges: readonly Lan[];
  readonly wan?: readonly WanWay[] | undefined;
  readonly backhaul?: object | undefined;
  readonly forwards?: readonly Forward[] | undefined;
}

interface StatedSubnet extends Subnet {
  readonly path: readonly PropertyKey[];
  /** For messages: how a person would call it. */
  readonly name: string;
}

/** Where extenders have their addresses (`backhaul-names.ts`). */
const betweenNodes: StatedSubnet = {
  address: "169.254.0.0",
  netmask: "255.255.0.0",
  path: ["backhaul"],
  name: "the backhaul",
};

/** Each local network has its bridge and its addresses, the provider's are none of them, and forwards lead into one. */
export function checkAddresses(parts: Parts, context: z.core.$RefinementCtx): void {
  const { lan, bridges, wan = [], backhaul, forwards = [] } = parts;
  const locals = [
    ...(lan ? [{ ...lan, path: ["lan"], name: "lan" }] : []),
    ...bridges.map((entry, index) => ({ ...entry, path: ["bridges", index], name: `bridges[${index}]` })),
  ];
  locals.forEach(({ bridge, path }, index) => {
    const first = locals.findIndex((entry) => entry.bridge === bridge);
    if (first === index) return;
    const message = `is that of ${locals[first]?.name} already; each local network has its own`;
    context.addIssue({ code: "custom", path: [...path, "bridge"], message });
  });
  const known: StatedSubnet[] = backhaul ? [betweenNodes] : [];
  for (const { address, netmask, path, name } of locals) {
    const subnet = { address, netmask, path: [...path, "address"], name };
    checkFree(subnet, known, context);
    known.push(subnet);
  }
  wan.forEach((way, index) => {
    if (way.type !== "static") return;
    // Ways to the Internet are alternatives: two of them may be alike.
    checkFree({ ...way, path: ["wan", index, "address"], name: `wan[${index}]` }, known, context);
  });
  if (locals.length === 0) return;
  const there = locals.map(({ address, netmask }) => `${address}, netmask ${netmask}`).join("; ");
  forwards.forEach(({ to }, index) => {
    if (locals.some((subnet) => isHostOf(subnet, to))) return;
    const message = `is in no local network of the home (${there}); give an address of one`;
    context.addIssue({ code: "custom", path: ["forwards", index, "to"], message });
  });
}

function checkFree(subnet: StatedSubnet, known: readonly StatedSubnet[], context: z.core.$RefinementCtx): void {
  const other = known.find((entry) => overlap(entry, subnet));
  if (!other) return;
  const message = `shares addresses with ${other.name} (${other.address}, netmask ${other.netmask}), so nobody could tell where they are; give each its own subnet`;
  context.addIssue({ code: "custom", path: [...subnet.path], message });
}
