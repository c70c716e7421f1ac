/** One vif as its radio holds it, what a request makes of it, and how an access point appears on the air. */

import type { Mac } from "@opensync-ts/base/units";
import type { VifRequest } from "@opensync-ts/target/driver";
import { plainAp, plainMode } from "@opensync-ts/target/plain-ap";
import type {
  ApAttributes,
  ApMode,
  ApRates,
  LegacyRate,
  PhyCapabilities,
  PhyMode,
  StaNetwork,
} from "@opensync-ts/target/radio";
import type { Bss } from "@opensync-ts/world/access-point";
import type { Generation } from "@opensync-ts/world/rates";
import { airChannel } from "./air-channel.ts";
import type { Faults } from "./faults.ts";
import { modesOf, type RadioModel } from "./models.ts";
import type { SimPhy } from "./sim-phy.ts";

/** The channel belongs to the radio: all its access points share it. */
export type ApSettings = Omit<ApAttributes, "channel">;

export type SimVif = {
  readonly name: string;
  readonly mac: Mac;
  enabled: boolean;
  /** dBm; 0 = as much as the radio has. */
  txPower: number;
} & (
  | { readonly type: "ap"; ap: ApSettings; onAir: boolean }
  | {
      readonly type: "sta";
      networks: readonly StaNetwork[];
      /** Told to connect: it tries whenever it is not connected. */
      connect: boolean;
    }
  | {
      readonly type: "ap_vlan";
      /** The access point whose backhaul stations it holds. */
      readonly of: string;
    }
);

export type ApVif = Extract<SimVif, { type: "ap" }>;
export type StaVif = Extract<SimVif, { type: "sta" }>;

/** dB by which antennas direct the power of an access point. */
const antennaGain = 3;

export function newVif(name: string, type: SimVif["type"], mac: Mac, radio: RadioModel): SimVif {
  const common = { name, mac, enabled: false, txPower: 0 };
  switch (type) {
    case "ap":
      return { ...common, type, ap: initialAp(radio), onAir: false };
    case "sta":
      return { ...common, type, networks: [], connect: false };
    case "ap_vlan":
      return { ...common, type, of: radio.apVlans?.[name]?.of ?? "" };
  }
}

/**
 * The settings after a request: what the radio can do of it. Lists longer than its limits are cut, modes and rates it
 * lacks stay off, attributes that are unsupported stay as they are.
 */
export function applyApRequest(
  before: ApSettings,
  request: NonNullable<VifRequest["ap"]>,
  radio: { readonly model: RadioModel; readonly abilities: PhyCapabilities },
  faults: Pick<Faults, "aclLimit" | "unsupported">,
): ApSettings {
  const { csaRequired: _, channel: __, ...asked } = request;
  const { model, abilities } = radio;
  const unsupported: readonly string[] = [...faults.unsupported, ...(abilities.unsupported ?? [])];
  const supported = Object.fromEntries(
    Object.entries(asked).filter(([name]) => !unsupported.includes(name)),
  ) as Partial<ApSettings>;
  const after = { ...before, ...supported };
  const aclLimit = Math.min(abilities.aclLimit ?? Infinity, faults.aclLimit ?? Infinity);
  const { radiusLimit = Infinity, neighborLimit = Infinity, pskLimit = Infinity } = abilities;
  return {
    ...after,
    acl: after.acl.slice(0, aclLimit),
    psks: after.psks.slice(0, pskLimit),
    radius: after.radius.slice(0, radiusLimit),
    accounting: after.accounting.slice(0, radiusLimit),
    neighbors: after.neighbors.slice(0, neighborLimit),
    mode: possibleMode(after.mode, model),
    rates: possibleRates(after.rates, before.rates, abilities.rates ?? []),
  };
}

/** What the radio transmits with, dBm. */
export function effectivePower(vif: SimVif, { maxTxPower = 20 }: PhyCapabilities): number {
  return vif.txPower === 0 ? maxTxPower : Math.min(vif.txPower, maxTxPower);
}

