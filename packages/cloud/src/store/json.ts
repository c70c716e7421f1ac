/** Types of columns that all tables have. */

import type { ColumnType } from "kysely";

/** JSON goes in as text, since the drivers differ in what they make of arrays. */
export type Json<T = unknown> = ColumnType<T, string, string>;
export type Instant = ColumnType<Date, Date, Date>;
