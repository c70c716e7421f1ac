/** The way back to a version that held, with what that undoes. */

import { Button } from "react-aria-components";
import { queries, question, useAsk, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import type { Doc } from "./doc.ts";
import { useEditing } from "./use-edit.ts";
import { begun, isChanged } from "./work.ts";
import { edits } from "./work-store.ts";

export function RevertForm({ to, onClose }: { readonly to: number; onClose(): void }) {
  const { location, applied, versions, work, why, locked } = useEditing();
  const from = applied ?? 0;
  const diff = useAsk("GET /locations/:location/diff", { params: { location }, query: { from, to } });
  const rows = useAsk("GET /locations/:location/versions/:version/rows", { params: { location, version: to } });
  const revert = useChange("POST /locations/:location/revert");
  const head = versions[0]?.number ?? 0;
  const go = () =>
    revert.mutate(
      { params: { location }, query: why === "" ? {} : { why }, body: { to, basedOn: head } },
      {
        onSuccess: async ({ number }) => {
          edits.change(location, {
            stage: { kind: "applied", version: number, planned: rows.data?.items ?? [], keys: [] },
            why: "",
          });
          onClose();
          const { work: current } = edits.get(location);
          if (!current || isChanged(current)) return;
          // The next edit begins from here, and not from what is gone. Where it cannot be read now, it is when it can.
          const asked = question("GET /locations/:location/versions/:version", {
            params: { location, version: number },
          });
          const document = await queries.fetchQuery(asked).then(
            (version) => version.document as unknown as Doc,
            () => undefined,
          );
          const { work: then } = edits.get(location);
          if (document && then && !isChanged(then) && then.head < number) {
            edits.change(location, { work: begun({ from: number, head: number, document }, then.typed) });
          }
        },
      },
    );
  return (
    <div className="revert">
      <p>
        <strong>Going back to version {to} changes:</strong>
      </p>
      <Failure error={diff.error ?? revert.error} />
      {diff.data?.changes.length === 0 && <p>Nothing: it is what holds.</p>}
      <ul className="words">
        {diff.data?.changes.map(({ kind, path, words }) => (
          <li key={`${kind} ${path}`}>
            <bdi>{words}</bdi>
          </li>
        ))}
      </ul>
      {versions[0]?.state === "draft" && <p className="warn">The draft that is there is dropped.</p>}
      {work && isChanged(work) && <p className="hint">What you have changed and not applied stays here.</p>}
      <div className="row">
        <Button
          className="button danger"
          onPress={go}
          isDisabled={locked !== undefined || revert.isPending || !diff.data || diff.data.changes.length === 0}
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
