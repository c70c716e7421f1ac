/** Settings: values by name, of the cloud, of a tenant or of a location. */

import { isDeepStrictEqual } from "node:util";
import { UserError } from "@opensync-ts/base/errors";
import * as limits from "../limits.ts";
import { mapSecrets } from "../model/secrets.ts";
import { audited, type By, type Deed } from "./audit.ts";
import { StoreRefusal } from "./errors.ts";
import type { Store, StoreTransaction } from "./store.ts";

/** `cloud`, or the id of a tenant or location. */
export type SettingScope = string;

/** Undefined where it is not set. */
export async function getSetting(store: Store, scope: SettingScope, key: string): Promise<unknown> {
  const row = await store.run("read a setting", (transaction) =>
    transaction
      .selectFrom("settings")
      .select("value")
      .where("scope", "=", scope)
      .where("key", "=", key)
      .executeTakeFirst(),
  );
  return row?.value;
}

export async function listSettings(store: Store, scope: SettingScope): Promise<Readonly<Record<string, unknown>>> {
  const rows = await store.run("list settings", (transaction) =>
    transaction
      .selectFrom("settings")
      .select(["key", "value"])
      .where("scope", "=", scope)
      .orderBy("key")
      .limit(limits.storePage)
      .execute(),
  );
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

/** `undefined` unsets it. Refused where it holds a secret: settings are not sealed. */
export async function setSetting(
  store: Store,
  scope: SettingScope,
  key: string,
  value: unknown,
  by: By,
): Promise<void> {
  await audited(store, by, { action: "setting.set", target: `${scope} ${key}` }, async (transaction) => {
    checkSetting(key, value);
    const all = transaction.selectFrom("settings").where("scope", "=", scope).where("key", "=", key);
    const before = (await all.select("value").executeTakeFirst())?.value;
    if (isDeepStrictEqual(before, value)) return { result: undefined, idle: true };
    if (value === undefined) {
      await transaction.deleteFrom("settings").where("scope", "=", scope).where("key", "=", key).execute();
    } else {
      const row = { value: JSON.stringify(value), changed_at: store.now() };
      await transaction
        .insertInto("settings")
        .values({ scope, key, ...row })
        .onConflict((conflict) => conflict.columns(["scope", "key"]).doUpdateSet(row))
        .execute();
    }
    const show = (side: unknown) => (side === undefined ? "unset" : JSON.stringify(side).slice(0, 200));
    const details = [`${key} ${show(before)} -> ${show(value)}`];
    return { result: undefined, details, deed: await whose(transaction, scope) };
  });
}

/** For the trail of the tenant or location. */
async function whose(transaction: StoreTransaction, scope: SettingScope): Promise<Partial<Deed>> {
  if (scope === "cloud") return {};
  const rows = transaction.selectFrom("locations").select(["id", "tenant_id"]).where("id", "=", scope);
  const location = await rows.executeTakeFirst();
  return location ? { tenant: location.tenant_id, location: scope } : { tenant: scope };
}

function checkSetting(key: string, value: unknown): void {
  if (!/^[a-z][a-zA-Z0-9.-]{0,63}$/.test(key)) {
    throw new StoreRefusal("invalid", "key: is not usable; use letters, digits, '.' and '-'");
  }
  if (key === "store.key") throw new StoreRefusal("invalid", "key: 'store.key' is the store's own; use another");
  try {
    mapSecrets(value, () => {
      throw new UserError("holds a secret, and settings are not sealed; put it into the document");
    });
  } catch (error) {
    if (error instanceof UserError) throw new StoreRefusal("invalid", `${key}: ${error.message}`);
    throw error;
  }
  if (Buffer.byteLength(JSON.stringify(value) ?? "") > limits.settingBytes) {
    throw new StoreRefusal("limit", `${key}: larger than ${limits.settingBytes} bytes; make it smaller`);
  }
}
