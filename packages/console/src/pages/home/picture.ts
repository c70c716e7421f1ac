/** What a home is like at one time, as the cloud tells it. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

export type Picture = AnswerTo<"GET /locations/:location/picture">;
export type PicturedNode = Picture["nodes"][number];
export type PicturedClient = Picture["clients"][number];
export type PicturedLink = Picture["links"][number];

/** dB SNR; below that a link stutters. */
export const weakDb = 15;
