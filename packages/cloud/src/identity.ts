/** Who is calling: what the node says of itself in `AWLAN_Node`, and what its certificate proves. Pure. */

import type { Home, HomeNode } from "./home.ts";

/** The columns of `AWLAN_Node` that tell one node from another. */
export interface ClaimedIdentity {
  readonly id: string | null;
  readonly serialNumber: string | null;
}

export type Identity<P> =
  | { readonly kind: "member"; readonly place: P }
  /** Nothing to hold against it, but no home states it (or it has not said yet who it is). */
  | { readonly kind: "unknown"; readonly reason: string }
  /** It claims to be a node whose certificate it does not have. */
  | { readonly kind: "impostor"; readonly place: P; readonly reason: string };

/** Which nodes the homes state, each with whatever `P` says of where. */
export class NodeIndex<P extends { readonly node: HomeNode }> {
  readonly #byId = new Map<string, P>();
  /** Of nodes that are told by their serial number. */
  readonly #bySerial = new Map<string, P>();

  /** Takes the nodes of a home. Those that another home has stated before remain its: their ids are returned. */
  add(home: Home, placeOf: (node: HomeNode) => P): readonly string[] {
    const taken: string[] = [];
    for (const node of home.nodes) {
      const { id, serialNumber } = node;
      if (this.#byId.has(id) || (serialNumber !== undefined && this.#bySerial.has(serialNumber))) {
        taken.push(id);
        continue;
      }
      const place = placeOf(node);
      this.#byId.set(id, place);
      if (serialNumber !== undefined) this.#bySerial.set(serialNumber, place);
    }
    return taken;
  }

  /** Forgets the nodes whose place is one of those. */
  remove(home: Home, isOne: (place: P) => boolean): void {
    for (const { id, serialNumber } of home.nodes) {
      const place = this.#byId.get(id);
      if (!place || !isOne(place)) continue;
      this.#byId.delete(id);
      if (serialNumber !== undefined) this.#bySerial.delete(serialNumber);
    }
  }

  /** By the id that the home states. */
  byId(id: string): P | undefined {
    return this.#byId.get(id);
  }

  bySerial(serialNumber: string): P | undefined {
    return this.#bySerial.get(serialNumber);
  }

  /** `commonName` is that of the peer's certificate; `undefined` where the connection has none (plain TCP). */
  identify({ id, serialNumber }: ClaimedIdentity, commonName: string | undefined): Identity<P> {
    if (!id && !serialNumber) return { kind: "unknown", reason: "AWLAN_Node has neither id nor serial_number yet" };
    const place = this.#place(id, serialNumber);
    if (!place) {
      const reason = `node '${id ?? serialNumber}' is in no home; claim it, or add it to 'nodes' of a home file, to provision it`;
      return { kind: "unknown", reason };
    }
    const problem = certificateProblem(place.node, commonName);
    if (problem === null) return { kind: "member", place };
    return { kind: "impostor", place, reason: `it says it is '${place.node.id}', but ${problem}` };
  }

  #place(id: string | null, serialNumber: string | null): P | undefined {
    const bySerial = serialNumber ? this.#bySerial.get(serialNumber) : undefined;
    if (bySerial) return bySerial;
    for (const name of [id, serialNumber]) {
      const place = name ? this.#byId.get(name) : undefined;
      if (place && place.node.serialNumber === undefined) return place;
    }
    return undefined;
  }
}

/** Null where the certificate is the node's, or the connection has none. */
export function certificateProblem(node: HomeNode, commonName: string | undefined): string | null {
  const expected = node.certificateName ?? node.id;
  if (commonName === undefined || commonName === expected) return null;
  return `its certificate is that of '${commonName}' (expected '${expected}'; set 'certificateName' if that is right)`;
}
