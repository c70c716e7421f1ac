/** Sessions of people: made by logging in, each with a secret in a cookie. */

import { audited, type By } from "../../store/audit.ts";
import { StoreRefusal } from "../../store/errors.ts";
import type { Store, StoreTransaction } from "../../store/store.ts";
import * as limits from "../limits.ts";
import type { Passwords } from "./passwords.ts";
import { digestOf, newSecret } from "./secrets.ts";

/** The secret of a new session; undefined: name or password is wrong, or the user may not log in. */
export async function logIn(
  store: Store,
  passwords: Passwords,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<string | undefined> {
  const user = await store.run("find a user", (transaction) =>
    transaction
      .selectFrom("users")
      .select(["id", "password", "disabled", "tenant_id"])
      .where("name", "=", name)
      .executeTakeFirst(),
  );
  const isRight = await passwords.verify(password, user?.password);
  const by = { actor: `user:${name}` };
  const deed = { action: "session.open", tenant: user?.tenant_id };
  if (!user || !isRight || user.disabled) {
    const refuse = async () => {
      throw new StoreRefusal("forbidden", user?.disabled && isRight ? "may not log in" : "wrong name or password");
    };
    await audited(store, by, deed, refuse).catch((error) => {
      if (!(error instanceof StoreRefusal)) throw error;
    });
    return undefined;
  }
  const renewed = passwords.isDated(user.password) ? await passwords.hash(password) : undefined;
  const secret = newSecret();
  await audited(store, by, deed, async (transaction) => {
    const { id } = user;
    // Whoever has changed the password meanwhile has ended this login, too.
    const held = await transaction
      .selectFrom("users")
      .select("password")
      .where("id", "=", id)
      .where("disabled", "=", false)
      .forUpdate()
      .executeTakeFirst();
    if (held?.password !== user.password)
      throw new StoreRefusal("conflict", "the user has just been changed; try again");
    if (renewed !== undefined) {
      await transaction.updateTable("users").set({ password: renewed }).where("id", "=", id).execute();
    }
    await insertSession(store, transaction, id, secret);
    return { result: undefined };
  });
  return secret;
}

/** For who has shown a link. The secret of a new session; undefined: the user is gone, or may not log in. */
export async function openSession(store: Store, user: { readonly id: string; readonly name: string }) {
  const secret = newSecret();
  const deed = { action: "session.open" };
  const opening = audited(store, { actor: `user:${user.name}` }, deed, async (transaction) => {
    const held = await transaction
      .selectFrom("users")
      .select("tenant_id")
      .where("id", "=", user.id)
      .where("disabled", "=", false)
      .forUpdate()
      .executeTakeFirst();
    if (!held) throw new StoreRefusal("forbidden", "the user of this link may not log in any more");
    await insertSession(store, transaction, user.id, secret);
    return { result: secret, details: ["by a link"], deed: { tenant: held.tenant_id } };
  });
  return opening.catch((error) => {
    if (error instanceof StoreRefusal && error.code === "forbidden") return undefined;
    throw error;
  });
}

/** With it the user's oldest ones go, where there are too many, and all that are over. */
async function insertSession(store: Store, transaction: StoreTransaction, user: string, secret: string): Promise<void> {
  const now = store.now();
  await transaction.deleteFrom("sessions").where("expires_at", "<=", now).execute();
  const kept = transaction
    .selectFrom("sessions")
    .select("id")
    .where("user_id", "=", user)
    .orderBy("used_at", "desc")
    .limit(limits.sessionsPerUser - 1);
  await transaction.deleteFrom("sessions").where("user_id", "=", user).where("id", "not in", kept).execute();
  const expires_at = new Date(now.getTime() + limits.sessionLifeMs);
  await transaction
    .insertInto("sessions")
    .values({ id: digestOf(secret), user_id: user, created_at: now, used_at: now, expires_at })
    .execute();
}

/** `id`: as the principal has it. */
export async function logOut(store: Store, id: string, by: By): Promise<void> {
  await audited(store, by, { action: "session.close" }, async (transaction) => {
    const row = await transaction.deleteFrom("sessions").where("id", "=", id).executeTakeFirst();
    return { result: undefined, idle: row.numDeletedRows === 0n };
  });
}

export interface PasswordChange {
  readonly user: string;
  /** The session that stays. */
  readonly session: string | null;
  readonly current: string;
  readonly password: string;
}

/** False: the current one is another. */
export async function changePassword(
  store: Store,
  passwords: Passwords,
  { user, session, current, password }: PasswordChange,
  by: By,
): Promise<boolean> {
  const row = await store.run("find a user", (transaction) =>
    transaction.selectFrom("users").select(["password", "tenant_id"]).where("id", "=", user).executeTakeFirst(),
  );
  if (!(await passwords.verify(current, row?.password))) return false;
  const hash = await passwords.hash(password);
  await audited(store, by, { action: "user.password", tenant: row?.tenant_id }, async (transaction) => {
    await transaction.updateTable("users").set({ password: hash }).where("id", "=", user).execute();
    const others = transaction.deleteFrom("sessions").where("user_id", "=", user);
    await (session === null ? others : others.where("id", "!=", session)).execute();
    return { result: undefined };
  });
  return true;
}
