/** `ctl events`: what has happened, or what happens. */

import { CloudError } from "@opensync-ts/cloud-client/errors";
import type { CloudEvent } from "@opensync-ts/cloud-client/follow";
import { jsonText } from "../json-text.ts";
import { say, untilStopped } from "../run.ts";
import { locationOf } from "./places.ts";
import { Ctl, type CtlOptions } from "./session.ts";
import { detailWords, moment, textColumn } from "./tables.ts";

export interface EventsOptions extends CtlOptions {
  readonly follow?: boolean;
  readonly kind?: string;
  readonly limit?: number;
  /** With `follow`: ends after so many. */
  readonly count?: number;
}

export async function events(named: string | undefined, options: EventsOptions): Promise<void> {
  const ctl = Ctl.open(options);
  if (options.follow) return followed(ctl, named, options);
  const { id, name } = await locationOf(ctl, named);
  const query = { kind: options.kind, limit: options.limit };
  const { items } = await ctl.ask("GET /locations/:location/events", { params: { location: id }, query });
  ctl.list(
    items.toReversed(),
    [
      textColumn("AT", ({ at }) => moment(at)),
      textColumn("NODE", ({ node }) => node),
      textColumn("KIND", ({ kind }) => kind),
      textColumn("WHAT", ({ text }) => text),
    ],
    `nothing has happened at '${name}' yet`,
  );
}

/** Until Ctrl-C. Of all locations within reach, unless one is named. */
async function followed(ctl: Ctl, named: string | undefined, { kind, count }: EventsOptions): Promise<void> {
  const location = named === undefined ? undefined : (await locationOf(ctl, named)).id;
  const ended = new AbortController();
  const read = async () => {
    let left = count ?? Number.POSITIVE_INFINITY;
    for await (const event of ctl.client.events({ location, signal: ended.signal })) {
      if (event.kind === "reset") process.stderr.write("opensync: something may have been missed here\n");
      const line = ctl.json ? lineOf(event) : wordsOf(event, kind);
      if (line === undefined) continue;
      if (ctl.json) process.stdout.write(`${line}\n`);
      else say(line);
      if (--left <= 0) return;
    }
  };
  try {
    await untilStopped(read());
  } catch (error) {
    throw error instanceof CloudError ? ctl.refusal(error.failure) : error;
  } finally {
    ended.abort();
  }
}

function lineOf({ kind, data }: CloudEvent): string | undefined {
  return kind === "hello" || kind === "reset" ? undefined : jsonText({ kind, data });
}

/** Undefined: not worth a line. What nodes do is told as events, too; what people do is a change and an event, and is one line. */
export function wordsOf({ kind, data }: CloudEvent, only?: string): string | undefined {
  const fact = data as Readonly<Record<string, string | null>>;
  const at = moment(fact.at ?? fact.raisedAt ?? null);
  const what = kind === "event" || kind === "alert" ? (fact.kind ?? kind) : kind;
  if (only === undefined ? what === "deed" : only !== what) return undefined;
  switch (kind) {
    case "event":
      return `${at}  ${what}  ${fact.text}`;
    case "alert":
      return `${at}  alert ${what}  ${fact.clearedAt ? `over: ${fact.text}` : fact.text}`;
    case "change": {
      const { details = [] } = data as { readonly details?: readonly string[] };
      const changed = detailWords(details);
      const target = fact.target ? ` ${fact.target}` : "";
      return `${at}  change  ${fact.actor}: ${fact.action}${target}${changed === null ? "" : `: ${changed}`}`;
    }
    case "caller":
      return `${at}  caller  ${fact.peer}: ${fact.reason}`;
    default:
      return undefined;
  }
}
