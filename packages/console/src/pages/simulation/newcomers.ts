/** Phones that came to a simulated home, in words. Pure. */

import { bandText } from "../../ui/words.ts";
import type { SimulatedClient } from "./plan.ts";

export type Newcomer = SimulatedClient & { readonly joined: NonNullable<SimulatedClient["joined"]> };

/** Those that somebody has brought. */
export function newcomersOf(clients: readonly SimulatedClient[]): readonly Newcomer[] {
  return clients.filter((client): client is Newcomer => client.joined !== null);
}

export type Tone = "good" | "bad" | "soft";

export interface Fate {
  readonly tone: Tone;
  readonly text: string;
}

/** What has become of it. */
export function fateOf({ joined: { ssid, refused }, link, state }: Newcomer): Fate {
  if (link) return { tone: "good", text: `has joined “${ssid}” on ${link.node}, ${bandText(link.band)}` };
  if (refused === "passphrase") {
    return { tone: "bad", text: `is refused: this passphrase opens nothing on “${ssid}”` };
  }
  if (refused === "no-network") {
    return { tone: "bad", text: `finds no network called “${ssid}” on the air; it joins once there is one` };
  }
  return { tone: "soft", text: state === "joining" ? `asks to join “${ssid}” …` : `looks for “${ssid}” …` };
}

/** When it has tried its passphrase last, and what comes next; undefined: it is not refused for that. `moment`: ISO 8601 as it is read. */
export function triedText({ joined: { refused, refusedAt } }: Newcomer, moment: (at: string) => string) {
  if (refused !== "passphrase" || refusedAt === null) return undefined;
  return (
    `Tried last at ${moment(refusedAt)}; it tries again by itself, every second or so at first and ever more seldom, and at once when the keys of the ` +
    "network change. For another passphrase: Undo, and let it join again."
  );
}

/** What it reaches, as tried at this moment; undefined: it is not in. */
export function reachedText({ joined: { reaches }, link }: Newcomer): string | undefined {
  if (!link) return undefined;
  if (!reaches) return "It has no address yet.";
  const { internet, others, untried } = reaches;
  const names = (isReached: boolean) => others.filter(({ reached }) => reached === isReached).map(({ name }) => name);
  const [open, shut] = [names(true), names(false)];
  const first = internet ? "the Internet: yes" : "the Internet: no";
  const parts = [
    first,
    ...(open.length > 0 ? [`devices at home: ${listText(open)}`] : []),
    ...(shut.length > 0 ? [`does not reach ${listText(shut)}`] : []),
    ...(untried > 0 ? [`not tried: ${untried} more`] : []),
  ];
  return `Tried now: ${parts.join("; ")}.`;
}

/** Named in one line; the rest is counted. */
const named = 10;

function listText(names: readonly string[]): string {
  const more = names.length - named;
  return more > 0 ? `${names.slice(0, named).join(", ")} and ${more} more` : names.join(", ");
}
