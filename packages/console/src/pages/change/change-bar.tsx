/** What is not applied yet, with the way on: look at it, or drop it. */

import { CloudError } from "@opensync-ts/cloud-client/errors";
import { Button, Input, Label, TextField } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { useFocusBack } from "../../ui/focus-after.ts";
import { Sure } from "../../ui/sure.tsx";
import { useNow } from "../../ui/use-now.ts";
import { NewsPanel } from "./news-panel.tsx";
import { documentProblems, sectionOf } from "./problems.ts";
import { ReviewDialog } from "./review-dialog.tsx";
import { useCalled, useEditing } from "./use-edit.ts";
import { authorName } from "./versions.ts";
import { changesOf, isChanged, saved } from "./work.ts";
import { edits } from "./work-store.ts";

/** Changes named in the bar; the rest is counted. */
const named = 6;

export function ChangeBar() {
  const { location, work, stage, why, news, versions, locked } = useEditing();
  const save = useChange("PUT /locations/:location/draft");
  const drop = useChange("POST /locations/:location/versions/:version/discard");
  const called = useCalled(useNow(60_000));
  const reviewed = useFocusBack<HTMLButtonElement>(stage.kind === "review");
  if (!work || locked !== undefined) return null;
  const [newest] = versions;
  const draft = newest?.state === "draft" ? newest : undefined;
  const changed = isChanged(work);
  const changes = changed ? changesOf(work, called) : [];
  const look = (version: number) => edits.change(location, { stage: { kind: "review", version } });
  const review = () => {
    const { from, head, mine: document } = work;
    if (!changed) return draft ? look(draft.number) : undefined;
    const secrets = from === null ? {} : { secretsOf: from };
    const body = { document: { ...document }, basedOn: head, ...secrets };
    // What follows is to follow also where one looks at another page meanwhile.
    void save.mutateAsync({ params: { location }, query: why === "" ? {} : { why }, body }).then(
      ({ number }) => {
        const { work: current } = edits.get(location);
        edits.change(location, {
          stage: { kind: "review", version: number },
          ...(current && { work: saved(current, document, number) }),
        });
      },
      (error: unknown) => {
        const { work: current } = edits.get(location);
        const fields = error instanceof CloudError ? error.failure.fields : [];
        if (current) edits.change(location, { work: { ...current, problems: documentProblems(fields) } });
      },
    );
  };
  const undo = () => {
    save.reset();
    edits.change(location, { work: { ...work, mine: work.base, problems: [] } });
  };
  const forget = (version: number) => {
    // What was typed goes with it, as one wants it to.
    edits.change(location, { work: { ...work, draft: undefined } });
    void drop
      .mutateAsync({ params: { location, version }, query: why === "" ? {} : { why } })
      .catch(() => edits.change(location, { work: { ...(edits.get(location).work ?? work), draft: work.draft } }));
  };
  // A field that is wrong says so itself, where it is on the page.
  const elsewhere = work.problems.filter(({ path }) => sectionOf(path) === undefined);
  return (
    <>
      {news && <NewsPanel news={news} />}
      {(changed || draft) && (
        <section className="change-bar" aria-label="Changes that are not applied">
          <div>
            {changed ? (
              <>
                <strong>
                  {changes.length} {changes.length === 1 ? "change is" : "changes are"} not applied
                </strong>
                <ul>
                  {changes.slice(0, named).map(({ path, words }) => (
                    <li key={`${path} ${words}`}>
                      <bdi>{words}</bdi>
                    </li>
                  ))}
                  {changes.length > named && <li>and {changes.length - named} more</li>}
                </ul>
              </>
            ) : (
              draft && (
                <strong>
                  Version {draft.number} is a draft by <bdi>{authorName(draft.author)}</bdi>, which is not applied
                </strong>
              )
            )}
            {work.problems.length > 0 && (
              <p className="wrong">
                {work.problems.length === 1 ? "One thing is" : `${work.problems.length} things are`} wrong; it is said
                where it is.
              </p>
            )}
            {elsewhere.map(({ path, reason }) => (
              <p className="wrong" key={path}>
                <code>{path}</code> {reason}
              </p>
            ))}
            {save.error && work.problems.length === 0 && <Failure error={save.error} />}
            <Failure error={drop.error} />
          </div>
          <div className="row">
            <TextField
              className="field"
              value={why}
              onChange={(text) => edits.change(location, { why: text })}
              maxLength={200}
              autoComplete="off"
            >
              <Label>Why (for the history; may be left out)</Label>
              <Input className="input" dir="auto" />
            </TextField>
            <Button
              ref={reviewed}
              className="button primary"
              onPress={review}
              isDisabled={save.isPending || news !== undefined}
            >
              {save.isPending ? "Saving …" : save.error ? "Review again" : "Review"}
            </Button>
            {changed ? (
              <Sure label="Forget the changes" sure="Yes, forget them" stay="Keep them" onSure={undo} />
            ) : (
              draft && (
                <Button className="button" isDisabled={drop.isPending} onPress={() => forget(draft.number)}>
                  Drop the draft
                </Button>
              )
            )}
          </div>
        </section>
      )}
      {/* Until it is closed, whatever has become of it. */}
      {stage.kind === "review" && <ReviewDialog key={stage.version} version={stage.version} />}
    </>
  );
}
