/** Who is calling: what the node says of itself in `AWLAN_Node`, and what its certificate proves. Pure. */

import type { Home, HomeNode } from "./home.ts";

/** The columns of `AWLAN_Node` that tell one node from another. */
export interface ClaimedIdentity {
  readonly id: string | null;
  readonly serialNumber: string | null;
}

export type Identity =
  | { readonly kind: "member"; readonly node: HomeNode }
  /** Nothing to hold against it, but the home does not state it (or it has not said yet who it is). */
  | { readonly kind: "unknown"; readonly reason: string }
  /** It claims to be a node whose certificate it does not have. */
  | { readonly kind: "impostor"; readonly reason: string };

/** `commonName` is that of the peer's certificate; `undefined` where the connection has none (plain TCP). */
export function identify(home: Home, claimed: ClaimedIdentity, commonName: string | undefined): Identity {
  const { id, serialNumber } = claimed;
  if (!id && !serialNumber) return { kind: "unknown", reason: "AWLAN_Node has neither id nor serial_number yet" };
  const node = home.nodes.find((entry) =>
    entry.serialNumber === undefined
      ? entry.id === id || entry.id === serialNumber
      : entry.serialNumber === serialNumber,
  );
  if (!node) {
    const reason = `node '${id ?? serialNumber}' is not in home '${home.name}'; add it to 'nodes' to provision it`;
    return { kind: "unknown", reason };
  }
  const expected = node.certificateName ?? node.id;
  if (commonName !== undefined && commonName !== expected) {
    const reason = `it says it is '${node.id}', but its certificate is that of '${commonName}' (expected '${expected}'; set 'certificateName' if that is right)`;
    return { kind: "impostor", reason };
  }
  return { kind: "member", node };
}
