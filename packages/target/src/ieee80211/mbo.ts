/**
 * The element of Wi-Fi Agile Multiband (Wi-Fi Alliance, MBO and OCE: vendor element 50-6F-9A, type 0x16, with attributes): what an
 * access point says of a transition and of cellular data, and what a station thinks of channels and of being moved.
 */

import { OctetReader, present, u8, u16 } from "./octets.ts";
import { exactly, inOrder, type Subelement, SubelementPicker, subelement } from "./subelements.ts";

/** Of each kind the first that is as it should be; what else there is in `others`. */
export interface Mbo {
  /** AP: it takes cellular data into account. */
  readonly cellularAware?: boolean;
  /** Station: channels that it would rather not use; an entry without an operating class says that there are none. */
  readonly nonPreferred?: readonly NonPreferredChannels[];
  readonly cellularData?: CellularData;
  /** AP: it takes no more stations, one of `associationDisallowedReasons` as a rule. */
  readonly associationDisallowed?: number;
  readonly cellularPreference?: CellularPreference;
  /** AP: one of `transitionReasons` as a rule. */
  readonly transitionReason?: number;
  /** Station: one of `transitionRejections` as a rule. */
  readonly transitionRejection?: number;
  /** AP: how long it will refuse the station, in s. */
  readonly associationRetryDelay?: number;
  readonly others?: readonly Subelement[];
}

export interface NonPreferredChannels {
  /** None, together with no channels: the station has nothing against any. */
  readonly opClass?: number;
  readonly channels: readonly number[];
  /** 0 non-operable, 1 and 2 less and more preferred, 255 as good as any. */
  readonly preference: number;
  /** 0 unspecified, 1 interference in the device, 2 interference outside of it, 3 another network of the device. */
  readonly reason: number;
}

/** Of a station. */
export type CellularData = "available" | "unavailable" | "incapable";

/** Of an access point, to stations with both. */
export type CellularPreference = "exclude" | "avoid" | "recommend";

export const associationDisallowedReasons = {
  unspecified: 1,
  tooManyStations: 2,
  airInterfaceOverload: 3,
  serverOverload: 4,
  insufficientRssi: 5,
} as const;

export const transitionReasons = {
  unspecified: 0,
  frameLoss: 1,
  delay: 2,
  insufficientBandwidth: 3,
  loadBalancing: 4,
  lowRssi: 5,
  retransmissions: 6,
  interference: 7,
  grayZone: 8,
  premiumAp: 9,
} as const;

export const transitionRejections = {
  unspecified: 0,
  frameLoss: 1,
  delay: 2,
  insufficientQos: 3,
  lowRssi: 4,
  interference: 5,
  servicesUnavailable: 6,
} as const;

export const vendorElementId = 221;

/** Id, length and body. Throws a `RangeError` for values that their field cannot hold. */
export function mboElement(mbo: Mbo): number[] {
  return inOrder([{ id: vendorElementId, body: Uint8Array.from([...oui, ...attributeOctets(mbo)]) }]);
}

/** `undefined`: a vendor element of somebody else. Throws `Unreadable` where an attribute is cut short. */
export function readMbo(body: Uint8Array): Mbo | undefined {
  if (!oui.every((octet, index) => body[index] === octet)) return undefined;
  const picker = new SubelementPicker(body.subarray(oui.length));
  const octet = (id: number) =>
    picker.first(
      id,
      exactly((reader) => reader.u8("attribute")),
    );
  const named = <Name extends string>(id: number, names: Readonly<Record<Name, number>>) =>
    picker.first(
      id,
      exactly((reader) => nameOf(names, reader.u8("attribute"))),
    );
  return present({
    cellularAware: picker.first(
      ids.capability,
      exactly((reader) => cellularAwareness.get(reader.u8("attribute"))),
    ),
    nonPreferred: picker.all(ids.nonPreferred, readNonPreferred),
    cellularData: named(ids.cellularData, cellularDataValues),
    associationDisallowed: octet(ids.associationDisallowed),
    cellularPreference: named(ids.cellularPreference, cellularPreferences),
    transitionReason: octet(ids.transitionReason),
    transitionRejection: octet(ids.transitionRejection),
    associationRetryDelay: picker.first(
      ids.associationRetryDelay,
      exactly((reader) => reader.u16("association retry delay")),
    ),
    others: picker.others,
  });
}

/** The Wi-Fi Alliance, and the type of MBO and OCE. */
const oui = [0x50, 0x6f, 0x9a, 0x16];

const ids = {
  capability: 1,
  nonPreferred: 2,
  cellularData: 3,
  associationDisallowed: 4,
  cellularPreference: 5,
  transitionReason: 6,
  transitionRejection: 7,
  associationRetryDelay: 8,
} as const;

const cellularAwareBit = 0x40;
const cellularAwareness: ReadonlyMap<number, boolean> = new Map([
  [0, false],
  [cellularAwareBit, true],
]);

const cellularDataValues: Readonly<Record<CellularData, number>> = { available: 1, unavailable: 2, incapable: 3 };
const cellularPreferences: Readonly<Record<CellularPreference, number>> = { exclude: 0, avoid: 1, recommend: 255 };

function attributeOctets(mbo: Mbo): number[] {
  const { nonPreferred = [] } = mbo;
  const octet = (id: number, value: number | undefined) => subelement(id, value, (each) => u8(each, "MBO attribute"));
  return inOrder(
    subelement(ids.capability, mbo.cellularAware, (aware) => [aware ? cellularAwareBit : 0]),
    nonPreferred.map((each) => ({ id: ids.nonPreferred, body: Uint8Array.from(nonPreferredOctets(each)) })),
    subelement(ids.cellularData, mbo.cellularData, (data) => [cellularDataValues[data]]),
    octet(ids.associationDisallowed, mbo.associationDisallowed),
    subelement(ids.cellularPreference, mbo.cellularPreference, (preference) => [cellularPreferences[preference]]),
    octet(ids.transitionReason, mbo.transitionReason),
    octet(ids.transitionRejection, mbo.transitionRejection),
    subelement(ids.associationRetryDelay, mbo.associationRetryDelay, (delay) => u16(delay, "association retry delay")),
    mbo.others,
  );
}

/** An empty attribute stands for none; any other has at least a class, a preference and a reason. */
function nonPreferredOctets({ opClass, channels, preference, reason }: NonPreferredChannels): number[] {
  if (opClass === undefined) {
    if (channels.length > 0) throw new RangeError("non-preferred channels: they need an operating class");
    return [];
  }
  return [
    ...u8(opClass, "operating class"),
    ...channels.flatMap((channel) => u8(channel, "channel")),
    ...u8(preference, "preference of channels"),
    ...u8(reason, "reason"),
  ];
}

function readNonPreferred(body: Uint8Array): NonPreferredChannels {
  if (body.length === 0) return { channels: [], preference: 255, reason: 0 };
  const reader = new OctetReader(body);
  const opClass = reader.u8("operating class");
  const channels = [...reader.take(Math.max(0, reader.remaining - 2), "channels")];
  return { opClass, channels, preference: reader.u8("preference"), reason: reader.u8("reason") };
}

function nameOf<Name extends string>(values: Readonly<Record<Name, number>>, value: number): Name | undefined {
  const names = Object.keys(values) as Name[];
  return names.find((name) => values[name] === value);
}
