/** All routes of the API: what the server, the description and the client are made from. */

import { auditRoutes } from "./audit.ts";
import { deviceRoutes } from "./devices.ts";
import { documentRoutes } from "./documents.ts";
import { nodeRoutes } from "./nodes.ts";
import { pictureRoutes } from "./picture.ts";
import { radioRoutes } from "./radios.ts";
import type { AnswerOf, BodyFor, ParamsOf, QueryFor, Route, RouteName } from "./route.ts";
import { sessionRoutes } from "./session.ts";
import { simulationRoutes } from "./simulation.ts";
import { steeringRoutes } from "./steering.ts";
import { telemetryRoutes } from "./telemetry.ts";
import { tenantRoutes } from "./tenants.ts";
import { transferRoutes } from "./transfer.ts";
import { userRoutes } from "./users.ts";
import { workbenchRoutes } from "./workbench.ts";

export const contract = {
  ...sessionRoutes,
  ...userRoutes,
  ...tenantRoutes,
  ...documentRoutes,
  ...nodeRoutes,
  ...radioRoutes,
  ...workbenchRoutes,
  ...deviceRoutes,
  ...telemetryRoutes,
  ...pictureRoutes,
  ...steeringRoutes,
  ...simulationRoutes,
  ...auditRoutes,
  ...transferRoutes,
} as const;

export const prefix = "/api/v1";

export type Contract = typeof contract;
export type Name = keyof Contract;

/** What clients give and get; a member that needs nothing may be left out. */
export type CallOf<N extends Name> = Part<"params", ParamsOf<N>> &
  Part<"query", QueryFor<Contract[N], N>> &
  Part<"body", BodyFor<Contract[N]>>;
export type AnswerTo<N extends Name> = AnswerOf<Contract[N]>;

type Part<Key extends string, Value> = Value extends undefined
  ? { readonly [K in Key]?: undefined }
  : Record<never, never> extends Value
    ? { readonly [K in Key]?: Value | undefined }
    : { readonly [K in Key]: Value };

/** Why a request was refused. */
export interface ApiErrorBody {
  readonly error: {
    /** `not-found`, `conflict`, `invalid` … */
    readonly code: string;
    readonly message: string;
    readonly request: string;
    readonly fields?: readonly { readonly path: string; readonly reason: string }[];
  };
}

/** With wide types, for those who go through them all. */
export const allRoutes: readonly (Route & {
  readonly name: RouteName;
  readonly method: string;
  readonly path: string;
})[] = Object.entries(contract as Record<string, Route>).map(([name, route]) => {
  const [method = "", path = ""] = name.split(" ");
  return { ...route, name: name as RouteName, method, path };
});
