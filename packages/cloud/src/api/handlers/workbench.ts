import type { HandWrite } from "../../hand-writes.ts";
import { mirrored } from "../../mirror.ts";
import type { About, By } from "../../store/audit.ts";
import { audited } from "../../store/audit.ts";
import { actorName } from "../../store/deed.ts";
import { StoreRefusal, StoreUnavailable } from "../../store/errors.ts";
import { changeText, writerOf } from "../../workbench/edit.ts";
import { WorkbenchRefusal } from "../../workbench/refusal.ts";
import { columnView, rowView } from "../../workbench/views.ts";
import type { PreparedEdit, Workbench } from "../../workbench/workbench.ts";
import type { Api, Handlers } from "../api.ts";
import type { workbenchRoutes } from "../contract/workbench.ts";
import type { LiveLocation, LiveSession } from "../host.ts";
import { ApiProblem, absent, notHere, wrongFields } from "../problems.ts";

export const workbenchHandlers: Handlers<keyof typeof workbenchRoutes> = {
  async "GET /locations/:location/nodes/:node/tables"({ api, params }) {
    const { workbench, session } = placeOf(api, params);
    const { schema } = await told(workbench.schema(session));
    const items = [...schema.tables.keys()].sort().map((name) => {
      const isMirrored = isMirroredTable(name);
      return { name, mirrored: isMirrored, rows: isMirrored ? (session.tables?.(name as never).size ?? null) : null };
    });
    return { node: params.node, items };
  },

  async "GET /locations/:location/nodes/:node/tables/:table"({ api, params, query }) {
    const { workbench, session, key } = placeOf(api, params);
    const { table, rows, revision } = await told(workbench.rows(key, session, params.table));
    return {
      table: table.name,
      revision,
      writer: writerOf(table.name),
      columns: [...table.columns.values()].map(columnView),
      rows: query.seen === revision ? null : rows.map(rowView),
    };
  },

  async "GET /locations/:location/nodes/:node/messages"({ api, params, query }) {
    const { workbench, session, key } = placeOf(api, params);
    return tailView(
      asked(() => workbench.messages(key, session)),
      query,
    );
  },

  async "GET /locations/:location/nodes/:node/reports"({ api, params, query }) {
    const { workbench } = placeOf(api, params);
    return tailView(
      asked(() => workbench.reports(params.node)),
      query,
    );
  },

  async "GET /locations/:location/nodes/:node/checks"({ api, params }) {
    const { workbench, location, session } = placeOf(api, params);
    const checks = await told(workbench.checks(params.node, session, location.node(params.node)?.rows ?? []));
    return { items: checks.map((check) => ({ ...check, details: [...check.details] })) };
  },

  async "POST /locations/:location/nodes/:node/tables/:table/rows/:row"({ api, params, body, by }) {
    const { workbench, session, location } = placeOf(api, params);
    const { set, guard, dryRun, confirm } = body;
    const edit = await told(workbench.prepare(session, params.table, params.row, { set, guard }));
    const { changes, operations, repairs, danger, writer, doubts } = edit;
    const written = !dryRun && changes.length > 0;
    if (written) {
      if (danger !== null && !confirm) {
        const fields = [{ path: "body.confirm", reason: `is needed: ${danger}` }];
        throw new ApiProblem(422, "invalid", `confirm: ${danger}`, { fields });
      }
      const target = `${params.node} ${params.table} ${params.row}`;
      const about = aboutEdit(edit, params);
      await write(api, edit, { location, target, about, by }, handWrites(edit, params, by, api.clock.wallTime()));
    }
    return {
      ...{ written, danger, writer },
      changes: changes.map((change) => ({ ...change })),
      operations: operations.map((operation) => ({ ...operation })),
      repairs: repairs && [...repairs],
      doubts: [...doubts],
    };
  },
};

interface Tail<T> {
  readonly id: string;
  after(number: number): { readonly items: readonly T[]; readonly lost: number };
}

function tailView<T extends { readonly at: number }>(
  tail: Tail<T>,
  { after, log }: { readonly after: number; readonly log?: string | undefined },
) {
  const { items, lost } = tail.after(log === tail.id ? after : 0);
  return { log: tail.id, lost, items: items.map((item) => ({ ...item, at: new Date(item.at).toISOString() })) };
}

