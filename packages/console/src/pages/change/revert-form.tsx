/** The way back to a version that held, with what that undoes. */

import { Button } from "react-aria-components";
import { queries, question, useAsk, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { useNow } from "../../ui/use-now.ts";
import { PlannedLines } from "./planned-rows.tsx";
import { useDifferences } from "./use-differences.ts";
import { useCalled, useEditing } from "./use-edit.ts";
import { begun, isChanged } from "./work.ts";
import { edits } from "./work-store.ts";

export function RevertForm({ to, onClose }: { readonly to: number; onClose(): void }) {
  const { location, applied, versions, work, why, locked, section } = useEditing();
  const { found, notes, error } = useDifferences(location, applied, to, useCalled(useNow(60_000)));
  const rows = useAsk("GET /locations/:location/versions/:version/rows", { params: { location, version: to } });
  const revert = useChange("POST /locations/:location/revert");
  const head = versions[0]?.number ?? 0;
  // What follows is to follow also where this form is closed meanwhile.
  const go = () => {
    const call = { params: { location }, query: why === "" ? {} : { why }, body: { to, basedOn: head } };
    void revert.mutateAsync(call).then(
      ({ number }) => {
        const planned = rows.data?.items ?? [];
        edits.change(location, { stage: { kind: "applied", version: number, planned, keys: [], section }, why: "" });
        onClose();
        return beginFrom(location, number);
      },
      () => undefined,
    );
  };
  return (
    <div className="revert">
      <p>
        <strong>Going back to version {to} changes:</strong>
      </p>
      <Failure error={error ?? revert.error} />
      {found?.length === 0 && <p>Nothing: it is what holds.</p>}
      <ul className="words">
        {found?.map(({ path, words }) => (
          <li key={`${path} ${words}`}>
            <bdi>{words}</bdi>
          </li>
        ))}
      </ul>
      {notes && <PlannedLines lines={[...notes.radar, ...notes.left]} />}
      {versions[0]?.state === "draft" && <p className="warn">The draft that is there is dropped.</p>}
      {work && isChanged(work) && <p className="hint">What you have changed and not applied stays here.</p>}
      <div className="row">
        <Button
          className="button danger"
          onPress={go}
          isDisabled={locked !== undefined || revert.isPending || !found || found.length === 0}
        >
          Go back to version {to}
        </Button>
        <Button className="button" onPress={onClose}>
          Stay
        </Button>
      </div>
    </div>
  );
}

/** The next edit begins from this version, and not from what is gone. Where it cannot be read now, it is when it can. */
async function beginFrom(location: string, number: number): Promise<void> {
  const asked = question("GET /locations/:location/versions/:version", { params: { location, version: number } });
  const document = await queries.fetchQuery(asked).then(
    ({ document }) => document,
    () => undefined,
  );
  const { work } = edits.get(location);
  if (!document || !work || isChanged(work) || work.head >= number) return;
  edits.change(location, { work: begun({ from: number, head: number, document }, work) });
}
