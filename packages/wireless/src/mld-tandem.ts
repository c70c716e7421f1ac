/**
 * The STA vifs that are links of one multi-link device (MLD) connect and disconnect together: the supplicant behind them
 * is one. What each would do by itself is merged over all links, whichever phys they are on: one that must disconnect
 * takes the others along, else one that must connect does.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { StaOperation } from "./sta-operation.ts";

export interface Link<Change> {
  /** `wifi1/bhaul-sta-50`. */
  readonly object: string;
  /** What it would do by itself. */
  readonly operation: StaOperation | null;
  /** Its change, would it do this instead. */
  withOperation(operation: StaOperation | null): Change | null;
}

export class Tandem<Change> {
  readonly #devices = new Map<Mac, Link<Change>[]>();

  /** `device`: the address of the MLD that the link is of. */
  add(device: Mac, link: Link<Change>): void {
    const links = this.#devices.get(device);
    if (links) links.push(link);
    else this.#devices.set(device, [link]);
  }

  /** Links that have to do something else than they would by themselves. */
  *disagreements(): Generator<{ readonly link: Link<Change>; readonly operation: StaOperation | null }> {
    for (const links of this.#devices.values()) {
      const operation = merge(links.map((link) => link.operation));
      for (const link of links) if (link.operation !== operation) yield { link, operation };
    }
  }
}

function merge(operations: readonly (StaOperation | null)[]): StaOperation | null {
  if (operations.includes("disconnect")) return "disconnect";
  return operations.includes("connect") ? "connect" : null;
}
