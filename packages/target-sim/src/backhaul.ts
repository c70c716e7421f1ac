/** Stations that the device itself runs: each is a client in the world, which knows the networks it was told. */

import type { VifRequest } from "@opensync-ts/target/driver";
import { noLink } from "@opensync-ts/target/plain-ap";
import type { StaNetwork, StaVifState } from "@opensync-ts/target/radio";
import type { Bss } from "@opensync-ts/world/access-point";
import type { ClientSpec } from "@opensync-ts/world/spec";
import type { World } from "@opensync-ts/world/world";
import { channelFromAir } from "./air-channel.ts";
import type { RadioModel } from "./models.ts";
import type { StaVif } from "./sim-vif.ts";

export class Backhaul {
  readonly #world: World;
  readonly #site: string;
  /** What each station in the world was made of, to leave alone what is as it should be. */
  readonly #running = new Map<StaVif, string>();

  /** Somebody keeps all stations off the air, whatever is asked of them. */
  offAir = false;

  constructor(world: World, site: string) {
    this.#world = world;
    this.#site = site;
  }

  /** Takes a request over; `run` acts on it. */
  request(vif: StaVif, request: NonNullable<VifRequest["sta"]>): void {
    if (request.networks !== undefined) vif.networks = request.networks;
    if (request.operation === "connect") vif.connect = true;
    if (request.operation === "disconnect") vif.connect = false;
  }

  /** Puts the station into the world, or takes it out. */
  run(vif: StaVif, active: boolean, radio: RadioModel): void {
    const place = this.#world.site(this.#site)?.place;
    const wanted = active && !this.offAir && vif.connect && vif.networks.length > 0 && place !== undefined;
    const spec = wanted ? stationSpec(vif, this.#site, place, radio) : null;
    const text = spec && JSON.stringify(spec);
    if ((this.#running.get(vif) ?? null) === text) return;
    if (this.#running.delete(vif)) this.#world.removeClient(vif.mac);
    if (!spec || !text) return;
    this.#running.set(vif, text);
    this.#world.addClient(spec);
  }

  state(vif: StaVif): StaVifState {
    const { networks } = vif;
    const association = this.#world.client(vif.mac)?.association;
    const bss = association && this.#world.bss(association.bssid);
    const network = bss && bestMatch(networks, bss);
    if (!bss || !network) {
      const status = this.#running.has(vif) ? "connecting" : "disconnected";
      return { networks, link: { ...noLink, status }, mld: null };
    }
    const { bridge, multiAp, psk, wpa } = network;
    const channel = channelFromAir(bss.channel);
    const { bssid, ssid } = bss;
    const link = { status: "connected", bridge, channel, bssid, ssid, multiAp, psk, wpa, apMld: null } as const;
    return { networks, link, mld: null };
  }
}

/** SSID first; one that names the BSS wins. */
function bestMatch(networks: readonly StaNetwork[], bss: Bss): StaNetwork | undefined {
  const matching = networks.filter(({ ssid, bssid }) => ssid === bss.ssid && (bssid === null || bssid === bss.bssid));
  return matching.find(({ bssid }) => bssid !== null) ?? matching[0];
}

function stationSpec(vif: StaVif, site: string, place: ClientSpec["place"], radio: RadioModel): ClientSpec {
  const networks = vif.networks.toSorted((a, b) => b.priority - a.priority);
  const pmf = networks.some(({ wpa }) => wpa.pmf !== "disabled") ? "optional" : "disabled";
  return {
    name: `${site}/${vif.name}`,
    mac: vif.mac,
    site,
    place,
    bands: [radio.band],
    generation: radio.generation,
    streams: radio.chains,
    maxWidth: 160,
    power: radio.maxTxPower,
    networks: networks.map(({ ssid, psk, bssid, wpa }) => ({
      ssid,
      ...(wpa.wpa || wpa.rsn ? { psk } : {}),
      ...(bssid === null ? {} : { bssid }),
    })),
    security: {
      akms: [...new Set(networks.flatMap(({ wpa }) => wpa.akm))],
      pairwise: [...new Set(networks.flatMap(({ wpa }) => wpa.pairwise))],
      pmf,
    },
    // It stays with its parent until told otherwise, or until the link breaks.
    habits: { roamBelow: -200 },
    traffic: "none",
  };
}
