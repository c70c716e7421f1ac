import { type Principal, principalOfSession } from "../access/principal.ts";
import { csrfTokenOf } from "../access/secrets.ts";
import { changePassword, logIn, logOut } from "../access/sessions.ts";
import type { Handlers } from "../api.ts";
import { tooOften } from "../caller.ts";
import type { sessionRoutes } from "../contract/session.ts";
import { ApiProblem, unknownCaller } from "../problems.ts";
import { addressKey } from "../rate-limiter.ts";

export const sessionHandlers: Handlers<keyof typeof sessionRoutes> = {
  async "POST /session"({ api, body, request, reply }) {
    const { attempts, backOff, caller, store, passwords } = api;
    caller.checkOrigin(request);
    const wait = backOff.waitMs(body.name) || attempts.take(addressKey(request.ip));
    if (wait > 0) throw tooOften(wait);
    // As if it had failed, until it is known: many tries at once are many tries.
    backOff.failed(body.name);
    const secret = await logIn(store, passwords, body);
    const principal = secret === undefined ? undefined : await principalOfSession(store, secret);
    if (secret === undefined || !principal) throw unknownCaller("wrong name or password");
    backOff.succeeded(body.name);
    caller.setCookie(reply, secret);
    return meOf(principal, csrfTokenOf(secret));
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
