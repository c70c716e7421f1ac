/** The elements with which a client of the world asks to be let in (IEEE 802.11-2020 §9.3.3.5): what it is, and what it can do. */

import { channelNumbers } from "@opensync-ts/target/channels";
import { element, elementIds } from "@opensync-ts/target/elements";
import {
  operatingClass,
  operatingClass20Of,
  operatingClassNumbers,
} from "@opensync-ts/target/ieee80211/operating-class";
import { readRmCapabilities, rmCapabilitiesBody } from "@opensync-ts/target/ieee80211/rm-capabilities";
import {
  extendedCapabilityBits,
  type StationCapabilities,
  stationElements,
} from "@opensync-ts/target/ieee80211/station-capabilities";
import type { Bss } from "@opensync-ts/world/access-point";
import type { Device } from "@opensync-ts/world/device";
import type { Measurement } from "@opensync-ts/world/device-class";
import { generations, maxWidth } from "@opensync-ts/world/rates";
import { type Agreement, isFast } from "@opensync-ts/world/security";
import type { Band } from "@opensync-ts/world/spectrum";
import { rates, rsnElement } from "./beacon.ts";

/** Of `device`, associated to `bss` on those terms; `links`: with so many BSSs of a multi-link device. */
export function associationElements(device: Device, bss: Bss, agreement: Agreement, links: number): Uint8Array {
  const { band } = bss.channel;
  const { akm, pairwise } = agreement;
  const domain = akm !== null && isFast(akm) ? bss.mobilityDomain : undefined;
  return Uint8Array.from([
    ...element(elementIds.ssid, new TextEncoder().encode(bss.ssid)),
    ...element(elementIds.supportedRates, rates[band === "2.4G" ? "2.4G" : "5G"].supported),
    ...(band === "2.4G" ? element(elementIds.extendedSupportedRates, rates["2.4G"].extended) : []),
    ...(akm === null || pairwise === null
      ? []
      : rsnElement({ akms: [akm], pairwise: [pairwise], pmf: device.security.pmf })),
    ...(domain === undefined ? [] : element(mobilityDomainId, [domain & 0xff, domain >> 8, 0])),
    ...stationElements(capabilitiesOf(device, bss, links)),
  ]);
}

const mobilityDomainId = 54;

function capabilitiesOf(device: Device, { channel: { band, control } }: Bss, links: number): StationCapabilities {
  const current = operatingClass20Of({ control, width: 20, center0: control, center1: 0, puncture: 0 });
  return {
    power: { min: 0, max: Math.round(device.power) },
    ...(current === null ? {} : { operatingClasses: { current, supported: classesOf(device) } }),
    // 6 GHz has no place in the list of channels, and those who come there send none.
    ...(band === "6G" ? {} : { channels: channelsOf(device) }),
    ...(device.measurement ? { rm: rmOf(device.measurement) } : {}),
    extended: device.transition ? [extendedCapabilityBits.bssTransition] : [],
    ...phyOf(device, band),
    ...(links > 1 ? { mldAddr: device.mac } : {}),
  };
}

/** 802.11n and ac do not exist on 6 GHz, and ac not on 2.4 GHz. */
function phyOf(device: Device, band: Band): Pick<StationCapabilities, "ht" | "vht" | "he" | "eht" | "smPowerSave6"> {
  const { generation, maxWidth: width } = device;
  const has = (each: Device["generation"]) => generations.indexOf(generation) >= generations.indexOf(each);
  const streams = Math.min(8, device.streams);
  const htStreams = Math.min(4, streams);
  const wide = width >= 160 ? 160 : 80;
  return {
    ...(has("n") && band !== "6G"
      ? {
          ht: {
            width: width >= 40 ? 40 : 20,
            smPowerSave: "disabled",
            streams: htStreams,
            maxMcs: 8 * htStreams - 1,
          },
        }
      : {}),
    ...(has("ac") && band === "5G" ? { vht: { width: wide, muBeamformee: has("ax"), streams, maxMcs: 9 } } : {}),
    ...(has("ax")
      ? { he: { width2g: width >= 40 ? 40 : 20, width: width >= 40 ? wide : 20, streams, maxMcs: 11 } }
      : {}),
    ...(has("ax") && band === "6G" ? { smPowerSave6: "disabled" } : {}),
    ...(has("be") ? { eht: { width320: width >= 320 && device.bands.includes("6G"), streams, maxMcs: 13 } } : {}),
  };
}

function classesOf(device: Device): readonly number[] {
  return operatingClassNumbers.filter((number) => {
    const known = operatingClass(number);
    if (!known || typeof known.width !== "number" || !device.bands.includes(known.band)) return false;
    const widest = Math.min(device.maxWidth, maxWidth[device.generation]);
    return known.width <= widest && known.primaries.some((each) => channelNumbers[known.band].includes(each));
  });
}

function channelsOf(device: Device): readonly number[] {
  return (["2.4G", "5G"] as const).flatMap((band) => (device.bands.includes(band) ? channelNumbers[band] : []));
}

function rmOf({ modes, asksNeighbors }: Measurement): NonNullable<StationCapabilities["rm"]> {
  const body = rmCapabilitiesBody({
    neighborReport: asksNeighbors,
    beaconPassive: modes.includes("passive"),
    beaconActive: modes.includes("active"),
    beaconTable: modes.includes("table"),
  });
  return readRmCapabilities(Uint8Array.from(body));
}
