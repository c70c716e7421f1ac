/** A device as the managers see it: the target layer. One implementation per kind of device (`sim`, `null`, `linux`). */

import type { Clients } from "./clients.ts";
import type { DeviceControl } from "./control.ts";
import type { RadioDriver } from "./driver.ts";
import type { Firewall } from "./firewall.ts";
import type { LatencySource } from "./latency.ts";
import type { Network } from "./network.ts";
import type { Platform } from "./platform.ts";
import type { PersistentStorage } from "./storage.ts";
import type { SystemStatistics } from "./system.ts";
import type { Unit } from "./unit.ts";

export interface Target {
  readonly name: string;
  readonly unit: Unit;
  readonly radioDrivers: readonly RadioDriver[];
  readonly network: Network;
  readonly storage: PersistentStorage;
  /** Rows with which the database of this device starts (fixed hardware), merged over the common ones: table → rows. */
  readonly prepopulation: Prepopulation;
  /** How busy the machine is; absent where nobody can tell. */
  readonly system?: SystemStatistics;
  /** How long packets take; absent where nobody measures. */
  readonly latency?: LatencySource;
  /** Absent: it filters nothing. */
  readonly firewall?: Firewall;
  /** Clients without Internet, and their names; absent: it can do neither. */
  readonly clients?: Clients;
  /** LEDs and cooling; absent: it has neither. */
  readonly platform?: Platform;
  /** Absent: nobody can restart it from inside. */
  readonly control?: DeviceControl;
  /** What an operator can do to this kind of device, at the node's control socket, by the command's first word. */
  readonly commands?: ReadonlyMap<string, TargetCommand>;
  /** Releases what it holds; idempotent. */
  close(): void;
}

/** Rows in RFC 7047 JSON notation by table, as in OpenSync's template files. */
export type Prepopulation = { readonly [table: string]: readonly { readonly [column: string]: unknown }[] };

export interface TargetCommand {
  /** Its arguments, for lists of commands. */
  readonly usage: string;
  readonly minArguments: number;
  readonly maxArguments: number;
  /** The text to show. Throws a `UserError` where it cannot do what is asked. */
  run(args: readonly string[]): string;
}
