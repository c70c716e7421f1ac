/**
 * Writes what is planned for a node, one guarded transaction at a time, and tells how each ended. What a node has refused is to be planned
 * anew after a pause, which grows; where it does not say because of which row, less goes into a transaction until the row is found.
 */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { type Client, TransactionError } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import * as limits from "./limits.ts";
import { beginning, type Change } from "./reconcile.ts";
import type { RowId } from "./rows.ts";
import type { SessionCounters } from "./session-state.ts";
import { writeChanges } from "./write-changes.ts";

export type WriteEnd = { readonly kind: "written" } | NotWritten;

export interface NotWritten {
  readonly kind: "not written";
  /** RFC 7047's word for why. */
  readonly error: string;
  /** When it is to be planned anew. */
  readonly pauseMs: number;
  /** Null: somebody else was faster, as a guard tells. Nothing is wrong; the mirror will show what they did. */
  readonly refusal: Refusal | null;
}

interface Refusal {
  readonly reason: string;
  /** Undefined: it is not known which of the rows the node will not take. */
  readonly culprit: RowId | undefined;
}

export class NodeWrites {
  readonly #client: Pick<Client<OpenSync>, "transact">;
  readonly #clock: Clock;
  #counters: SessionCounters = { writes: 0, transactions: 0, refused: 0 };
  /** One after the other. */
  #refusals = 0;
  /** Changes in one transaction: all, unless the node refused one without saying because of which row. */
  #batch = Number.POSITIVE_INFINITY;
  #isUnderWay = false;

  constructor(client: Pick<Client<OpenSync>, "transact">, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  get counters(): SessionCounters {
    return this.#counters;
  }

  /** A transaction has no reply yet. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** What of a plan goes into the next transaction. With nothing left to write, the next plan goes into one again. */
  next(plan: readonly Change[]): readonly Change[] {
    if (plan.length === 0) this.#batch = Number.POSITIVE_INFINITY;
    return beginning(plan, this.#batch);
  }

  /** Rejects when no reply comes: the connection is lost, or the node is too late. */
  async write(changes: readonly Change[]): Promise<WriteEnd> {
    let culprit: (operation: number) => RowId | undefined = () => undefined;
    const transaction = this.#client.transact(
      (builder) => {
        culprit = writeChanges(changes, builder);
      },
      { comment: `controller - ${changes.map(({ id }) => id).join(", ")}`.slice(0, 200) },
    );
    this.#isUnderWay = true;
    try {
      await withDeadline(this.#clock, transaction, limits.transactionMs, "transaction");
    } catch (error) {
      if (error instanceof TransactionError) return this.#notWritten(error, changes, culprit(error.operation));
      throw error;
    } finally {
      this.#isUnderWay = false;
    }
    const { writes, transactions, refused } = this.#counters;
    this.#counters = { writes: writes + changes.length, transactions: transactions + 1, refused };
    this.#refusals = 0;
    return { kind: "written" };
  }

  #notWritten(error: TransactionError, changes: readonly Change[], known: RowId | undefined): NotWritten {
    this.#counters = { ...this.#counters, refused: this.#counters.refused + 1 };
    const pauseMs = Math.min(limits.firstRetryMs * 2 ** this.#refusals++, limits.lastRetryMs);
    const end = { kind: "not written", error: error.error, pauseMs } as const;
    if (error.error === "timed out") return { ...end, refusal: null };
    // What only the whole transaction violates names no operation: the row is found by sending less at a time.
    const culprit = known ?? (changes.length === 1 ? changes[0]?.id : undefined);
    if (!culprit) this.#batch = Math.ceil(changes.length / 2);
    return { ...end, refusal: { reason: `the node refuses it: ${error.message}`, culprit } };
  }
}
