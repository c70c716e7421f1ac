/** `ctl routes` and `ctl call`: every route of the API's contract, with nothing in between. */

import { UserError } from "@opensync-ts/base/errors";
import { allRoutes } from "@opensync-ts/cloud/api/contract/contract";
import { parametersIn } from "@opensync-ts/cloud/api/contract/route";
import { jsonText } from "../json-text.ts";
import { locationOf } from "./places.ts";
import { type Asked, Ctl, type CtlOptions, jsonOf, parsed } from "./session.ts";
import { printTable } from "./tables.ts";
import { asIs } from "./words.ts";

export interface CallOptions extends CtlOptions {
  readonly query?: Readonly<Record<string, string>>;
  /** A file, `-`, or JSON. */
  readonly body?: string;
}

/** Without asking a cloud. */
export function routes({ json }: { readonly json?: boolean }): void {
  const rows = allRoutes.map(({ name, needs, summary, query, body }) => ({
    ...{ name, needs, summary },
    query: Object.keys(query?.shape ?? {}),
    body: body !== undefined,
  }));
  if (json) process.stdout.write(`${jsonText(rows, 2)}\n`);
  else {
    printTable(rows, [
      { title: "ROUTE", cell: ({ name }) => name },
      { title: "NEEDS", cell: ({ needs }) => needs },
      { title: "QUERY", cell: ({ query }) => query.join(" ") },
      { title: "BODY", cell: ({ body }) => (body ? "yes" : "") },
      { title: "DOES", cell: ({ summary }) => summary },
    ]);
  }
}

/** What is wrong with the call as it is written; undefined: nothing. */
export function callProblem(name: string, given: Readonly<Record<string, string>>): string | undefined {
  const route = allRoutes.find((entry) => entry.name === name);
  if (!route) return `there is no route '${name}'; 'opensync cloud ctl routes' lists them`;
  if (route.raw === "text/event-stream") return `'${name}' is live; use 'opensync cloud ctl events --follow'`;
  if (route.raw) return `'${name}' is a file; use 'opensync cloud ctl backup FILE'`;
  const wanted = parametersIn(route.path);
  const unknown = Object.keys(given).find((parameter) => !wanted.includes(parameter));
  if (unknown !== undefined) return `'${name}' has no '${unknown}'; it has ${wanted.join(", ") || "no parameters"}`;
  // A location may be left out where there is only one.
  const missing = wanted.find((parameter) => given[parameter] === undefined && parameter !== "location");
  return missing === undefined ? undefined : `'${name}' wants ${missing}=…`;
}

export async function call(name: string, given: Readonly<Record<string, string>>, options: CallOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const body = bodyOf(options.body);
  const takesLocation = name.includes("/:location");
  const params = takesLocation ? { ...given, location: (await locationOf(ctl, given.location)).id } : given;
  const parts = { params, query: options.query ?? {}, ...(body === undefined ? {} : { body }) };
  const result = await ctl.result(name as Asked, parts as never);
  // Who writes a request has to find in it what is wrong.
  if (!result.ok) throw ctl.refusal(result.error, asIs);
  const { value: answer } = result;
  if (answer !== null) process.stdout.write(`${jsonText(answer as object, 2)}\n`);
}

function bodyOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (text === "") throw new UserError("--body: is empty; give JSON, a file, or - for stdin");
  return /^\s*[[{"]/.test(text) ? parsed(text, "--body") : jsonOf(text);
}
