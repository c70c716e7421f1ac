/** What a database schema is at run time (RFC 7047 §3.2). */

import type { ColumnShape } from "./datum.ts";
import type { BaseType } from "./declare.ts";

export interface DatabaseSchema {
  readonly name: string;
  readonly version: string;
  readonly tables: ReadonlyMap<string, TableSchema>;
  /** A checksum that schema tools leave behind; carried along, never checked. */
  readonly cksum?: string;
}

export interface TableSchema {
  readonly name: string;
  /** Without `_uuid` and `_version`, in order of the schema. */
  readonly columns: ReadonlyMap<string, ColumnSchema>;
  readonly isRoot: boolean;
  /** `Infinity` when unlimited. */
  readonly maxRows: number;
  readonly indexes: readonly (readonly string[])[];
}

export interface ColumnSchema {
  readonly name: string;
  readonly shape: ColumnShape;
  readonly key: BaseType<unknown>;
  readonly value: BaseType<unknown> | null;
  readonly min: 0 | 1;
  /** `Infinity` when unlimited. */
  readonly max: number;
  readonly ephemeral: boolean;
  readonly mutable: boolean;
}
