/** Nobody is without service for longer than what keeps it out may. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import { serviceBounds } from "@opensync-ts/wireless/steering/limits";
import type { Client } from "@opensync-ts/world/client";
import { sensitivity } from "@opensync-ts/world/spectrum";
import { longestRejecting } from "./blocks.ts";
import { explanationOf, Memory, type WatchedHome } from "./watched-home.ts";

type Kind = "attempt" | "pre_assoc" | "cs" | "vif down" | "driver";

interface Out {
  /** When it last looked for us while it was out. */
  knockedAt: number | null;
  readonly since: Map<Kind, number>;
}

export class ServiceWatch {
  readonly longest: Record<Kind, number> = { attempt: 0, pre_assoc: 0, cs: 0, "vif down": 0, driver: 0 };
  readonly #watched: WatchedHome;
  readonly #out = new Memory<Out>(() => ({ knockedAt: null, since: new Map() }));
  readonly #unsubscribe: Unsubscribe;

  constructor(watched: WatchedHome) {
    this.#watched = watched;
    this.#unsubscribe = watched.home.world.events.on("probed", ({ client }) => {
      const out = this.#out.of(client.device.mac);
      if (out.since.has("pre_assoc")) out.knockedAt ??= watched.home.clock.now();
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** Now and then: whoever hears us somewhere, and is refused everywhere, is kept out by steering. */
  look(): void {
    const now = this.#watched.home.clock.now();
    for (const client of this.#watched.home.world.clients()) {
      const { mac, name } = client.device;
      if (!this.#watched.clients.includes(mac)) continue;
      const out = this.#out.of(mac);
      const kinds = client.association === null ? this.#refusals(client) : [];
      // Let in, or refused anew by another row.
      if (!kinds.includes("pre_assoc") || (out.knockedAt ?? 0) < this.#anewAt(mac)) out.knockedAt = null;
      for (const kind of out.since.keys()) if (!kinds.includes(kind)) out.since.delete(kind);
      for (const kind of kinds) {
        if (!out.since.has(kind)) out.since.set(kind, now);
        const time = now - this.#counted(kind, mac, out);
        this.longest[kind] = Math.max(this.longest[kind], time);
        const bound = this.#bound(kind, mac);
        if (time <= bound) continue;
        this.#watched.broken(`${name} ${mac} is shut out for ${time} ms by ${kind}, of ${bound}`);
        out.since.set(kind, now);
      }
    }
  }

  /** Empty: it can come in somewhere, or hears nothing at all. */
  #refusals({ device: { mac, bands } }: Client): readonly Kind[] {
    const { world, bsses } = this.#watched.home;
    const heard = bsses.filter(({ bss: { bssid, band } }) => {
      if (!bands.includes(band) || world.bss(bssid) === null) return false;
      return (world.heardAt(bssid, mac) ?? Number.NEGATIVE_INFINITY) >= sensitivity;
    });
    if (!heard.every(({ bss }) => world.bss(bss.bssid)?.acl.macs.includes(mac))) return [];
    return [...new Set(heard.map(({ node, bss }) => this.#kindOf(node, bss.vif, mac)))];
  }

  #kindOf(id: string, vif: string | null, client: Mac): Kind {
    const node = this.#watched.nodes.find((one) => one.node.id === id);
    const candidate = node && explanationOf(node, client)?.candidates.find((one) => one.vif === vif);
    if (candidate?.preference !== "HARD_BLOCKED" && candidate?.preference !== "SOFT_BLOCKED") return "driver";
    if (candidate.by === "pre_assoc") return "pre_assoc";
    if (candidate.by === "cs_deny_filter") return "cs";
    return candidate.by === "defer_vif_down_deny" ? "vif down" : "attempt";
  }

  /** From when on. */
  #counted(kind: Kind, client: Mac, { since, knockedAt }: Out): number {
    const from = kind === "pre_assoc" ? (knockedAt ?? this.#watched.home.clock.now()) : (since.get(kind) ?? 0);
    return Math.max(from, this.#excusedUntil(), kind === "cs" ? this.#watched.settledAt(client) : 0);
  }

  /** When refusals before association last began anew: other rows, other access points, drivers that do not tell who comes. */
  #anewAt(client: Mac): number {
    const { settledAt, nodes } = this.#watched;
    return Math.max(settledAt(client), this.#excusedUntil(), ...nodes.map((node) => node.switchedAt()));
  }

  #excusedUntil(): number {
    return Math.max(...this.#watched.nodes.map((node) => node.excusedUntil()));
  }

  #bound(kind: Kind, client: Mac): number {
    const settings = this.#watched.settingsOf(client);
    switch (kind) {
      case "attempt":
        return serviceBounds.gone;
      case "pre_assoc":
        return longestRejecting(settings);
      case "cs":
        return settings.clientSteering.period;
      case "vif down":
        return serviceBounds.vifDown + serviceBounds.driver;
      case "driver":
        return serviceBounds.driver;
    }
  }
}
