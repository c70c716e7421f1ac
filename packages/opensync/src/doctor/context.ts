/** What an examination of a cloud needs of the world. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Random } from "@opensync-ts/base/random";
import type { CloudAddress } from "@opensync-ts/managers/cm/address";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { NameResolver } from "./names.ts";
import type { NodeIdentity } from "./node-double.ts";
import type { Recorder } from "./report.ts";

export interface CloudContext {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly resolver: NameResolver;
  /** How long one step may take. */
  readonly timeoutMs: number;
  /** Watched so long for keeping a connection. */
  readonly holdMs: number;
  readonly tls: TlsFiles;
  readonly identity: NodeIdentity;
}

/** One end to examine: the redirector or the manager. */
export interface Place {
  readonly part: string;
  readonly address: CloudAddress;
}
