/**
 * Where clients are and were: from who is associated, as nodes' tables say it at once, and from reports, which come later but
 * know to the millisecond. Bounded: the last stays of each client, the client not heard of for the longest time goes first.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Stay, Throughput } from "../indicators/judge.ts";
import * as limits from "../limits.ts";

interface Track {
  /** In order of their beginnings; those that are open may be several, as a client may have several links. */
  readonly stays: { bssid: Mac; from: number; to: number | null }[];
  readonly throughput: { at: number; mbps: number }[];
}

export class Presence {
  /** The least recently heard of first. */
  readonly #tracks = new Map<Mac, Track>();
  /** Since when it watches: what was before it does not know. */
  readonly since: number;

  constructor(since: number) {
    this.since = since;
  }

  /** Who is on these access points of one node now: all that are. */
  takeAssociations(bssids: ReadonlySet<Mac>, associations: readonly { mac: Mac; bssid: Mac }[], at: number): void {
    const now = new Set(associations.map(({ mac, bssid }) => `${mac} ${bssid}`));
    for (const [mac, { stays }] of this.#tracks) {
      for (const stay of stays) {
        if (stay.to === null && bssids.has(stay.bssid) && !now.has(`${mac} ${stay.bssid}`)) stay.to = at;
      }
    }
    for (const { mac, bssid } of associations) this.arrived(mac, bssid, at);
  }

  arrived(mac: Mac, bssid: Mac, at: number): void {
    const { stays } = this.#track(mac);
    if (stays.some((stay) => stay.bssid === bssid && stay.to === null)) return;
    // The news of before: it has come and gone since.
    if (stays.some((stay) => stay.bssid === bssid && stay.from <= at && stay.to !== null && stay.to > at)) return;
    stays.push({ bssid, from: at, to: null });
    stays.sort((a, b) => a.from - b.from);
    if (stays.length > limits.staysPerClient) stays.shift();
  }

  left(mac: Mac, bssid: Mac, at: number): void {
    const open = this.#tracks.get(mac)?.stays.find((stay) => stay.bssid === bssid && stay.to === null);
    if (open && open.from <= at) open.to = at;
  }

  moved(mac: Mac, mbps: number, at: number): void {
    const { throughput } = this.#track(mac);
    throughput.push({ at, mbps });
    if (throughput.length > limits.throughputPerClient) throughput.shift();
  }

  /** Of several links, the one that began last. Null: it is nowhere; undefined: nothing is known of it. */
  where(mac: Mac): { readonly bssid: Mac; readonly since: number; readonly links: number } | null | undefined {
    const track = this.#tracks.get(mac);
    if (!track) return undefined;
    const open = track.stays.filter(({ to }) => to === null);
    const last = open.at(-1);
    return last ? { bssid: last.bssid, since: last.from, links: open.length } : null;
  }

  /** Access points that it is on, the one that it came to last first: several of a client with several links. */
  links(mac: Mac): readonly Mac[] {
    const open = this.#tracks.get(mac)?.stays.filter(({ to }) => to === null) ?? [];
    return open.map(({ bssid }) => bssid).reverse();
  }

  stays(mac: Mac): readonly Stay[] {
    return this.#tracks.get(mac)?.stays.map((stay) => ({ mac, ...stay })) ?? [];
  }

  throughput(mac: Mac): readonly Throughput[] {
    return this.#tracks.get(mac)?.throughput.map((sample) => ({ mac, ...sample })) ?? [];
  }

  forget(mac: Mac): void {
    this.#tracks.delete(mac);
  }

  #track(mac: Mac): Track {
    const known = this.#tracks.get(mac) ?? { stays: [], throughput: [] };
    this.#tracks.delete(mac);
    this.#tracks.set(mac, known);
    for (const oldest of this.#tracks.keys()) {
      if (this.#tracks.size <= limits.clients) break;
      this.#tracks.delete(oldest);
    }
    return known;
  }
}
