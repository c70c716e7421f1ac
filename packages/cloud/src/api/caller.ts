/** Finds out who sends a request, and keeps those away who ask too often or only pretend. */

import type { Clock } from "@opensync-ts/base/clock";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Store } from "../store/store.ts";
import { cookieName } from "./access/cookie-name.ts";
import { type Principal, principalOfSession, principalOfToken } from "./access/principal.ts";
import { csrfTokenOf, isSame } from "./access/secrets.ts";
import * as limits from "./limits.ts";
import { ApiProblem, forbidden, unknownCaller } from "./problems.ts";
import { addressKey, RateLimiter } from "./rate-limiter.ts";

export interface CallerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly attempts: RateLimiter;
  /** Of the cloud. */
  readonly directory: string;
  /** Cookies go over TLS only. */
  readonly secure: boolean;
}

type Credentials =
  | { readonly kind: "token"; readonly text: string }
  | { readonly kind: "session"; readonly secret: string };

export class Caller {
  /** Name of the cookie that a session is. */
  readonly cookie: string;
  readonly #store: Store;
  readonly #attempts: RateLimiter;
  readonly #addresses: RateLimiter;
  readonly #callers: RateLimiter;
  readonly #secure: boolean;

  constructor({ store, clock, attempts, directory, secure }: CallerOptions) {
    this.#store = store;
    this.#attempts = attempts;
    this.#addresses = new RateLimiter(clock, limits.requestsPerAddress);
    this.#callers = new RateLimiter(clock, limits.requestsPerCaller);
    this.#secure = secure;
    this.cookie = cookieName({ store: store.key.id, directory, secure });
  }

  /** As if nobody had asked before. */
  forget(): void {
    for (const limiter of [this.#attempts, this.#addresses, this.#callers]) limiter.forget();
  }

  /** Before anything else is looked at. */
  checkAddress(address: string): void {
    const wait = this.#addresses.take(addressKey(address));
    if (wait > 0) throw tooOften(wait);
  }

  /** Throws a problem where it is nobody, asks too often, or another site has made a browser ask. */
  async identify(request: FastifyRequest): Promise<Principal> {
    const credentials = this.#credentials(request);
    if (!credentials) throw unknownCaller();
    const principal = await this.#principal(credentials);
    if (!principal) {
      const wait = this.#attempts.take(addressKey(request.ip));
      if (wait > 0) throw tooOften(wait);
      throw unknownCaller(
        credentials.kind === "token"
          ? "this token is not known, or has expired or been revoked; use another one"
          : "the session is over; log in again",
      );
    }
    if (credentials.kind === "session") {
      this.checkOrigin(request);
      if (request.method !== "GET") checkCsrfToken(request, credentials.secret);
    }
    const wait = this.#callers.take(principal.key);
    if (wait > 0) throw tooOften(wait);
    return principal;
  }

  /** Who the request's sender is by now, for what lasts longer than a moment. */
  async again(request: FastifyRequest): Promise<Principal | undefined> {
    const credentials = this.#credentials(request);
    return credentials && this.#principal(credentials);
  }

  /** That no page of another site asks. */
  checkOrigin({ headers }: FastifyRequest): void {
    const site = headers["sec-fetch-site"];
    const { origin, host } = headers;
    const isOther = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
    if (isOther || site === "cross-site" || site === "same-site") {
      throw forbidden("requests of pages of other sites are not taken");
    }
  }

  /** Of the session that the request has; null: it has none. */
  csrfToken(request: FastifyRequest): string | null {
    const credentials = this.#credentials(request);
    return credentials?.kind === "session" ? csrfTokenOf(credentials.secret) : null;
  }

  setCookie(reply: FastifyReply, secret: string): void {
    reply.setCookie(this.cookie, secret, { ...this.#cookieOptions, maxAge: limits.sessionLifeMs / 1000 });
  }

  clearCookie(reply: FastifyReply): void {
    reply.clearCookie(this.cookie, this.#cookieOptions);
  }

  get #cookieOptions() {
    return { path: "/", httpOnly: true, sameSite: "strict", secure: this.#secure } as const;
  }

  #credentials({ headers, cookies }: FastifyRequest): Credentials | undefined {
    const { authorization } = headers;
    if (authorization !== undefined) {
      const [, text = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      return { kind: "token", text };
    }
    const secret = cookies[this.cookie];
    return secret === undefined ? undefined : { kind: "session", secret };
  }

  #principal(credentials: Credentials): Promise<Principal | undefined> {
    return credentials.kind === "token"
      ? principalOfToken(this.#store, credentials.text)
      : principalOfSession(this.#store, credentials.secret);
  }
}

export function tooOften(waitMs: number): ApiProblem {
  const seconds = Math.ceil(waitMs / 1000);
  return new ApiProblem(429, "too-often", `too many requests; try again in ${seconds} s`, { retryAfterMs: waitMs });
}

function checkCsrfToken({ headers }: FastifyRequest, secret: string): void {
  const given = headers["x-csrf-token"];
  if (typeof given === "string" && isSame(given, csrfTokenOf(secret))) return;
  throw forbidden("a change by a session brings its 'csrfToken' (GET /session) as the header X-CSRF-Token");
}
