/** What handlers of routes have in common: the services they use, and what they are called with. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { By } from "../store/audit.ts";
import type { Store } from "../store/store.ts";
import type { SignInLinks } from "./access/links.ts";
import type { Passwords } from "./access/passwords.ts";
import type { Principal } from "./access/principal.ts";
import type { Caller } from "./caller.ts";
import type { Contract, Name } from "./contract/contract.ts";
import type { AnswerFrom, BodyOf, ParamsOf, QueryOf } from "./contract/route.ts";
import type { ApiHost } from "./host.ts";
import type { LiveHub } from "./live/hub.ts";
import type { Streams } from "./live/streams.ts";
import type { BackOff, RateLimiter } from "./rate-limiter.ts";

export interface Api {
  readonly host: ApiHost;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly passwords: Passwords;
  readonly links: SignInLinks;
  readonly hub: LiveHub;
  readonly streams: Streams;
  /** Of addresses that try to be somebody. */
  readonly attempts: RateLimiter;
  /** Of accounts. */
  readonly backOff: BackOff;
  readonly caller: Caller;
}

export interface Call<N extends Name> {
  readonly api: Api;
  readonly params: ParamsOf<N>;
  readonly query: QueryOf<Contract[N], N>;
  readonly body: BodyOf<Contract[N]>;
  readonly principal: Contract[N]["needs"] extends "nobody" ? undefined : Principal;
  /** That of the path, or of the location in it; null: none is named. */
  readonly tenant: string | null;
  readonly by: By;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Of routes that answer with something else than JSON, the handler sends the answer. */
export type Handlers<N extends Name> = {
  readonly [K in N]: (
    call: Call<K>,
  ) => Promise<Contract[K] extends { readonly raw: string } ? void : AnswerFrom<Contract[K]>>;
};
