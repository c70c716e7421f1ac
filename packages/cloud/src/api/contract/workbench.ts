/** The workbench: a node's tables as they are, and edits of one row. */

import { z } from "zod";
import { editedColumns } from "../../workbench/limits.ts";
import { when, whole } from "./fields.ts";
import { routes } from "./route.ts";

const tableName = z.string();

const column = z.object({
  name: z.string(),
  shape: z.enum(["scalar", "optional", "set", "map"]),
  /** Of its values, of a map that of its keys. */
  type: z.enum(["integer", "real", "boolean", "string", "uuid"]),
  /** In words: `a set of 0 to 64 string`. */
  takes: z.string(),
  /** The only values it takes; null: any of its type. */
  choices: z.array(z.union([z.string(), z.number(), z.boolean()])).nullable(),
  /** False: only when the row is made. */
  mutable: z.boolean(),
  /** Shown to nobody. */
  secret: z.boolean(),
});

/** Sets are arrays, maps objects, what is unset null; of secrets `****`. Integers beyond 2⁵³ are texts. */
const cells = z.record(z.string(), z.unknown());

const row = z.object({
  uuid: z.string(),
  cells,
  /** Columns in which something is masked: no guard can name them. */
  masked: z.array(z.string()),
});

/** As cells have them. */
const values = z
  .record(z.string(), z.unknown())
  .refine((record) => Object.keys(record).length <= editedColumns, `names more than ${editedColumns} columns`);

const tailQuery = z.object({
  /** The number of the last entry that the caller has, and the `log` that it is of. */
  after: whole(0, Number.MAX_SAFE_INTEGER).default(0),
  log: z.string().max(64).optional(),
});

/** Nothing is kept before the first question, and after a while without one: ask every few seconds. */
function tail<T extends z.ZodType>(entry: T) {
  return z.object({
    /** Another one where the numbers begin anew: then `items` are all there are. */
    log: z.string(),
    /** The oldest first. */
    items: z.array(entry),
    /** How many between `after` and these are kept no more. */
    lost: z.int(),
  });
}

export const workbenchRoutes = routes({
  "GET /locations/:location/nodes/:node/tables": {
    summary: "The tables that a node's schema has, the cloud's own copies with how many rows they have",
    needs: "viewer of location",
    answer: z.object({
      node: z.string(),
      items: z.array(
        z.object({
          name: tableName,
          /** The cloud keeps a copy of it, or of some of its columns. */
          mirrored: z.boolean(),
          /** Null: not known before it is read. */
          rows: z.int().nullable(),
        }),
      ),
    }),
    errors: [404],
  },
  "GET /locations/:location/nodes/:node/tables/:table": {
    summary: "A table of a node as it is now, read from the node, secrets masked",
    needs: "viewer of location",
    query: z.object({
      /** The `revision` that the caller has: rows are null where it is still that. */
      seen: z.string().max(64).optional(),
    }),
    answer: z.object({
      table: tableName,
      revision: z.string(),
      /** Why an edit of its rows is of no use; null: it is of use. */
      writer: z.string().nullable(),
      columns: z.array(column),
      rows: z.array(row).nullable(),
    }),
    errors: [404, 422],
  },
  "GET /locations/:location/nodes/:node/messages": {
    summary: "What goes over a node's connection, both ways, from when somebody begins to look; secrets masked",
    needs: "operator of location",
    query: tailQuery,
    answer: tail(
      z.object({
        number: z.int(),
        at: when,
        /** `sent`: to the node. */
        direction: z.enum(["sent", "received"]),
        /** Of a reply that of its request, where that was seen. */
        method: z.string().nullable(),
        kind: z.enum(["request", "reply", "error", "notification", "unknown"]),
        id: z.string().nullable(),
        bytes: z.int(),
        /** JSON; null: too long to be taken apart. */
        text: z.string().nullable(),
        isCut: z.boolean(),
      }),
    ),
    errors: [404],
  },
  "GET /locations/:location/nodes/:node/reports": {
    summary: "What a node publishes over MQTT, decoded, from when somebody begins to look",
    needs: "operator of location",
    query: tailQuery,
    answer: tail(
      z.object({
        number: z.int(),
        at: when,
        kind: z.enum(["stats", "latency", "time events", "log", "other"]),
        topic: z.string(),
        /** As it was published. */
        bytes: z.int(),
        /** JSON; null: too long, or nothing that is decoded. */
        text: z.string().nullable(),
      }),
    ),
    errors: [404],
  },
  "GET /locations/:location/nodes/:node/checks": {
    summary: "Whether a node is well, as far as the cloud itself can tell: certificate, clock, schema, rows",
    needs: "operator of location",
    answer: z.object({
      items: z.array(
        z.object({
          id: z.enum(["certificate", "clock", "schema", "rows"]),
          status: z.enum(["good", "warn", "bad", "unknown"]),
          text: z.string(),
          details: z.array(z.string()),
        }),
      ),
    }),
    errors: [404],
  },
  "POST /locations/:location/nodes/:node/tables/:table/rows/:row": {
    summary: "Change columns of a row of a node while it is as it was seen; or, with dryRun, say what that would do",
    needs: "admin of location",
    body: z.strictObject({
      set: values.refine((record) => Object.keys(record).length > 0, "is empty; name the columns to change"),
      /** What is written is written only while these columns show this. */
      guard: values.default({}),
      dryRun: z.boolean().default(false),
      /** Needed where the node may not come back: `danger` says so. */
      confirm: z.boolean().default(false),
    }),
    answer: z.object({
      /** False: of a dry run, and where nothing differs. */
      written: z.boolean(),
      changes: z.array(z.object({ column: z.string(), before: z.unknown(), after: z.unknown() })),
      /** As the node is sent them (RFC 7047), secrets masked. */
      operations: z.array(z.record(z.string(), z.unknown())),
      /** What the cloud writes then, because the document states it. Null: it is not known what it states for the node. */
      repairs: z.array(z.string()).nullable(),
      /** Why the node may not come back; null: it will. */
      danger: z.string().nullable(),
      writer: z.string().nullable(),
      /** Why the node cannot do it, as far as it has said what it can; the edit is written all the same. */
      doubts: z.array(z.string()),
    }),
    errors: [404, 409, 422],
  },
});
