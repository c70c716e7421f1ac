/** Choosing a table of the node, what of it is shown, and whether it is followed. */

import { useDeferredValue, useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { useMay } from "../../api/use-may.ts";
import { Failure } from "../../ui/failure.tsx";
import { Choice } from "./choice.tsx";
import { ColumnChoice } from "./column-choice.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import type { Done } from "./edit-text.ts";
import { FilterField } from "./filter-field.tsx";
import { FollowBox } from "./follow-box.tsx";
import { TableRows } from "./table-rows.tsx";
import { type Column, filledColumns, hasWords, inOrder, type Row, whyNotEdited } from "./table-view.ts";
import { useFollowed } from "./use-followed.ts";
import { useTable } from "./use-table.ts";
import { useView } from "./use-view.ts";

const followMs = 2_000;
/** More would make the page slow; the filter finds the others. */
const shownRows = 200;

interface NodeParams {
  readonly location: string;
  readonly node: string;
}

export function TablesPart({ location, node }: NodeParams) {
  const { view, change } = useView();
  const { table } = view;
  const tables = useAsk("GET /locations/:location/nodes/:node/tables", { params: { location, node } });
  const items = tables.data?.items ?? [];
  const has = items.some(({ name }) => name === table);
  return (
    <section aria-label="Tables">
      <Failure error={tables.error} />
      {tables.isPending && <p className="empty">Reading which tables it has …</p>}
      {tables.data && (
        <div className="list-tools">
          <Choice
            label="Table"
            value={has ? table : ""}
            onChange={(name) => change({ ...view, table: name, filter: "" })}
          >
            {!has && <option value="">Choose one</option>}
            <optgroup label="That the cloud keeps a copy of">
              {items
                .filter(({ mirrored }) => mirrored)
                .map(({ name, rows }) => (
                  <option key={name} value={name}>
                    {rows === null ? name : `${name} (${rows})`}
                  </option>
                ))}
            </optgroup>
            <optgroup label="Others of the node">
              {items
                .filter(({ mirrored }) => !mirrored)
                .map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
            </optgroup>
          </Choice>
        </div>
      )}
      {tables.data && !has && (
        <p className="empty">
          <bdi>{node}</bdi> has no table called <bdi>{table}</bdi>.
        </p>
      )}
      {has && <OneTable key={table} location={location} node={node} table={table} />}
    </section>
  );
}

function OneTable({ location, node, table }: NodeParams & { readonly table: string }) {
  const [isFollowing, setFollowing] = useState(true);
  const [typed, setTyped] = useState(useView().view.filter);
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const [edited, setEdited] = useState<Row>();
  const [done, setDone] = useState<Done>();
  const may = useMay("admin");
  const answer = useTable({ location, node, table }, isFollowing ? followMs : undefined);
  const ordered = useMemo(() => answer.data?.rows && inOrder(answer.data.rows, answer.data.columns), [answer.data]);
  const { rows, news } = useFollowed(ordered);
  const words = useDeferredValue(typed);
  const found = useMemo(() => rows.filter(({ row }) => hasWords(row, words)), [rows, words]);
  const columns: readonly Column[] = answer.data?.columns ?? [];
  const filled = useMemo(() => filledColumns(columns, answer.data?.rows ?? []), [columns, answer.data]);
  const isShown = (name: string) => (chosen ? chosen.has(name) : filled.includes(name));
  const count = answer.data?.rows?.length ?? 0;
  const rest = found.length - shownRows;
  const notEdited = answer.data && whyNotEdited(answer.data, may);
  return (
    <>
      <div className="list-tools">
        <FilterField label="Filter rows by words, such as channel=6" value={typed} onChange={setTyped} />
        <FollowBox isFollowing={isFollowing} onChange={setFollowing} />
        {!isFollowing && (
          <Button className="button" onPress={() => void answer.refetch()}>
            Read again
          </Button>
        )}
      </div>
      <ColumnChoice
        columns={columns}
        isShown={isShown}
        onChange={setChosen}
        onReset={chosen ? () => setChosen(undefined) : undefined}
      />
      <Failure error={answer.error} />
      <p className="soft count">
        {answer.isPending
          ? "Reading …"
          : `${count} ${count === 1 ? "row" : "rows"}${typed ? `; ${found.length} found` : ""}${
              rest > 0 ? `; the first ${shownRows} are shown, filter for the others` : ""
            }`}
        {notEdited !== undefined && ` · ${notEdited}`}
      </p>
      <p className="unseen" role="status">
        {news}
      </p>
      {done && (
        <p className={done.tone} role="status">
          <bdi>{done.text}</bdi>
        </p>
      )}
      {answer.data && found.length > 0 && (
        <TableRows
          name={table}
          columns={columns.filter(({ name }) => isShown(name))}
          all={columns}
          rows={found.slice(0, shownRows)}
          onEdit={notEdited === undefined ? setEdited : undefined}
        />
      )}
      {answer.data && count > 0 && found.length === 0 && <p className="empty">No row has that.</p>}
      {answer.data && count === 0 && rows.length === 0 && <p className="empty">The table has no rows now.</p>}
      {edited && (
        <EditDialog
          place={{ location, node, table }}
          columns={columns}
          row={edited}
          latest={answer.data?.rows?.find(({ uuid }) => uuid === edited.uuid)}
          onAgain={async () => {
            const { data } = await answer.refetch();
            const now = data?.rows?.find(({ uuid }) => uuid === edited.uuid);
            if (now) setEdited(now);
          }}
          onClose={(next) => {
            setEdited(undefined);
            setDone(next);
            void answer.refetch();
          }}
        />
      )}
    </>
  );
}
