/**
 * The history of reboots: kept in persistent storage, also through a factory reset, shown in `Reboot_Status`. Whoever
 * reboots the device says why beforehand (`announceReboot`); a boot that nobody announced was a cold boot, or the power was cut.
 */

import type { Row } from "@opensync-ts/schema/opensync";
import type { PersistentStorage } from "@opensync-ts/target/storage";
import { managerLimits } from "../limits.ts";

export type RebootType = Row<"Reboot_Status">["type"];

export interface RebootRecord {
  /** Boots so far, this one included. */
  readonly count: number;
  readonly type: RebootType;
  readonly reason: string;
}

const storeName = "reboot";
const preserved = { preserve: true } as const;
const recordsKey = "records";
const announcedKey = "announced";
const reasonLength = 128;

/** Says why the next boot will happen. */
export function announceReboot(storage: PersistentStorage, type: RebootType, reason: string): void {
  storage.open(storeName, preserved).set(announcedKey, JSON.stringify({ type, reason: reason.slice(0, reasonLength) }));
}

/**
 * Records one boot and returns the history, oldest first, at most `rebootRecords` long. A storage that refuses the record is
 * told to `onProblem`: it must not keep a device from booting.
 */
export function recordBoot(
  storage: PersistentStorage,
  onProblem: (error: unknown) => void = () => {},
): readonly RebootRecord[] {
  const store = storage.open(storeName, preserved);
  // Where earlier releases kept it.
  const earlier = storage.open(storeName);
  const stored = (key: string) => store.get(key) ?? earlier.get(key);
  const records = readRecords(stored(recordsKey));
  const announced = readAnnouncement(stored(announcedKey));
  const count = (records.at(-1)?.count ?? 0) + 1;
  const cause =
    announced ??
    (count === 1
      ? ({ type: "COLD_BOOT", reason: "first boot" } as const)
      : ({ type: "POWER_CYCLE", reason: "not announced" } as const));
  const all = [...records, { count, ...cause }].slice(-managerLimits.rebootRecords);
  try {
    // As one: an announcement must not explain a second boot, and one that a power cut has eaten not be lost.
    store.write(
      new Map([
        [recordsKey, JSON.stringify(all)],
        [announcedKey, null],
      ]),
    );
    if (earlier.keys().length > 0) storage.erase(storeName);
  } catch (error) {
    onProblem(error);
  }
  return all;
}

/** The history without a new record: the managers were started anew, not the device. */
export function rebootHistory(storage: PersistentStorage): readonly RebootRecord[] {
  return readRecords(storage.open(storeName, preserved).get(recordsKey));
}

const types: ReadonlySet<string> = new Set<RebootType>([
  "UNKNOWN",
  "COLD_BOOT",
  "POWER_CYCLE",
  "WATCHDOG",
  "CRASH",
  "USER",
  "DEVICE",
  "HEALTH_CHECK",
  "UPGRADE",
  "THERMAL",
  "CLOUD",
]);

/** What is not a record is left out: a damaged history must not keep a device from booting. */
function readRecords(text: string | undefined): readonly RebootRecord[] {
  const parsed = parseJson(text);
  return Array.isArray(parsed) ? parsed.filter(isRecord) : [];
}

function readAnnouncement(text: string | undefined): Pick<RebootRecord, "type" | "reason"> | undefined {
  const parsed = parseJson(text);
  return isCause(parsed) ? { type: parsed.type, reason: parsed.reason } : undefined;
}

function isRecord(value: unknown): value is RebootRecord {
  return isCause(value) && "count" in value && Number.isSafeInteger(value.count);
}

function isCause(value: unknown): value is Pick<RebootRecord, "type" | "reason"> {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    types.has(value.type) &&
    "reason" in value &&
    typeof value.reason === "string" &&
    value.reason.length <= reasonLength
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
