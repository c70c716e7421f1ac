import { bssidsOf, radioAccounts } from "../../radio-account.ts";
import { bandOf } from "../../radio-bands.ts";
import type { Handlers } from "../api.ts";
import type { radioRoutes } from "../contract/radios.ts";
import type { ChannelHeard, LiveLocation } from "../host.ts";
import { absent } from "../problems.ts";
import { faultView } from "./views.ts";

export const radioHandlers: Handlers<keyof typeof radioRoutes> = {
  async "GET /locations/:location/nodes/:node/radios"({ api, params }) {
    const location = api.host.locations.get(params.location);
    const node = location?.node(params.node);
    if (!location || !node) throw absent("node in the version that holds");
    const rows = location.session(node.id)?.tables;
    if (!rows) return { node: node.id, asOf: null, radios: [] };
    const now = api.clock.wallTime();
    const at = (ageMs: number) => new Date(now - ageMs).toISOString();
    const stated = location.home.nodes.find(({ id }) => id === node.id)?.limits;
    const model = location.description(node.id)?.model ?? null;
    const heard = api.host.telemetry?.radiosHeard(node.id);
    const own = ownersOf(location);
    const radios = radioAccounts({ rows, statuses: node.rows, stated, model }).map((radio) => {
      const air = heard?.radios.get(radio.band);
      const others = new Map((heard?.channels.get(radio.band) ?? []).map((each) => [each.channel, each]));
      if (air) others.set(air.channel, air);
      const { width, chains, acl, keys, accessPoints } = radio.limits;
      const fault = node.faults.find(({ ifName }) => ifName === radio.ifName);
      return {
        ...radio,
        covers: [...radio.covers],
        columns: [...radio.columns],
        rows: [...radio.rows],
        radar: { ...radio.radar },
        celsius: heard?.celsius.get(radio.band) ?? null,
        limits: {
          ...{ width: width ?? null, chains: chains ?? null, acl: acl ?? null },
          ...{ keys: keys ?? null, accessPoints: accessPoints ?? null },
        },
        fault: fault ? faultView(fault) : null,
        air: air ? heardView(air, at) : null,
        channels: radio.channels.map((channel) => {
          const known = others.get(channel.channel);
          return { ...channel, heard: known ? heardView(known, at) : null };
        }),
        interfaces: radio.interfaces.map(({ columns, rows, ...vif }) => ({
          ...vif,
          columns: [...columns],
          rows: [...rows],
        })),
        neighbors: (heard?.neighbors ?? [])
          .filter(({ band }) => band === radio.band || (radio.band === "5G" && bandOf(band) === "5G"))
          .map(({ bssid, ssid, channel, snrDb, ageMs }) => ({
            ...{ bssid, ssid, channel, snrDb: snrDb ?? null, heardAt: at(ageMs), own: own.get(bssid) ?? null },
          })),
      };
    });
    return { node: node.id, asOf: at(0), radios };
  },
};

/** Whose an access point is, by its address, of the nodes that are connected. */
function ownersOf(location: LiveLocation): ReadonlyMap<string, string> {
  return new Map(
    location.nodes.flatMap(({ id }) => {
      const rows = location.session(id)?.tables;
      return rows ? bssidsOf(rows).map((bssid) => [bssid, id] as const) : [];
    }),
  );
}

function heardView({ ageMs, noiseFloorDbm, ...percents }: ChannelHeard, at: (ageMs: number) => string) {
  return { ...percents, noiseDbm: noiseFloorDbm ?? null, heardAt: at(ageMs) };
}
