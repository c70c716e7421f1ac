/** Somebody else has changed the document meanwhile: what, what is still one's own, and where the two disagree. */

import { useState } from "react";
import { Button } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { useNow } from "../../ui/use-now.ts";
import type { Choice } from "./merge.ts";
import { newsWords } from "./news-words.ts";
import { useDifferences } from "./use-differences.ts";
import { useCalled, useEditing } from "./use-edit.ts";
import { authorName } from "./versions.ts";
import { begun, changesOf, rebased, type Seen, valueWords } from "./work.ts";
import { edits } from "./work-store.ts";

export function NewsPanel({ news }: { readonly news: Seen }) {
  const { location, work, versions } = useEditing();
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({});
  const to = news.from ?? 1;
  const called = useCalled(useNow(60_000));
  const { found, changes, error } = useDifferences(location, work?.from ?? null, to, called);
  const me = useAsk("GET /session", {});
  if (!work) return null;
  const theirs = versions.find(({ number }) => number === news.from);
  const isMine = theirs !== undefined && theirs.author === me.data?.actor;
  const merged =
    changes &&
    rebased(
      work,
      news,
      changes.map(({ path }) => path),
      choices,
    );
  const left = merged ? changesOf(merged.work, called) : [];
  const open = merged?.conflicts.filter(({ id }) => choices[id] === undefined) ?? [];
  const isTouching = merged !== undefined && merged.conflicts.length > 0;
  const words = newsWords(isMine ? "you" : theirs ? authorName(theirs.author) : "somebody", isTouching);
  return (
    // Where the two do not touch there is nothing to be warned of.
    <section
      className={isTouching ? "card news touching" : "card news"}
      {...(isTouching ? { role: "alert" } : {})}
      aria-label="This has changed meanwhile"
    >
      <h2>
        <bdi>{words.title}</bdi>
      </h2>
      <Failure error={error} />
      {found && (
        <>
          {isTouching && (
            <h3>
              What is different in version {to}
              {theirs?.state === "draft" && " (a draft)"}
            </h3>
          )}
          <ul className="words">
            {found.map(({ path, words }) => (
              <li key={`${path} ${words}`}>
                <bdi>{words}</bdi>
              </li>
            ))}
          </ul>
          {theirs?.why && (
            <p className="soft">
              Why: <bdi>{theirs.why}</bdi>
            </p>
          )}
        </>
      )}
      {merged && isTouching && (
        <>
          <h3>{isMine ? "Which is to be?" : "You have both changed this: which is to be?"}</h3>
          {merged.conflicts.map(({ id, words, base, mine, theirs: other }) => (
            <fieldset key={id} className="conflict">
              <legend>
                <bdi>{words}</bdi> <span className="soft">(was {valueWords(base)})</span>
              </legend>
              {(
                [
                  ["mine", isMine ? "From here" : "Yours", mine],
                  ["theirs", isMine ? "From elsewhere" : "Theirs", other],
                ] as const
              ).map(([choice, whose, value]) => (
                <label className="check" key={choice}>
                  <input
                    type="radio"
                    name={id}
                    checked={choices[id] === choice}
                    onChange={() => setChoices({ ...choices, [id]: choice })}
                  />
                  <span>
                    {whose}: <bdi>{valueWords(value)}</bdi>
                  </span>
                </label>
              ))}
            </fieldset>
          ))}
        </>
      )}
      {merged && (
        <>
          <h3>{words.left}</h3>
          {left.length === 0 && <p>Nothing is left of them: the same has been done, or is taken from the other.</p>}
          <ul className="words">
            {left.map(({ path, words }) => (
              <li key={`${path} ${words}`}>
                <bdi>{words}</bdi>
              </li>
            ))}
          </ul>
          <div className="row">
            <Button
              className="button primary"
              isDisabled={open.length > 0}
              onPress={() => edits.change(location, { work: merged.work })}
            >
              {open.length > 0 ? `Choose first (${open.length} left)` : words.keep}
            </Button>
            <Button className="button" onPress={() => edits.change(location, { work: begun(news, work) })}>
              {words.forget}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
