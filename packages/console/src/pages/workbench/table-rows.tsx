import { Button } from "react-aria-components";
import { Scroll } from "../../ui/scroll.tsx";
import type { FollowedRow, Mark } from "./follow.ts";
import { type Column, cellText, nameOf, namingColumn, type Row } from "./table-view.ts";

interface TableRowsProps {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Also those that are not shown. */
  readonly all: readonly Column[];
  readonly rows: readonly FollowedRow[];
  /** Undefined: nobody may. */
  readonly onEdit: ((row: Row) => void) | undefined;
}

const signs = { new: "new", changed: "changed", gone: "gone" } as const;

export function TableRows({ name, columns, all, rows, onEdit }: TableRowsProps) {
  const naming = namingColumn(all);
  const others = columns.filter((column) => column.name !== naming);
  return (
    <Scroll label={`Rows of ${name}`}>
      <table className="table cells">
        <thead>
          <tr>
            <th scope="col">{naming ?? "row"}</th>
            {others.map((column) => (
              <th key={column.name} scope="col" title={column.takes}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, mark }) => (
            <tr key={row.uuid} className={mark ? `is-${mark.kind}` : ""}>
              <th scope="row" className="named">
                <bdi title={row.uuid}>{nameOf(row, naming)}</bdi>
                {mark && <span className="mark-word">{signs[mark.kind]}</span>}
                {onEdit && mark?.kind !== "gone" && (
                  <Button
                    className="button small"
                    aria-label={`Edit ${nameOf(row, naming)}`}
                    onPress={() => onEdit(row)}
                  >
                    Edit
                  </Button>
                )}
              </th>
              {others.map((column) => (
                <Cell key={column.name} text={cellText(row.cells[column.name])} mark={mark} column={column.name} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface CellProps {
  readonly text: string;
  readonly column: string;
  readonly mark: Mark | undefined;
}

function Cell({ text, column, mark }: CellProps) {
  const isChanged = mark?.kind === "changed" && mark.columns.has(column);
  return (
    <td className={isChanged ? "is-changed-cell" : ""}>
      {text === "" ? (
        <span className="soft">–</span>
      ) : (
        <bdi className={text.length > 40 ? "value" : "value short"} title={text.length > 60 ? text : undefined}>
          {text}
        </bdi>
      )}
    </td>
  );
}
