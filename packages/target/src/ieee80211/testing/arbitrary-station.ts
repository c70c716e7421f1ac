/** Capabilities of stations at random, as their elements give them back. */

import fc from "fast-check";
import { channelNumbers } from "../../channels.ts";
import type { EhtCapabilities, HeCapabilities, SmPowerSave } from "../phy-capabilities.ts";
import { type RmCapabilities, readRmCapabilities } from "../rm-capabilities.ts";
import type { StationCapabilities } from "../station-capabilities.ts";
import { address, mbo, octet } from "./arbitrary-action.ts";

const plain = { noNullPrototype: true } as const;
const signed = fc.integer({ min: -128, max: 127 });
const streams = (max: number) => fc.integer({ min: 1, max });

function ascending(of: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<readonly number[]> {
  return fc.uniqueArray(of, { maxLength }).map((list) => list.toSorted((a, b) => a - b));
}

/** All bits but the last four, which are reserved. */
const rm: fc.Arbitrary<RmCapabilities> = fc
  .uint8Array({ minLength: 5, maxLength: 5 })
  .map((octets) => readRmCapabilities(octets));

const smPowerSave = fc.constantFrom<SmPowerSave>("static", "dynamic", "disabled");

const ht = fc
  .record(
    { width: fc.constantFrom(20 as const, 40 as const), smPowerSave, streams: streams(4), last: fc.nat(7) },
    plain,
  )
  .map(({ last, ...rest }) => ({ ...rest, maxMcs: 8 * (rest.streams - 1) + last }));

const vht = fc.record(
  {
    width: fc.constantFrom(80 as const, 160 as const, "80p80" as const),
    muBeamformee: fc.boolean(),
    streams: streams(8),
    maxMcs: fc.constantFrom(7, 8, 9),
  },
  plain,
);

const he: fc.Arbitrary<HeCapabilities> = fc.record(
  {
    width2g: fc.constantFrom(20 as const, 40 as const),
    width: fc.constantFrom(20 as const, 80 as const, 160 as const, "80p80" as const),
    streams: streams(8),
    maxMcs: fc.constantFrom(7, 9, 11),
  },
  plain,
);

function eht(of: HeCapabilities | undefined): fc.Arbitrary<EhtCapabilities> {
  const narrow = of?.width === 20 && of.width2g === 20;
  const maxMcs = fc.constantFrom(...(narrow ? [7, 9, 11, 13] : [9, 11, 13]));
  return fc.record({ width320: fc.boolean(), streams: streams(8), maxMcs }, plain);
}

const channels = ascending(fc.constantFrom(...channelNumbers["2.4G"], 14, ...channelNumbers["5G"]), 40);

export const stationCapabilities: fc.Arbitrary<StationCapabilities> = fc
  .record(
    {
      power: fc.record({ min: signed, max: signed }, plain),
      channels,
      operatingClasses: fc.record(
        { current: octet, supported: fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 30 }) },
        plain,
      ),
      rm,
      extended: ascending(fc.nat(87), 20),
      ht,
      vht,
      he,
      smPowerSave6: smPowerSave,
      mbo,
      mldAddr: address,
    },
    { requiredKeys: [], ...plain },
  )
  .chain((station) =>
    fc.option(eht(station.he), { nil: null }).map((value) => (value === null ? station : { ...station, eht: value })),
  );
