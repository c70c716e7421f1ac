/** Points in time as documents state them. */

import { z } from "zod";

/** ISO 8601 with an offset, so that it means the same everywhere. */
export const instant = z.iso.datetime({
  offset: true,
  error: "is no point in time; write it as 2026-08-01T18:00:00Z or 2026-08-01T18:00:00+02:00",
});

/** Milliseconds since the Unix epoch. */
export function instantMs(text: string): number {
  return Date.parse(text);
}
