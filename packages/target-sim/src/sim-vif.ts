/** One vif as its radio holds it, what a request makes of it, and how an access point appears on the air. */

import type { Mac } from "@opensync-ts/base/units";
import { bandOf, segments20 } from "@opensync-ts/target/channels";
import type { VifRequest } from "@opensync-ts/target/driver";
import { plainAp, plainMode } from "@opensync-ts/target/plain-ap";
import type { ApAttributes, ApMode, Channel, PhyCapabilities, PhyMode, StaNetwork } from "@opensync-ts/target/radio";
import type { Bss } from "@opensync-ts/world/access-point";
import type { Generation } from "@opensync-ts/world/rates";
import type { AirChannel } from "@opensync-ts/world/spectrum";
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
);

export type ApVif = Extract<SimVif, { type: "ap" }>;
export type StaVif = Extract<SimVif, { type: "sta" }>;

/** dB by which antennas direct the power of an access point. */
const antennaGain = 3;

export function newVif(name: string, type: "ap" | "sta", mac: Mac, radio: RadioModel): SimVif {
  const common = { name, mac, enabled: false, txPower: 0 };
  return type === "ap"
    ? { ...common, type, ap: initialAp(radio), onAir: false }
    : { ...common, type, networks: [], connect: false };
}

/**
 * The settings after a request: what the radio can do of it. Lists longer than its limits are cut, modes it lacks
 * stay off, attributes that are `unsupported` stay as they are.
 */
export function applyApRequest(
  before: ApSettings,
  request: NonNullable<VifRequest["ap"]>,
  radio: RadioModel,
  faults: Pick<Faults, "aclLimit" | "unsupported">,
): ApSettings {
  const { csaRequired: _, channel: __, ...asked } = request;
  const supported = Object.fromEntries(
    Object.entries(asked).filter(([name]) => !faults.unsupported.includes(name as keyof ApAttributes)),
  ) as Partial<ApSettings>;
  const after = { ...before, ...supported };
  const aclLimit = Math.min(radio.aclLimit ?? Infinity, faults.aclLimit ?? Infinity);
  return {
    ...after,
    acl: after.acl.slice(0, aclLimit),
    psks: after.psks.slice(0, radio.pskLimit ?? Infinity),
    mode: possibleMode(after.mode, radio),
  };
}

/** What the radio transmits with, dBm. */
export function effectivePower(vif: SimVif, capabilities: PhyCapabilities): number {
  const most = capabilities.maxTxPower ?? 20;
  return vif.txPower === 0 ? most : Math.min(vif.txPower, most);
}

export function bssOf(vif: ApVif, phy: SimPhy, site: string, admits: Bss["admits"]): Bss {
  const { ap } = vif;
  const secured = ap.wpa.wpa || ap.wpa.rsn;
  return {
    bssid: vif.mac,
    site,
    name: vif.name,
    ssid: ap.ssid,
    hidden: ap.ssidHidden,
    channel: airChannel(phy.channel),
    power: effectivePower(vif, phy.state().capabilities) + antennaGain,
    generation: generationOf(ap.mode),
    streams: phy.chains,
    security: { akms: secured ? ap.wpa.akm : [], pairwise: ap.wpa.pairwise, pmf: ap.wpa.pmf },
    keys: ap.psks,
    acl: { policy: ap.aclPolicy, macs: ap.acl },
    ...(admits ? { admits } : {}),
  };
}

export function airChannel(channel: Channel): AirChannel {
  return { band: bandOf(channel.control) ?? "5G", control: channel.control, segments: segments20(channel) };
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

function generationOf(mode: ApMode): Generation {
  if (mode.eht) return "be";
  if (mode.he) return "ax";
  if (mode.vht) return "ac";
  return mode.ht ? "n" : "legacy";
}
