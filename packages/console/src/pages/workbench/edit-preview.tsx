import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { Input, Label, TextField } from "react-aria-components";
import { Scroll } from "../../ui/scroll.tsx";
import { cellText } from "./table-view.ts";

interface EditPreviewProps {
  readonly preview: AnswerTo<"POST /locations/:location/nodes/:node/tables/:table/rows/:row">;
  readonly isSure: boolean;
  onSure(isSure: boolean): void;
  readonly why: string;
  onWhy(why: string): void;
}

/** What the edit would do, before anything is done. */
export function EditPreview({ preview, isSure, onSure, why, onWhy }: EditPreviewProps) {
  const { changes, operations, repairs, danger, writer, doubts } = preview;
  return (
    <div className="preview">
      {changes.length === 0 && <p>Nothing: the row is so already.</p>}
      <ul className="words">
        {changes.map(({ column, before, after }) => (
          <li key={column}>
            <code>{column}</code>: <bdi>{cellText(before) || "unset"}</bdi> → <bdi>{cellText(after) || "unset"}</bdi>
          </li>
        ))}
      </ul>
      {doubts.map((doubt) => (
        <p key={doubt} className="warning">
          It cannot do this: <bdi>{doubt}</bdi>. It may be written all the same; the radio is not as it was told then.
        </p>
      ))}
      {repairs === null && <p className="soft">Whether the home's document states this is not known now.</p>}
      {repairs !== null && repairs.length === 0 && (
        <p className="soft">The home's document says nothing of this: the cloud leaves it as you write it.</p>
      )}
      {repairs !== null && repairs.length > 0 && (
        <div className="warning">
          <p>
            The home's document states something else: the cloud brings it back at once. To change it for good, change
            the network.
          </p>
          <ul>
            {repairs.map((text) => (
              <li key={text}>
                <bdi>{text}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
      {writer !== null && <p className="warning">Mind: {writer}.</p>}
      {danger !== null && (
        <div className="warning">
          <p>Mind: {danger}.</p>
          <label>
            <input type="checkbox" checked={isSure} onChange={({ target }) => onSure(target.checked)} /> I know, and do
            it nevertheless
          </label>
        </div>
      )}
      {changes.length > 0 && (
        <>
          <details>
            <summary>The transaction, as the node is sent it</summary>
            <Scroll label="The transaction">
              <pre className="json" dir="ltr">
                {operations.map((operation) => JSON.stringify(operation)).join("\n")}
              </pre>
            </Scroll>
          </details>
          <TextField className="field" value={why} onChange={onWhy} maxLength={500} autoComplete="off">
            <Label>Why, for the audit trail (may be left empty)</Label>
            <Input className="input" dir="auto" />
          </TextField>
        </>
      )}
    </div>
  );
}
