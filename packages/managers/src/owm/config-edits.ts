/**
 * OWM's own edits of configuration rows. There are few: the answer to a command, and where the device has moved before
 * its cloud could tell it to. Each is one transaction whose conditions keep it off what somebody else has changed since.
 */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Client, TransactionBuilder } from "@opensync-ts/ovsdb/client";
import { TransactionError } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { transactionDeadline } from "./limits.ts";

export interface ConfigEditsContext {
  readonly client: Client<OpenSync>;
  readonly clock: Clock;
  readonly log: Log;
  /** The database does not answer. */
  readonly fail: (reason: Error) => void;
}

export class ConfigEdits {
  readonly #context: ConfigEditsContext;

  constructor(context: ConfigEditsContext) {
    this.#context = context;
  }

  /** `what` names the edit in the log and in the transaction's comment. False: the database refused it, which is told. */
  async edit(what: string, build: (builder: TransactionBuilder<OpenSync>) => void): Promise<boolean> {
    const { client, clock, log, fail } = this.#context;
    try {
      await withDeadline(clock, client.transact(build, { comment: `OWM - ${what}` }), transactionDeadline, "database");
      return true;
    } catch (error) {
      if (error instanceof TransactionError) log.warning(`ow: ovsdb: ${what}: refused: ${messageOf(error)}`);
      else fail(error instanceof Error ? error : new Error(messageOf(error)));
      return false;
    }
  }
}
