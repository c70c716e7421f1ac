/** Where a station is, by what drivers report: its links in use, and those that it has left without a word. */

import type { Mac } from "@opensync-ts/base/units";
import type { StationState, VifState } from "@opensync-ts/target/radio";

export interface ReportedLink {
  readonly state: StationState;
  readonly vif: VifState;
}

export interface Association {
  /** In use, the newest first. */
  readonly links: readonly ReportedLink[];
  readonly mlo: boolean;
  /** One of its links has the row's address, and belongs to a device with another. */
  readonly otherDevice: boolean;
}

const none: Association = { links: [], mlo: false, otherDevice: false };

/** `station`: the address of a link, or of a multi-link device. `reported`: all links of that address. */
export function associationOf(station: Mac, reported: readonly ReportedLink[]): Association {
  const ordered = reported.toSorted(
    (a, b) => b.state.connectedAt - a.state.connectedAt || (a.vif.name < b.vif.name ? -1 : 1),
  );
  const [newest] = ordered;
  if (!newest) return none;
  const device = mldPair(newest);
  const links = device === null ? [newest] : ordered.filter((link) => mldPair(link) === device);
  const otherDevice = links.some(
    ({ state }) => state.mac === station && state.mldAddr !== null && state.mldAddr !== station,
  );
  return { links, mlo: device !== null, otherDevice };
}

/** Multi-link on both sides; null: not. */
function mldPair({ state, vif }: ReportedLink): string | null {
  const own = vif.type === "ap" ? vif.ap.mld?.addr : undefined;
  return state.mldAddr !== null && own !== undefined ? `${state.mldAddr} ${own}` : null;
}
