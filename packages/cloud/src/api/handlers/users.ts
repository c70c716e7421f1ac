import { createToken, listTokens, revokeToken, type Token } from "../access/tokens.ts";
import { changeUser, createUser, getUser, listUsers, removeUser, type User } from "../access/users.ts";
import type { Handlers } from "../api.ts";
import { atLeast } from "../contract/roles.ts";
import type { userRoutes } from "../contract/users.ts";
import { forbidden } from "../problems.ts";
import { pageOf } from "./views.ts";

export const userHandlers: Handlers<keyof typeof userRoutes> = {
  async "GET /users"({ api, principal, query }) {
    const found = await listUsers(api.store, principal, query);
    return pageOf(found, query.limit, userView, ({ name }) => name);
  },

  async "POST /users"({ api, principal, by, body }) {
    return userView(await createUser(api.store, api.passwords, body, principal, by));
  },

  async "GET /users/:user"({ api, principal, params }) {
    return userView(await getUser(api.store, params.user, principal));
  },

  async "PATCH /users/:user"({ api, principal, by, params, body }) {
    const user = await changeUser(api.store, api.passwords, params.user, body, principal, by);
    void api.streams.recheck();
    return userView(user);
  },

  async "DELETE /users/:user"({ api, principal, by, params }) {
    await removeUser(api.store, params.user, principal, by);
    void api.streams.recheck();
    return null;
  },

  async "GET /tokens"({ api, principal, query }) {
    if (query.all && !atLeast(principal.role, "admin")) throw forbidden("tokens of others are for admins to see");
    const found = await listTokens(api.store, principal, query);
    return pageOf(found, query.limit, tokenView, ({ id }) => id);
  },

  async "POST /tokens"({ api, principal, by, body }) {
    const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt);
    const token = await createToken(api.store, { ...body, expiresAt }, principal, by);
    return { ...tokenView(token), secret: token.secret };
  },

  async "DELETE /tokens/:token"({ api, principal, by, params }) {
    await revokeToken(api.store, params.token, principal, by);
    void api.streams.recheck();
    return null;
  },
};

function userView({ createdAt, ...user }: User) {
  return { ...user, createdAt: createdAt.toISOString() };
}

function tokenView({ createdAt, expiresAt, usedAt, ...token }: Token) {
  return {
    ...token,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    usedAt: usedAt?.toISOString() ?? null,
  };
}
