/** Where a client could go, what it would have there, and whether that is worth a move. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import { capacity, type Hop, loadAfter } from "./air.ts";
import type { OptimiserPolicy } from "./policy.ts";
import { type Signal, signalAt } from "./signal.ts";
import type { SnapshotBss, SnapshotClient } from "./snapshot.ts";
import type { ClientState } from "./state.ts";
import { rateAt, type View, way } from "./view.ts";

/** What a client has, or would have, at an access point. */
export interface Prospect {
  readonly bssid: Mac;
  readonly snrDb: number;
  readonly rawDb: number;
  readonly by: Signal["by"];
  /** Mbit/s of the radio link. */
  readonly linkMbps: number;
  /** Mbit/s end to end. */
  readonly capacityMbps: number;
  /** The same, as far as the client wants it. */
  readonly scoreMbps: number;
  /** The hop of the way that allows no more: 0 is the client's own. */
  readonly bottleneck: number;
  /** Its share of the time that others leave. */
  readonly free: number;
}

export type Unfit =
  | "another network"
  | "not claimed"
  | "its key does not open the band"
  | "cannot use the band"
  | "band not allowed"
  | "did not work out before"
  | "signal unknown"
  | "too weak"
  | "no way to the gateway"
  | "would be full"
  | "no better";

export type Alternative =
  | (Prospect & { readonly fit: true })
  | ({ readonly bssid: Mac; readonly fit: false; readonly why: Unfit } & Partial<Prospect>);

export interface Assessment {
  readonly present: Prospect | null;
  /** Those that fit first, the best first; then those that nearly do. */
  readonly alternatives: readonly Alternative[];
}

export interface Asked {
  readonly view: View;
  readonly client: SnapshotClient;
  readonly known: ClientState;
  readonly policy: OptimiserPolicy;
}

export function wanted({ wantsMbps, typicalMbps }: SnapshotClient): number {
  return Math.max(wantsMbps, typicalMbps);
}

/** What it has where it is; null where it is nowhere, or not known how it is heard. */
export function presentOf({ view, client, known, policy }: Asked): { prospect: Prospect; hops: readonly Hop[] } | null {
  const bss = client.bssid === null ? undefined : view.bsses.get(client.bssid);
  if (!bss) return null;
  const signal = signalAt(view, client, bss, known, policy);
  if (signal?.by !== "link") return null;
  const linkMbps = rateAt(client, bss, signal.snrDb) * calibration(client, bss, signal.snrDb);
  const hops = way(view, bss, linkMbps);
  if (!hops) return null;
  const room = capacity(hops, hops, client.mbps);
  // What goes over it goes over it, whatever the model says.
  const capacityMbps = Math.max(room.mbps, client.mbps);
  const scoreMbps = Math.min(wanted(client), capacityMbps);
  return {
    prospect: {
      bssid: bss.bssid,
      ...signal,
      linkMbps,
      capacityMbps,
      scoreMbps,
      bottleneck: room.bottleneck,
      free: room.free,
    },
    hops,
  };
}

export function assess(asked: Asked): Assessment {
  const present = presentOf(asked);
  if (!present) return { present: null, alternatives: [] };
  const alternatives = asked.view.snapshot.bsses
    .filter(({ bssid }) => bssid !== asked.client.bssid)
    .map((bss) => alternative(asked, bss, present));
  alternatives.sort(
    (a, b) =>
      Number(b.fit) - Number(a.fit) ||
      (b.scoreMbps ?? -1) - (a.scoreMbps ?? -1) ||
      // As good as each other: where there is more in reserve.
      (b.capacityMbps ?? -1) - (a.capacityMbps ?? -1) ||
      // And then where it is heard best.
      (b.snrDb ?? -100) - (a.snrDb ?? -100) ||
      (a.bssid < b.bssid ? -1 : 1),
  );
  return { present: present.prospect, alternatives };
}

/** Why it is not to be on that band, however well it would be heard there; undefined: it may be. */
export function lacking(client: SnapshotClient, { band }: SnapshotBss): Unfit | undefined {
  if (client.closed?.includes(band)) return "its key does not open the band";
  if (!client.ability.bands.includes(band)) return "cannot use the band";
  return client.allowed.length > 0 && !client.allowed.includes(band) ? "band not allowed" : undefined;
}

function alternative(
  asked: Asked,
  bss: SnapshotBss,
  present: { readonly prospect: Prospect; readonly hops: readonly Hop[] },
): Alternative {
  const { view, client, known, policy } = asked;
  const { bssid } = bss;
  const here = view.bsses.get(present.prospect.bssid);
  const unfit = (why: Unfit, more: Partial<Prospect> = {}): Alternative => ({ ...more, bssid, fit: false, why });
  if (bss.network !== here?.network) return unfit("another network");
  if (!view.nodes.get(bss.node)?.claimed) return unfit("not claimed");
  const lacks = lacking(client, bss);
  if (lacks) return unfit(lacks);
  const blocked = known.blocked.some(
    ({ from, to, until }) => from === client.bssid && to === bssid && until > view.snapshot.at,
  );
  if (blocked) return unfit("did not work out before");
  const signal = signalAt(view, client, bss, known, policy);
  if (!signal) return unfit("signal unknown");
  if (signal.snrDb < policy.leastSnrDb) return unfit("too weak", signal);
  // How far the device stays behind the model, it does everywhere.
  const factor = calibration(client, here, present.prospect.snrDb);
  const linkMbps = rateAt(client, bss, signal.snrDb) * factor;
  const hops = way(view, bss, linkMbps);
  if (!hops) return unfit("no way to the gateway", signal);
  const room = capacity(hops, present.hops, client.mbps);
  const scoreMbps = Math.min(wanted(client), room.mbps);
  const prospect = {
    bssid,
    ...signal,
    linkMbps,
    capacityMbps: room.mbps,
    scoreMbps,
    bottleneck: room.bottleneck,
    free: room.free,
  };
  if (!isGain(present.prospect.scoreMbps, scoreMbps, policy)) return unfit("no better", prospect);
  const load = loadAfter(hops, Math.min(client.typicalMbps, scoreMbps), present.hops, client.mbps);
  if (load * 100 > policy.fullPercent) return unfit("would be full", prospect);
  return { ...prospect, fit: true };
}

export function isGain(before: number, after: number, { gain, gainMbps }: OptimiserPolicy): boolean {
  return after >= before * (1 + gain) && after - before >= gainMbps;
}

/** Rates of a link that carries nothing are those of management frames: they say nothing. */
const tellingMbps = 1;

function calibration({ linkMbps, mbps, ...client }: SnapshotClient, bss: SnapshotBss, snrDb: number): number {
  if (linkMbps === null || mbps < tellingMbps) return 1;
  const model = rateAt({ ...client, linkMbps, mbps }, bss, snrDb);
  return model > 0 ? Math.min(1.5, Math.max(0.5, linkMbps / model)) : 1;
}
