/** `ctl` commands for a location's document: show, draft, diff, apply, revert, versions. */

import { UserError } from "@opensync-ts/base/errors";
import { jsonText } from "../json-text.ts";
import { ctlPollMs } from "../limits.ts";
import { clock } from "../run.ts";
import { locationOf } from "./places.ts";
import { Ctl, type CtlOptions, jsonOf } from "./session.ts";
import { moment, textColumn } from "./tables.ts";

export interface ShowOptions extends CtlOptions {
  readonly version?: number;
  readonly secrets?: boolean;
}

/** The document alone, to be changed and drafted. */
export async function show(named: string | undefined, options: ShowOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const location = (await locationOf(ctl, named)).id;
  const query = { secrets: options.secrets ?? false };
  const { version } = options;
  const { document } =
    version === undefined
      ? await ctl.ask("GET /locations/:location/document", { params: { location }, query })
      : await ctl.ask("GET /locations/:location/versions/:version", { params: { location, version }, query });
  process.stdout.write(`${jsonText(document, 2)}\n`);
}

export interface DraftOptions extends CtlOptions {
  readonly location?: string;
  /** The newest version that the author has seen; left out: whatever is the newest now. */
  readonly basedOn?: number;
}

export async function draft(file: string, options: DraftOptions): Promise<void> {
  const document = jsonOf(file) as Record<string, unknown>;
  const ctl = Ctl.open(options);
  const { id, head } = await locationOf(ctl, options.location);
  const params = { location: id };
  const body = { document, basedOn: options.basedOn ?? head };
  const saved = await ctl.ask("PUT /locations/:location/draft", { params, body });
  if (ctl.json) return ctl.tell(saved, () => []);
  const { number, state } = saved;
  if (state !== "draft") return ctl.tell(saved, () => [`nothing changes: version ${number}, ${state}, says the same`]);
  const { changes } = await ctl.ask("GET /locations/:location/diff", { params });
  const lines = changes.map(({ words }) => `  ${words}`);
  ctl.tell(saved, () => [`version ${number} is a draft; 'apply' lets it hold:`, ...lines]);
}

export interface DiffOptions extends CtlOptions {
  readonly from?: number;
  readonly to?: number;
}

export async function diff(named: string | undefined, options: DiffOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const location = (await locationOf(ctl, named)).id;
  const query = { from: options.from, to: options.to };
  const found = await ctl.ask("GET /locations/:location/diff", { params: { location }, query });
  const { from, to, changes } = found;
  const before = from === 0 ? "nothing" : `version ${from}`;
  ctl.tell(found, () =>
    changes.length === 0
      ? [`version ${to} says the same as ${before}`]
      : [`version ${to}, compared with ${before}:`, ...changes.map(({ words }) => `  ${words}`)],
  );
}

export interface ApplyOptions extends CtlOptions {
  readonly version?: number;
  /** Ms. */
  readonly wait?: number;
}

export async function apply(named: string | undefined, options: ApplyOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, head } = await locationOf(ctl, named);
  if (head === 0) throw new UserError("there is no version yet; save one with 'opensync cloud ctl draft FILE'");
  const version = options.version ?? head;
  const params = { location: id, version };
  const applied = await ctl.ask("POST /locations/:location/versions/:version/apply", { params });
  await told(ctl, id, applied, options.wait);
}

export async function discard(named: string | undefined, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, head } = await locationOf(ctl, named);
  if (head === 0) throw new UserError("there is no version yet, and no draft");
  const params = { location: id, version: head };
  const answer = await ctl.ask("POST /locations/:location/versions/:version/discard", { params });
  ctl.tell(answer, () => [`version ${head} is discarded`]);
}

export interface RevertOptions extends CtlOptions {
  readonly location?: string;
  readonly wait?: number;
}

export async function revert(to: number, options: RevertOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, head } = await locationOf(ctl, options.location);
  const call = { params: { location: id }, body: { to, basedOn: head } };
  await told(ctl, id, await ctl.ask("POST /locations/:location/revert", call), options.wait);
}

/** Says what holds; with `wait`, once it is proven. Throws a `UserError` with what is still to come where that takes longer. */
async function told(ctl: Ctl, location: string, version: Held, wait: number | undefined): Promise<void> {
  const { number } = version;
  const holds = `version ${number} holds`;
  if (wait === undefined) return ctl.tell(version, () => [holds]);
  const end = clock.now() + wait;
  for (;;) {
    const { applied, proven, live } = await ctl.ask("GET /locations/:location", { params: { location } });
    if (proven === number) break;
    if (live?.version === number && live.nodes === 0) {
      return ctl.tell(version, () => [`${holds}; there is no node to prove it`]);
    }
    if (applied !== number) throw new UserError(`version ${number} no longer holds, version ${applied} does`);
    if (clock.now() >= end) throw new UserError(await unproven(ctl, location, `${holds}, and is not proven yet`));
    await clock.sleep(ctlPollMs);
  }
  ctl.tell(
    await ctl.ask("GET /locations/:location/versions/:version", { params: { location, version: number } }),
    () => [`${holds}, proven`],
  );
}

interface Held {
  readonly number: number;
}

async function unproven(ctl: Ctl, location: string, words: string): Promise<string> {
  const { items } = await ctl.ask("GET /locations/:location/nodes", { params: { location } });
  const open = items.filter(({ settled }) => !settled).map(({ id, pending }) => `${id}: ${pending ?? "not settled"}`);
  return open.length > 0 ? `${words}: ${open.join("; ")}` : `${words}; 'opensync cloud ctl nodes' shows the nodes`;
}

export interface VersionsOptions extends CtlOptions {
  readonly limit?: number;
}

export async function versions(named: string | undefined, options: VersionsOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, name } = await locationOf(ctl, named);
  const query = { limit: options.limit };
  const { items } = await ctl.ask("GET /locations/:location/versions", { params: { location: id }, query });
  ctl.list(
    items,
    [
      { ...textColumn("VERSION", ({ number }) => number), align: "right" },
      textColumn("STATE", ({ state, restores }) => (restores === null ? state : `${state}, brings back ${restores}`)),
      textColumn("BY", ({ author }) => author),
      textColumn("MADE", ({ createdAt }) => moment(createdAt)),
      textColumn("PROVEN", ({ provenAt }) => moment(provenAt)),
      textColumn("WHY", ({ why }) => why),
    ],
    `location '${name}' has no version yet; save one with 'opensync cloud ctl draft FILE', or claim a node`,
  );
}
