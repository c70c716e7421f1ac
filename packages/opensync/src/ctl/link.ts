/** `ctl link`: how to come into the console without a password. */

import { signInAddress } from "@opensync-ts/cloud/api/contract/sign-in-address";
import { Ctl, type CtlOptions } from "./session.ts";
import { moment } from "./tables.ts";

export async function link(options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { code, user, expiresAt } = await ctl.ask("POST /session/links", {});
  const address = signInAddress(ctl.address, code);
  ctl.tell({ address, user, expiresAt }, () => [
    `console: ${address}`,
    `it signs you in as '${user}', once, until ${moment(expiresAt)}`,
  ]);
}
