/** A snapshot with its parts found quickly, and the ways from access points to the gateway. */

import type { Mac } from "@opensync-ts/base/units";
import * as limits from "../limits.ts";
import type { Hop } from "./air.ts";
import { common, linkRate, usableShare } from "./rates.ts";
import type { Snapshot, SnapshotBss, SnapshotClient, SnapshotNode } from "./snapshot.ts";

export interface View {
  readonly snapshot: Snapshot;
  readonly bsses: ReadonlyMap<Mac, SnapshotBss>;
  readonly nodes: ReadonlyMap<string, SnapshotNode>;
}

export function viewOf(snapshot: Snapshot): View {
  return {
    snapshot,
    bsses: new Map(snapshot.bsses.map((bss) => [bss.bssid, bss])),
    nodes: new Map(snapshot.nodes.map((node) => [node.id, node])),
  };
}

/** Mbit/s of the radio link of this client there. */
export function rateAt(client: SnapshotClient, bss: SnapshotBss, snrDb: number): number {
  const { generation, streams, maxWidth: width } = client.ability;
  return linkRate(snrDb, common(bss, { generation, streams, width }));
}

/** From the client to the gateway; undefined where no way leads there (a parent that is not there, a ring). */
export function way(view: View, bss: SnapshotBss, linkMbps: number): readonly Hop[] | undefined {
  const { band, channel, width, busyPercent } = bss;
  const hops: Hop[] = [{ band, channel, width, usableMbps: linkMbps * usableShare, busy: share(busyPercent) }];
  let node = view.nodes.get(bss.node);
  while (node?.uplink) {
    if (hops.length > limits.hops) return undefined;
    const { parent, linkMbps: rate, busyPercent: busy, ...link } = node.uplink;
    hops.push({
      band: link.band,
      channel: link.channel,
      width: link.width,
      usableMbps: rate * usableShare,
      busy: share(busy),
    });
    node = view.nodes.get(parent);
  }
  return node && hops;
}

function share(percent: number | null): number | null {
  return percent === null ? null : percent / 100;
}
