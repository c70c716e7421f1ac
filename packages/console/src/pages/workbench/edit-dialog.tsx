/** Changing a row: what to set, then what that would do, then done; written only while the row is as it was seen. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { EditFields } from "./edit-fields.tsx";
import { EditPreview } from "./edit-preview.tsx";
import { type Done, doneWords, guardOf, textOf, valueFrom } from "./edit-text.ts";
import { type Column, nameOf, namingColumn, type Row } from "./table-view.ts";
import type { TableParams } from "./use-table.ts";

const route = "POST /locations/:location/nodes/:node/tables/:table/rows/:row";
type Preview = AnswerTo<typeof route>;

interface EditDialogProps {
  readonly place: TableParams;
  readonly columns: readonly Column[];
  /** As it was seen: the guard is of this. */
  readonly row: Row;
  /** As it is by now; undefined: it is gone. */
  readonly latest: Row | undefined;
  /** Begins anew with how it is now, which is asked for: what was read last may be from before. */
  onAgain(): Promise<void>;
  /** Undefined: nothing has been done. */
  onClose(done?: Done): void;
}

export function EditDialog({ place, columns, row, latest, onAgain, onClose }: EditDialogProps) {
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const [why, setWhy] = useState("");
  const [isSure, setSure] = useState(false);
  const [preview, setPreview] = useState<Preview>();
  const change = useChange(route);
  const named = nameOf(row, namingColumn(columns));
  const read = [...typed].map(([name, text]) => {
    const column = columns.find((each) => each.name === name);
    return [name, column ? valueFrom(column, text) : { problem: "is gone" }] as const;
  });
  const isReady = read.length > 0 && read.every(([, value]) => "value" in value);
  const send = (dryRun: boolean) => {
    const set = Object.fromEntries(read.map(([name, value]) => [name, "value" in value ? value.value : null]));
    const body = { set, guard: guardOf(row, [...typed.keys()]), dryRun, confirm: isSure };
    const query = why.trim() === "" ? {} : { why: why.trim() };
    change.mutate(
      { params: { ...place, row: row.uuid }, query, body },
      {
        onSuccess: (answer) => {
          if (dryRun) setPreview(answer);
          else onClose(doneWords(named, answer));
        },
      },
    );
  };
  const isPassed = change.error?.failure.status === 409;
  const edit = (next: ReadonlyMap<string, string>) => {
    setTyped(next);
    setPreview(undefined);
    setSure(false);
    change.reset();
  };
  return (
    <ModalOverlay className="veil" isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className="palette workbench-dialog">
        <Dialog>
          <Heading slot="title" level={2}>
            {place.table}: <bdi>{named}</bdi>
          </Heading>
          {preview ? (
            <EditPreview preview={preview} isSure={isSure} onSure={setSure} why={why} onWhy={setWhy} />
          ) : (
            <EditFields
              columns={columns.filter(({ mutable }) => mutable)}
              typed={typed}
              problems={new Map(read.flatMap(([name, value]) => ("problem" in value ? [[name, value.problem]] : [])))}
              begin={(column) => textOf(column, row)}
              onChange={edit}
            />
          )}
          <Failure error={change.error} />
          {isPassed && latest && (
            <Button
              className="button"
              onPress={() => {
                void onAgain().then(() => {
                  setPreview(undefined);
                  change.reset();
                });
              }}
            >
              Go on from how it is now
            </Button>
          )}
          <div className="row end">
            <Button className="button" onPress={() => onClose()}>
              Cancel
            </Button>
            {preview && (
              <Button className="button" onPress={() => edit(typed)}>
                Back
              </Button>
            )}
            {preview ? (
              <Button
                className={preview.danger === null ? "button primary" : "button danger"}
                isDisabled={change.isPending || preview.changes.length === 0 || (preview.danger !== null && !isSure)}
                onPress={() => send(false)}
              >
                {change.isPending ? "Writing …" : "Write it to the node"}
              </Button>
            ) : (
              <Button className="button primary" isDisabled={!isReady || change.isPending} onPress={() => send(true)}>
                {change.isPending ? "Looking …" : "See what it would do"}
              </Button>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
