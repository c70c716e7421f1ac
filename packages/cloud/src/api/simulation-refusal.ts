/** Why a simulated home does not do what it is asked. */

import { UserError } from "@opensync-ts/base/errors";

export class SimulationRefusal extends UserError {
  /** Of the request: `body.to.x`; `path.mac`: there is none such. */
  readonly field: string;
  readonly reason: string;

  /** `reason` says what is wrong and what to do, and follows upon the field's name: `is outside the home; …`. */
  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`);
    this.field = field;
    this.reason = reason;
  }
}
