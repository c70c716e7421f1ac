/** What a request has in its path, query and body, as the contract states it. Pure. */

import { z } from "zod";
import { checkValue } from "./body.ts";
import type { allRoutes } from "./contract/contract.ts";
import { pathParameters, why } from "./contract/fields.ts";
import { parametersIn } from "./contract/route.ts";
import { misshapen, wrongFields } from "./problems.ts";

type Route = (typeof allRoutes)[number];

export interface RequestParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export interface Read {
  readonly params: Readonly<Record<string, unknown>>;
  /** What several routes have, and what is the route's own. */
  readonly query: Readonly<Record<string, unknown>> & {
    readonly why?: string | undefined;
    readonly secrets?: boolean | undefined;
  };
  readonly body: unknown;
}

/** Throws a problem that names each field that is wrong. */
export function readRequest(route: Route, { params, query, body }: RequestParts): Read {
  const { params: ofPath, query: ofQuery } = schemasOf(route);
  return {
    params: parsed(ofPath, params, "path"),
    query: parsed(ofQuery, query, "query"),
    body: route.body ? parsed(route.body, body, "body") : noBody(body),
  };
}

interface Schemas {
  readonly params: z.ZodType<Record<string, unknown>>;
  readonly query: z.ZodType<Record<string, unknown>>;
}

const made = new WeakMap<Route, Schemas>();

function schemasOf(route: Route): Schemas {
  const known = made.get(route);
  if (known) return known;
  const { path, method, query = z.strictObject({}) } = route;
  const all = pathParameters as Record<string, z.ZodType>;
  const shape = Object.fromEntries(parametersIn(path).map((name) => [name, all[name] ?? z.never()]));
  const schemas: Schemas = {
    params: z.strictObject(shape),
    query: method === "GET" ? query : z.strictObject({ ...query.shape, why }),
  };
  made.set(route, schemas);
  return schemas;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  checkValue(value, where);
  const result = schema.safeParse(value ?? (where === "body" ? undefined : {}));
  if (result.success) return result.data;
  throw misshapen(where, result.error);
}

function noBody(body: unknown): undefined {
  if (body === undefined || body === null) return undefined;
  throw wrongFields([{ path: "body", reason: "is not for this route; leave it out" }]);
}
