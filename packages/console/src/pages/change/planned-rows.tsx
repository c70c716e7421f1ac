import { type Planned, type PlannedWords, plannedWords } from "./planned-words.ts";

const kinds = { insert: "new row", update: "changed", delete: "removed" } as const;

/** Who does it and when, in words; for who builds with nodes also the rows. */
export function PlannedChange({ items }: { readonly items: Planned }) {
  return (
    <div className="planned">
      <PlannedLines lines={plannedWords(items)} />
      <details>
        <summary>For engineers: what each node is written</summary>
        <PlannedRows items={items} />
      </details>
    </div>
  );
}

export function PlannedLines({ lines }: { readonly lines: readonly PlannedWords[] }) {
  return lines.map(({ tone, text }) => (
    <p key={text} className={tone === "warn" ? "warn" : "soft"}>
      <bdi>{text}</bdi>
    </p>
  ));
}

function PlannedRows({ items }: { readonly items: Planned }) {
  return (
    <>
      {items.map(({ node, rows, reason, refused }) => (
        <details key={node} className="of-node">
          <summary>
            <strong>
              <bdi>{node}</bdi>
            </strong>
            :{" "}
            {rows === null
              ? reason
              : rows.length === 0
                ? "nothing"
                : `${rows.length} ${rows.length === 1 ? "row" : "rows"}`}
            {refused.length > 0 && <span className="warn">; {refused.length} it cannot do</span>}
          </summary>
          {rows && rows.length > 0 && (
            <div className="scroll">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Row</th>
                    <th scope="col">Column</th>
                    <th scope="col">Is</th>
                    <th scope="col">Would be</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.flatMap(({ id, kind, columns, reason: why }) =>
                    (columns.length > 0 ? columns : [{ column: "", before: null, after: why ?? "" }]).map(
                      (column, index) => (
                        <tr key={`${id} ${kind} ${column.column}`}>
                          <td>
                            {index === 0 && (
                              <>
                                <code>{id}</code> <span className="soft">{kinds[kind]}</span>
                              </>
                            )}
                          </td>
                          <td>
                            <code>{column.column}</code>
                          </td>
                          <td>
                            <bdi>{column.before ?? ""}</bdi>
                          </td>
                          <td>
                            <bdi>{column.after}</bdi>
                          </td>
                        </tr>
                      ),
                    ),
                  )}
                </tbody>
              </table>
            </div>
          )}
          {refused.map((refusal) => (
            <p className="warn" key={`${refusal.id} ${refusal.reason}`}>
              <code>{refusal.id}</code> {refusal.reason}
            </p>
          ))}
        </details>
      ))}
    </>
  );
}
