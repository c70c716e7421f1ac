/** What a schema has found wrong, as a path and a reason that says what to do. No value is in it: it may be a passphrase. */

import type { z } from "zod";

export interface FieldProblem {
  /** `networks[0].security.keys[1].psk`; empty: the whole. */
  readonly path: string;
  readonly reason: string;
}

export function problemsOf({ issues }: z.ZodError): readonly FieldProblem[] {
  return issues.flatMap(problemsOfIssue);
}

/** `networks[0].security.keys[1].psk` */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${memberText(part)}`))
    .join("")
    .replace(/^\./, "");
}

/** Names of members may come from outside and be of any length. */
function memberText(part: PropertyKey): string {
  const text = String(part).replaceAll(/\p{Cc}/gu, "\ufffd");
  return text.length > 64 ? `${text.slice(0, 63)}…` : text;
}

function problemsOfIssue(issue: z.core.$ZodIssue): FieldProblem[] {
  const { path } = issue;
  const at = pathText(path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((member) => ({
      path: pathText([...path, member]),
      reason: "is not known here; remove it",
    }));
  }
  // The library's own messages begin with a capital; ours say the fix already.
  if (!/^[A-Z]/.test(issue.message)) return [{ path: at, reason: issue.message }];
  switch (issue.code) {
    case "invalid_type": {
      const what = issue.message.endsWith("received undefined") ? "is missing" : `is not ${article(issue.expected)}`;
      return [{ path: at, reason: `${what}; give ${article(issue.expected)}` }];
    }
    case "invalid_value":
      return [
        { path: at, reason: `is not one of the values allowed here; use ${issue.values.map(String).join(", ")}` },
      ];
    case "too_big":
      return [{ path: at, reason: `is more than the ${issue.maximum} allowed; shorten it` }];
    case "too_small":
      return [{ path: at, reason: `is less than ${issue.minimum}; lengthen it` }];
    default:
      return [{ path: at, reason: "is not usable; see the documentation for the form" }];
  }
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
