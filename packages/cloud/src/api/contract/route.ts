/** What a route of the API is, and what follows from its declaration: types for the server and for clients. */

import type { z } from "zod";
import type { pathParameters } from "./fields.ts";
import type { Needs, Role } from "./roles.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
/** `GET /locations/:location`; the path stands below `/api/v1`. */
export type RouteName = `${Method} /${string}`;

export interface Route {
  readonly summary: string;
  readonly needs: Needs;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  /** By default 200. */
  readonly status?: 201;
  /** An answer that is no JSON, with its media type. */
  readonly raw?: "text/event-stream" | "application/x-ndjson";
  /** Its query has `secrets`: with `1` the answer has them, which needs this role. */
  readonly secrets?: Role;
  /** Statuses that it may answer beside those that all may: 400, 401, 403, 429, 500, 503. */
  readonly errors?: readonly (404 | 409 | 413 | 422)[];
  /** Of its body; by default `limits.bodyBytes`. */
  readonly bodyBytes?: number;
}

export type Routes = Readonly<Record<RouteName, Route>>;

/** Checks the form and keeps the exact types. */
export function routes<const R extends Routes>(declared: R): R {
  return declared;
}

type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Parameters = typeof pathParameters;

export type ParamsOf<Name extends string> = {
  readonly [N in NamesIn<Name> & keyof Parameters]: z.output<Parameters[N]>;
};

/** Every change may say why. */
type Why<Name extends string> = Name extends `GET ${string}` ? unknown : { readonly why?: string | undefined };

export type QueryOf<R extends Route, Name extends string> = (R["query"] extends z.ZodObject
  ? z.output<R["query"]>
  : unknown) &
  Why<Name>;
/** As clients write it, before defaults. */
export type QueryFor<R extends Route, Name extends string> = (R["query"] extends z.ZodObject
  ? Asked<R["query"]>
  : unknown) &
  Why<Name>;
type Shared<Q extends z.ZodObject> = keyof z.input<Q> & keyof z.output<Q>;
type Asked<Q extends z.ZodObject> = {
  readonly [K in Shared<Q> as undefined extends z.input<Q>[K] ? K : never]?: z.output<Q>[K] | undefined;
} & { readonly [K in Shared<Q> as undefined extends z.input<Q>[K] ? never : K]: z.output<Q>[K] };

export type BodyOf<R extends Route> = R["body"] extends z.ZodType ? z.output<R["body"]> : undefined;
export type BodyFor<R extends Route> = R["body"] extends z.ZodType ? z.input<R["body"]> : undefined;
export type AnswerOf<R extends Route> = z.output<R["answer"]>;
/** What a handler gives. */
export type AnswerFrom<R extends Route> = z.input<R["answer"]>;

/** Names of the parameters in a path, in its order. */
export function parametersIn(path: string): readonly string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? "");
}
