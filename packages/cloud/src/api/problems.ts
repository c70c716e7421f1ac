/** What is answered to a request that is not done, and how it follows from what was thrown. */

import { UserError } from "@opensync-ts/base/errors";
import type { z } from "zod";
import { type RefusalCode, StoreRefusal, StoreUnavailable } from "../store/errors.ts";
import { type FieldProblem, problemsOf } from "../zod-problems.ts";
import * as limits from "./limits.ts";

export interface ProblemParts {
  readonly fields?: readonly FieldProblem[];
  /** When to try again. */
  readonly retryAfterMs?: number;
}

/** An answer other than success; the message says why and what to do, and holds no value of the request. */
export class ApiProblem extends UserError {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, message: string, { fields = [], retryAfterMs }: ProblemParts = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields.slice(0, limits.namedFields);
    this.retryAfterMs = retryAfterMs;
  }
}

export function unknownCaller(message = "log in, or send a token as 'Authorization: Bearer …'"): ApiProblem {
  return new ApiProblem(401, "unauthenticated", message);
}

export function forbidden(message: string): ApiProblem {
  return new ApiProblem(403, "forbidden", message);
}

export function absent(what: string): ApiProblem {
  return new ApiProblem(404, "not-found", `there is no such ${what}`);
}

export function notHere(what: string): ApiProblem {
  return new ApiProblem(503, "not-running", `${what}: not running here`);
}

/** Of a value of the wrong shape; `where`: `body`, `query`, `path`. */
export function misshapen(where: string, error: z.ZodError): ApiProblem {
  return wrongFields(problemsOf(error).map(({ path, reason }) => ({ path: joinPath(where, path), reason })));
}

export function wrongFields(fields: readonly FieldProblem[]): ApiProblem {
  const [first] = fields;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : "";
  return new ApiProblem(400, "invalid", first ? `${first.path}: ${first.reason}${more}` : "not usable", { fields });
}

export function joinPath(where: string, path: string): string {
  return path === "" ? where : path.startsWith("[") ? `${where}${path}` : `${where}.${path}`;
}

const statuses: Readonly<Record<RefusalCode, number>> = {
  "not-found": 404,
  conflict: 409,
  claimed: 409,
  invalid: 422,
  limit: 429,
  forbidden: 403,
};

/** Undefined: nobody's fault but ours. */
export function problemFrom(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  if (error instanceof StoreRefusal) return new ApiProblem(statuses[error.code], error.code, error.message);
  if (error instanceof StoreUnavailable) {
    return new ApiProblem(503, "unavailable", "the store cannot be reached now; try again", { retryAfterMs: 5_000 });
  }
  if (error instanceof UserError) return new ApiProblem(422, "invalid", error.message);
  return frameworkProblem(error);
}

/** Of the web framework, which has found the request unusable. Its messages may hold parts of the request. */
function frameworkProblem(error: unknown): ApiProblem | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const status = Number(error.statusCode);
  switch (status) {
    case 413:
      return new ApiProblem(413, "too-large", "the body is larger than this route takes");
    case 415:
      return new ApiProblem(415, "media-type", "bodies are JSON; send 'Content-Type: application/json'");
    default:
      return status >= 400 && status < 500
        ? new ApiProblem(status, "invalid", "the request cannot be read")
        : undefined;
  }
}
