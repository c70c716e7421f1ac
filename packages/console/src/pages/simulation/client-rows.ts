/** Which clients the table of the simulation shows. Pure. */

import type { SimulatedClient } from "./plan.ts";

/** More make the page long, and the plan is out of sight then. */
export const rowsShown = 20;

export interface Wanted {
  /** In the name, the address or the node. */
  readonly typed: string;
  readonly chosen: string | null;
  readonly isWhole: boolean;
}

/** Those that are found; of many the first, and whoever is chosen or walks. `rest`: how many are found and not shown. */
export function clientRows(
  clients: readonly SimulatedClient[],
  { typed, chosen, isWhole }: Wanted,
): { readonly shown: readonly SimulatedClient[]; readonly rest: number } {
  const words = typed.trim().toLowerCase();
  const found = clients.filter(({ name, mac, link }) =>
    [name, mac, link?.node ?? ""].some((text) => text.toLowerCase().includes(words)),
  );
  const shown = isWhole
    ? found
    : found.filter(({ mac, walkingTo }, index) => index < rowsShown || mac === chosen || walkingTo !== null);
  return { shown, rest: found.length - shown.length };
}
