/** The user that the cloud's own machine signs in as: an owner without a password, who comes in by a link only. */

import { audited } from "../../store/audit.ts";
import { StoreRefusal } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import { noPassword } from "./passwords.ts";

/** Who has given one of them to somebody is given the next. */
const names = ["owner", ...Array.from({ length: 8 }, (_, index) => `owner-${index + 2}`)];

/** Made where there is none. Rejects with a `StoreRefusal` where it may not log in, or its names are taken. */
export async function ensureMachineUser(store: Store): Promise<{ readonly id: string; readonly name: string }> {
  const known = await store.run("find the machine's user", (transaction) =>
    transaction
      .selectFrom("users")
      .select(["id", "name", "disabled"])
      .where("password", "=", noPassword)
      .where("role", "=", "owner")
      .where("tenant_id", "is", null)
      .orderBy("name")
      .executeTakeFirst(),
  );
  if (known?.disabled) {
    throw new StoreRefusal(
      "conflict",
      `user '${known.name}', whom links sign in, is disabled; enable it, or remove it`,
    );
  }
  if (known) return known;
  return audited(store, { actor: "cloud" }, { action: "user.create" }, async (transaction) => {
    const taken = await transaction.selectFrom("users").select("name").where("name", "in", names).execute();
    const name = names.find((free) => !taken.some((row) => row.name === free));
    if (name === undefined) {
      throw new StoreRefusal("conflict", `users ${names[0]} to ${names.at(-1)} are people's; rename one of them`);
    }
    const id = store.random.uuid();
    const row = { id, name, password: noPassword, role: "owner", tenant_id: null, disabled: false } as const;
    await transaction
      .insertInto("users")
      .values({ ...row, created_at: store.now() })
      .execute();
    const details = ["owner of the cloud, without a password: of the cloud's own machine"];
    return { result: { id, name }, details, deed: { target: `user '${name}'` } };
  });
}
