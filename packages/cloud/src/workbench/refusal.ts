/** Why something of the workbench is not shown or not done: one line, what and what to do. */

import { UserError } from "@opensync-ts/base/errors";

/**
 * | code          | is                                                                 |
 * |---------------|--------------------------------------------------------------------|
 * | `absent`      | there is no such table or row                                      |
 * | `conflict`    | the row is not any more as it was seen                             |
 * | `invalid`     | not usable: `fields` says what                                     |
 * | `too-large`   | more than is read here                                             |
 * | `busy`        | too much at once; later                                            |
 * | `unreachable` | the node is not connected, does not answer, or answers nonsense    |
 */
export type RefusalCode = "absent" | "conflict" | "invalid" | "too-large" | "busy" | "unreachable";

export interface FieldRefusal {
  /** `set.channel` */
  readonly path: string;
  readonly reason: string;
}

export class WorkbenchRefusal extends UserError {
  readonly code: RefusalCode;
  readonly fields: readonly FieldRefusal[];

  constructor(code: RefusalCode, message: string, fields: readonly FieldRefusal[] = []) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}
