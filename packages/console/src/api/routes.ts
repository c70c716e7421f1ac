/** The routes of the API by what they are to a page. */

import type { Name } from "@opensync-ts/cloud/api/contract/contract";

/** Asked, kept and renewed. */
export type Question = Extract<Exclude<Name, "GET /events/stream" | "GET /backup">, `GET ${string}`>;

/** Makes something another. */
export type Change = Exclude<Name, `GET ${string}`>;