/** `mld`: of the multi-link device that it is part of. */
export function bssOf(vif: ApVif, phy: SimPhy, site: string, mld: Mac | null, admits: Bss["admits"]): Bss {
  const { ap } = vif;
  const secured = ap.wpa.wpa || ap.wpa.rsn;
  const oldest = oldestAdmitted(ap.mode);
  return {
    bssid: vif.mac,
    site,
    name: vif.name,
    ssid: ap.ssid,
    hidden: ap.ssidHidden,
    channel: airChannel(phy.channel),
    power: effectivePower(vif, phy.abilities) + antennaGain,
    generation: generationOf(ap.mode),
    streams: phy.chains,
    security: { akms: secured ? ap.wpa.akm : [], pairwise: ap.wpa.pairwise, pmf: ap.wpa.pmf },
    keys: ap.psks,
    acl: { policy: ap.aclPolicy, macs: ap.acl },
    ...(oldest === null ? {} : { oldest }),
    ...(ap.oce && ap.oceMinRssi !== null ? { minRssi: ap.oceMinRssi } : {}),
    ...(ap.maxSta === 0 ? {} : { maxStations: ap.maxSta }),
    ...(ap.wpsPbc ? { button: { psk: secured ? offeredKey(ap) : null } } : {}),
    ...(mobilityDomainOf(ap) === 0 ? {} : { mobilityDomain: ap.ftMobilityDomain }),
    ...(mld === null ? {} : { mld }),
    ...(admits ? { admits } : {}),
  };
}

/** Without a kind of key for it there is no fast transition. */
function mobilityDomainOf({ wpa, ftMobilityDomain }: ApSettings): number {
  return wpa.rsn && wpa.akm.some((akm) => akm.startsWith("ft_")) ? ftMobilityDomain : 0;
}

function initialAp(radio: RadioModel): ApSettings {
  const { channel: _, ...plain } = plainAp;
  return { ...plain, mode: possibleMode({ ...plainMode, wmm: true, ht: true, vht: true, he: true, eht: true }, radio) };
}

function possibleMode(mode: ApMode, radio: RadioModel): ApMode {
  const modes = modesOf(radio);
  const possible = (name: PhyMode) => mode[name] && modes.includes(name);
  return { ...mode, ht: possible("ht"), vht: possible("vht"), he: possible("he"), eht: possible("eht") };
}

/** A list loses what the radio lacks, a single rate that it lacks stays as it was. */
function possibleRates(asked: ApRates, before: ApRates, possible: readonly LegacyRate[]): ApRates {
  const has = (rate: LegacyRate | null) => rate === null || possible.includes(rate);
  const { beacon } = asked;
  return {
    supported: asked.supported.filter(has),
    basic: asked.basic.filter(has),
    beacon: beacon?.kind !== "abg" || has(beacon.rate) ? beacon : before.beacon,
    mcast: has(asked.mcast) ? asked.mcast : before.mcast,
    mgmt: has(asked.mgmt) ? asked.mgmt : before.mgmt,
  };
}

function generationOf(mode: ApMode): Generation {
  if (mode.eht) return "be";
  if (mode.he) return "ax";
  if (mode.vht) return "ac";
  return mode.ht ? "n" : "legacy";
}

/** A generation can only be required where it is offered. */
function oldestAdmitted(mode: ApMode): Generation | null {
  if (mode.eht && mode.ehtRequired) return "be";
  if (mode.he && mode.heRequired) return "ax";
  if (mode.vht && mode.vhtRequired) return "ac";
  return mode.ht && mode.htRequired ? "n" : null;
}

/** What a push button hands out: a key set aside for it, else the first. */
function offeredKey({ wpsCredentials, psks }: ApSettings): string | null {
  return wpsCredentials[0] ?? psks[0]?.psk ?? null;
}
