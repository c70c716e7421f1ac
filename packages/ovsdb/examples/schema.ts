import { boolean, database, integer, map, optional, set, string, table } from "@opensync-ts/ovsdb/declare";

export const demo = database({
  name: "Demo",
  version: "1.0.0",
  tables: {
    Radio: table({
      isRoot: true,
      indexes: [["name"]],
      columns: {
        name: string(),
        enabled: boolean(),
        channel: optional(integer({ min: 1, max: 233 })),
        allowed: set(integer()),
        hw_config: map(string(), string()),
      },
    }),
  },
});
