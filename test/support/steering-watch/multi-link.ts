/** Clients of several links are not steered by water marks or before association, nor refused on one of their links. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { WatchedHome } from "./watched-home.ts";
import { explanationOf } from "./watched-home.ts";

/** What may ask a client of several links to go. */
const allowed: readonly string[] = ["defer_vif_down_deny", "force_kick", "cs_kick_filter"];

export class MultiLinkWatch {
  /** Decisions about clients with several links. */
  decisions = 0;
  readonly #unsubscribe: readonly Unsubscribe[];

  constructor({ nodes, home: { world }, broken }: WatchedHome) {
    this.#unsubscribe = nodes.flatMap((node) => [
      node.steering.events.on("decision", ({ station }) => {
        if ((world.client(station)?.association?.links.length ?? 0) > 1) this.decisions++;
      }),
      node.steering.events.on("action", ({ station, action }) => {
        const links = world.client(station)?.association?.links ?? [];
        const explanation = explanationOf(node, station);
        if (links.length < 2 || !explanation || explanation.links.length < 2) return;
        if (!links.every((bssid) => explanation.links.some((link) => link.bssid === bssid))) return;
        const says = (words: string) => broken(`${node.node.id} ${station}, with ${links.length} links: ${words}`);
        if (action.type === "block" && action.blocked) says(`refused on ${action.vif}`);
        if (action.type !== "btm" && action.type !== "deauth") return;
        const policy = explanation.attempt?.policy ?? "nothing";
        if (!allowed.includes(policy)) says(`${action.type} by ${policy}`);
        if (action.type === "btm" && action.links.length !== links.length)
          says(`asked on ${action.links.length} of them`);
        if (action.type === "btm" && action.candidates.some(({ bssid }) => links.includes(bssid)))
          says("sent from one of them to another");
      }),
    ]);
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }
}
