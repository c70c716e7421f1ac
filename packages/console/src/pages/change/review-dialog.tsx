/** What a draft changes, in words and as what each node would be written; from here it is applied. */

import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useAsk, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { useNow } from "../../ui/use-now.ts";
import { keyName } from "./edits.ts";
import { loserLines } from "./key-losers.ts";
import { PlannedChange, PlannedLines } from "./planned-rows.tsx";
import { useDifferences } from "./use-differences.ts";
import { useCalled, useEditing } from "./use-edit.ts";
import { fateOf } from "./versions.ts";
import { held } from "./work.ts";
import { edits } from "./work-store.ts";

export function ReviewDialog({ version }: { readonly version: number }) {
  const { location, why, doc, applied, versions, work, section } = useEditing();
  // Of what holds by now it would change nothing.
  const [before] = useState(applied);
  const from = applied === version ? before : applied;
  const { found, notes, changes, error } = useDifferences(location, from, version, useCalled(useNow(60_000)));
  const rows = useAsk("GET /locations/:location/versions/:version/rows", { params: { location, version } });
  const devices = useAsk("GET /locations/:location/devices", { params: { location } });
  const losers = work && devices.data ? loserLines(changes ?? [], work.base, doc, devices.data.items) : [];
  const apply = useChange("POST /locations/:location/versions/:version/apply");
  const close = () => edits.change(location, { stage: { kind: "editing" } });
  // The answer may be lost on its way, and somebody else may be faster.
  const fate = apply.isPending ? undefined : fateOf(versions.find(({ number }) => number === version));
  const showReceipt = () => {
    // A key that is new, or has another passphrase, is shown with its code.
    const told = new Set(
      (changes ?? []).flatMap(({ kind, path }) => (kind === "added" || path.endsWith(".psk") ? [path] : [])),
    );
    const keys = doc.networks.flatMap(({ ssid, security }, index) =>
      security.keys.flatMap(({ id }, position) =>
        [`networks[${index}]`, keyPath(index, position), `${keyPath(index, position)}.psk`].some((path) =>
          told.has(path),
        ) && work?.typed.has(keyName(ssid, id))
          ? [keyName(ssid, id)]
          : [],
      ),
    );
    edits.change(location, {
      stage: { kind: "applied", version, planned: rows.data?.items ?? [], keys, section },
      why: "",
      ...(work && { work: held(edits.get(location).work ?? work) }),
    });
  };
  const go = () => {
    const call = { params: { location, version }, query: why === "" ? {} : { why } };
    void apply.mutateAsync(call).then(showReceipt, () => undefined);
  };
  return (
    <ModalOverlay className="veil network-dialog" isOpen onOpenChange={(isOpen) => !isOpen && close()} isDismissable>
      <Modal className="palette review">
        <Dialog>
          <Heading slot="title" level={2}>
            Version {version}: what changes
          </Heading>
          <Failure error={error} />
          {!found && !error && <p className="empty">Reading …</p>}
          {found?.length === 0 && <p>Nothing: it is what holds already.</p>}
          <ul className="words">
            {found?.map(({ path, words }) => (
              <li key={`${path} ${words}`}>
                <bdi>{words}</bdi>
              </li>
            ))}
          </ul>
          {notes && <PlannedLines lines={[...notes.radar, ...notes.left]} />}
          {losers.map((line) => (
            <p key={line} className="warn">
              <bdi>{line}</bdi>
            </p>
          ))}
          <Failure error={rows.error} />
          {rows.data ? (
            <PlannedChange items={rows.data.items} />
          ) : (
            !rows.error && <p className="soft">Asking what it means for the nodes …</p>
          )}
          {fate === undefined ? (
            <Failure error={apply.error} />
          ) : (
            <p className={fate === "applied" ? "good" : "warn"} role="status">
              {fate === "applied" ? "It has been applied." : "It has been dropped meanwhile: nothing of it holds."}
            </p>
          )}
          <div className="row end">
            <Button className="button" onPress={close}>
              {fate === undefined ? "Not yet" : "Close"}
            </Button>
            {fate === "applied" ? (
              <Button className="button primary" autoFocus onPress={showReceipt}>
                What has become of it
              </Button>
            ) : (
              <Button
                className="button primary"
                autoFocus
                onPress={go}
                isDisabled={apply.isPending || !found || fate !== undefined}
              >
                {apply.isPending ? "Applying …" : "Apply"}
              </Button>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function keyPath(network: number, position: number): string {
  return `networks[${network}].security.keys[${position}]`;
}