/** For who asks of what the node then does: who wrote that. */
function handWrites(
  { row, changes }: PreparedEdit,
  { node, table }: Readonly<Record<"node" | "table", string>>,
  { actor }: By,
  at: number,
): HandWritten {
  const named = { table, row: row ?? "", name: actorName(actor), at };
  return { node, writes: row === null ? [] : changes.map((change) => ({ ...named, ...change })) };
}

interface HandWritten {
  readonly node: string;
  readonly writes: readonly HandWrite[];
}

interface Where {
  readonly location: LiveLocation;
  readonly target: string;
  readonly about: About;
  readonly by: By;
}

/** Which columns, not what they hold: the trail has that. */
function aboutEdit({ changes, row }: PreparedEdit, { node, table }: Readonly<Record<"node" | "table", string>>): About {
  const columns = changes.map(({ column }) => column).join(", ");
  return { words: `wrote ${row ?? "a row"} of ${table} on ${node}: ${columns}`, node };
}

/** The node is not asked from within a transaction of the store, which others would wait for; so it is first written, then told. */
async function write(api: Api, edit: PreparedEdit, where: Where, { node, writes }: HandWritten): Promise<void> {
  const { location, target, about, by } = where;
  // An event of what the node makes of it comes after that of the deed.
  const at = api.clock.wallTime() - 1;
  const deed = { action: "node.edit", tenant: location.tenant, location: location.id, target, about, at };
  const details = edit.changes.map(changeText);
  // What the node makes of it may be known before its answer is.
  const forget = location.handWritten(node, writes);
  const failed = await edit.write().then(
    () => undefined,
    (error: unknown) => error,
  );
  // Where the node fell silent it may have taken it.
  if (failed && !(failed instanceof WorkbenchRefusal && failed.code === "unreachable")) forget();
  try {
    await audited(api.store, by, deed, async () => {
      if (failed instanceof WorkbenchRefusal) throw new StoreRefusal("conflict", failed.message);
      if (failed) throw failed;
      return { result: null, details };
    });
  } catch (error) {
    if (!failed && error instanceof StoreUnavailable) {
      api.log.warning(`${target}: written by ${by.actor}, and the audit trail could not be reached`);
      const message = "the node has taken it, but the audit trail cannot be reached now: do not send it again";
      throw new ApiProblem(503, "unavailable", message);
    }
    throw failed ? problemOf(failed) : error;
  }
}

function placeOf(api: Api, { location: id, node }: { readonly location: string; readonly node: string }) {
  const { workbench } = api.host;
  const location = api.host.locations.get(id);
  if (!location?.node(node)) throw absent("node in the version that holds");
  if (!workbench) throw notHere("the workbench");
  const session = location.session(node);
  if (!session) throw unreachable("the node is not connected; it can be looked at when it is");
  return { workbench, location, session, key: `${id} ${node}` } satisfies {
    readonly workbench: Workbench;
    readonly session: LiveSession;
    readonly location: LiveLocation;
    readonly key: string;
  };
}

function isMirroredTable(name: string): boolean {
  return Object.hasOwn(mirrored, name);
}

function asked<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw problemOf(error);
  }
}

async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw problemOf(error);
  }
}

function problemOf(error: unknown): unknown {
  if (!(error instanceof WorkbenchRefusal)) return error;
  const fields = error.fields.map(({ path, reason }) => ({ path: `body.${path}`, reason }));
  switch (error.code) {
    case "absent":
      return new ApiProblem(404, "not-found", error.message);
    case "conflict":
      return new ApiProblem(409, "conflict", error.message, { fields });
    case "invalid":
      return fields.length > 0 ? wrongFields(fields) : new ApiProblem(422, "invalid", error.message);
    case "too-large":
      return new ApiProblem(422, "invalid", error.message);
    case "busy":
      return new ApiProblem(503, "busy", error.message, { retryAfterMs: 2_000 });
    case "unreachable":
      return unreachable(error.message);
  }
}

function unreachable(message: string): ApiProblem {
  return new ApiProblem(503, "unreachable", message);
}
