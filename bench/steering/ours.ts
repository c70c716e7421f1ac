/** The engine of `packages/wireless/src/steering` on every node, with settings as a cloud would write them. */

import { type Mac, mac } from "@opensync-ts/base/units";
import type { SteeringNeighbor } from "@opensync-ts/wireless/steering/bss-table";
import { type ClientSettings, defaultSettings } from "@opensync-ts/wireless/steering/settings";
import { Steering } from "@opensync-ts/wireless/steering/steering";
import { deviceClass } from "@opensync-ts/world/device-classes";
import type { ClientSpec } from "@opensync-ts/world/spec";
import type { LiveHome } from "./live-home.ts";
import type { Steerer, SteerLog } from "./steerer.ts";

export function startOurs(home: LiveHome, log: SteerLog): Steerer {
  return startNodes(home, log, () => home.plan.spec.clients.map(settingsFor));
}

/** What a node, by its name, is told of the clients. */
export type SettingsOf = (node: string) => readonly ClientSettings[];

/** `apply`: other settings of the clients. */
export function startNodes(
  home: LiveHome,
  log: SteerLog,
  settings: SettingsOf,
): Steerer & { apply(settings: SettingsOf): void } {
  const planOf = (node: LiveHome["nodes"][number], of: SettingsOf) => ({
    groups: [{ id: node.id, vifs: node.radios.map(({ suffix }) => `home-ap-${suffix}`) }],
    clients: of(node.id).map((each) => ({ ...each, ended: false })),
    neighbors: neighborsOf(home, node.id),
  });
  const all = home.nodes.map((node) => {
    const steering = new Steering({ clock: home.clock, log: home.log, wireless: node.wireless });
    steering.events.on("action", ({ station, action }) => {
      if (action.type === "btm" && !action.retry)
        log.asked(
          station,
          action.candidates.map(({ bssid }) => bssid),
        );
      if (action.type === "deauth") log.kicked(station);
    });
    steering.events.on("decision", ({ station, decision }) => {
      for (const { policy, result, requests, deauths, reason } of decision.outcomes)
        if (requests + deauths > 0) log.ended(station, `${policy} ${result}`, reason);
    });
    steering.apply(planOf(node, settings));
    return { node, steering };
  });
  return {
    apply(changed) {
      for (const { node, steering } of all) steering.apply(planOf(node, changed));
    },
    stop() {
      for (const { steering } of all) steering.stop();
    },
  };
}

/** `Wifi_VIF_Neighbors`: the BSSs of the other nodes, the nearest first. */
export function neighborsOf({ bsses, plan }: LiveHome, id: string): SteeringNeighbor[] {
  const here = plan.nodes.find((node) => node.id === id)?.place;
  const away = (node: string) => {
    const there = plan.nodes.find((each) => each.id === node)?.place;
    return here && there ? Math.hypot(here.x - there.x, here.y - there.y) : 0;
  };
  const nodes = [...new Set(bsses.map(({ node }) => node))].filter((node) => node !== id);
  const order = nodes.toSorted((a, b) => away(a) - away(b));
  return bsses.flatMap(({ node, bss: { bssid, channel, opClass, mldAddr, band } }) => {
    const vif = bsses.find((each) => each.node === id && each.bss.band === band)?.bss.vif ?? "home-ap-24";
    const priority = order.indexOf(node) + 1;
    return node === id ? [] : [{ ...{ bssid, vif, channel, opClass, mldAddr, priority }, center: null }];
  });
}

/**
 * The guide's defaults, but where the class of a device speaks for something else: who takes part in 802.11v may be asked earlier,
 * and who measures (802.11k) earlier still, and is never sent away: it is only moved to what it hears better.
 */
export function settingsFor(spec: ClientSpec): ClientSettings {
  const { bands, transition, measurement } = deviceClass(spec.device ?? "iot", spec.name);
  const pref6g = bands.includes("6G") ? "always" : "never";
  const base = { ...defaultSettings(mac(spec.mac) as Mac), pref6g } as const;
  if (!bands.includes("5G")) return base;
  if (transition === null) return { ...base, hwm: 30, lwm: 10 };
  const asked = { btm: true, beaconRequest: false, deauth: false };
  return {
    ...{ ...base, hwm: 20, lwm: measurement?.modes.includes("active") ? 25 : 15 },
    steering: { ...base.steering, ladder: asked },
    sticky: measurement?.modes.includes("active") ? { ...base.sticky, ladder: asked } : base.sticky,
  };
}
