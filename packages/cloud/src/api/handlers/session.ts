import type { Taken } from "../access/links.ts";
import { type Principal, principalOfSession } from "../access/principal.ts";
import { csrfTokenOf } from "../access/secrets.ts";
import { changePassword, logIn, logOut, openSession } from "../access/sessions.ts";
import { makeSignInLink } from "../access/sign-in-link.ts";
import type { Api, Handlers } from "../api.ts";
import { tooOften } from "../caller.ts";
import type { sessionRoutes } from "../contract/session.ts";
import { ApiProblem, unknownCaller } from "../problems.ts";
import { addressKey } from "../rate-limiter.ts";

export const sessionHandlers: Handlers<keyof typeof sessionRoutes> = {
  async "POST /session"({ api, body, request, reply }) {
    api.caller.checkOrigin(request);
    const { name = "", password = "", code } = body;
    const address = addressKey(request.ip);
    const secret =
      code === undefined ? await byPassword(api, { name, password }, address) : await byLink(api, code, address);
    const principal = await principalOfSession(api.store, secret);
    if (!principal) throw unknownCaller("the user has just been changed; try again");
    api.caller.setCookie(reply, secret);
    return meOf(principal, csrfTokenOf(secret));
  },

  async "POST /session/links"({ api, principal, by }) {
    const { code, user, expiresAt } = await makeSignInLink(api, principal.user, by);
    return { code, user, expiresAt: new Date(expiresAt).toISOString() };
  },

  async "GET /session"({ api, principal, request }) {
    return meOf(principal, principal.kind === "session" ? api.caller.csrfToken(request) : null);
  },

  async "DELETE /session"({ api, principal, by, reply }) {
    if (principal.kind === "token") throw new ApiProblem(409, "conflict", "this is a token; revoke it instead");
    await logOut(api.store, principal.id, by);
    api.caller.clearCookie(reply);
    void api.streams.recheck();
    return null;
  },

  async "PUT /session/password"({ api, principal, by, body }) {
    const { user } = principal;
    if (!user) throw new ApiProblem(409, "conflict", "this token is no user's; there is no password to change");
    const key = `password ${user.id}`;
    const wait = api.backOff.waitMs(key);
    if (wait > 0) throw tooOften(wait);
    api.backOff.failed(key);
    const session = principal.kind === "session" ? principal.id : null;
    const isDone = await changePassword(api.store, api.passwords, { user: user.id, session, ...body }, by);
    if (!isDone) throw new ApiProblem(409, "conflict", "the current password is another; try again");
    api.backOff.succeeded(key);
    void api.streams.recheck();
    return null;
  },
};

interface NameAndPassword {
  readonly name: string;
  readonly password: string;
}

/** The secret of a new session. */
async function byPassword(api: Api, given: NameAndPassword, address: string): Promise<string> {
  const { attempts, backOff, store, passwords } = api;
  const { name } = given;
  const wait = backOff.waitMs(name) || attempts.take(address);
  if (wait > 0) throw tooOften(wait);
  // As if it had failed, until it is known: many tries at once are many tries.
  backOff.failed(name);
  const secret = await logIn(store, passwords, given);
  if (secret === undefined) throw unknownCaller("wrong name or password");
  backOff.succeeded(name);
  return secret;
}

const useless: Readonly<Record<Exclude<Taken["kind"], "good">, string>> = {
  used: "this link has been used; it signs in once. Ask for another one",
  over: "this link is over; it serves for 10 minutes. Ask for another one",
  unknown:
    "this link is not known here; the cloud has started anew since, or the link is not whole. Ask for another one",
};

/** Likewise. */
async function byLink(api: Api, code: string, address: string): Promise<string> {
  const wait = api.attempts.take(address);
  if (wait > 0) throw tooOften(wait);
  const taken = api.links.take(code);
  if (taken.kind !== "good") throw unknownCaller(useless[taken.kind]);
  const secret = await openSession(api.store, taken.user);
  if (secret === undefined) throw unknownCaller("the user of this link may not log in any more");
  return secret;
}

function meOf({ kind, actor, user, role, tenant, expiresAt }: Principal, csrfToken: string | null) {
  return {
    kind,
    actor,
    user: user?.name ?? null,
    role,
    tenant,
    expiresAt: expiresAt?.toISOString() ?? null,
    csrfToken,
  };
}
