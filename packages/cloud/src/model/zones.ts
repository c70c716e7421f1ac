/** Access zones: what those who know a key of a network may reach. */

import { z } from "zod";

/**
 * | zone            | reaches                                                              |
 * |-----------------|----------------------------------------------------------------------|
 * | `home`          | everything                                                           |
 * | `guest`         | the Internet, and devices of the home that are `shared`              |
 * | `internet-only` | the Internet                                                         |
 */
export const zone = z.enum(["home", "guest", "internet-only"], {
  error: "is not an access zone; use home, guest or internet-only",
});
export type Zone = z.output<typeof zone>;

export const restrictedZones = ["guest", "internet-only"] as const satisfies readonly Zone[];
export type RestrictedZone = (typeof restrictedZones)[number];
