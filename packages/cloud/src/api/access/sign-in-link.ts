/** Makes a link for somebody; the audit trail has that, and never the code. */

import { audited, type By } from "../../store/audit.ts";
import type { Store } from "../../store/store.ts";
import type { Linked, SignInLink, SignInLinks } from "./links.ts";
import { ensureMachineUser } from "./machine-user.ts";

export interface LinkParts {
  readonly store: Store;
  readonly links: SignInLinks;
}

/** `user` null: for who has the cloud's shell. */
export async function makeSignInLink(
  { store, links }: LinkParts,
  user: Linked | null,
  by: By,
): Promise<SignInLink & { readonly user: string }> {
  const linked = user ?? (await ensureMachineUser(store));
  const deed = { action: "session.link", target: `user '${linked.name}'` };
  return audited(store, by, deed, async () => ({ result: { ...links.make(linked), user: linked.name } }));
}
