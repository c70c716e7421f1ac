import { useEffect, useRef, useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { summaryOf } from "./summary.ts";
import { useDifferences } from "./use-differences.ts";
import { useCalled, useEditing } from "./use-edit.ts";
import type { VersionSummary } from "./versions.ts";

/** What a version has changed of the one that it was made from. Asked for once the line comes into sight: there may be hundreds. */
export function ChangedLine({ version: { number, basedOn, createdAt } }: { readonly version: VersionSummary }) {
  const { location } = useEditing();
  const place = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element || isSeen) return;
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [isSeen]);
  return (
    <div ref={place} className="changed">
      {isSeen ? (
        <Changes location={location} from={basedOn === 0 ? null : basedOn} to={number} at={createdAt} />
      ) : (
        <span className="soft">…</span>
      )}
    </div>
  );
}

interface ChangesProps {
  readonly location: string;
  readonly from: number | null;
  readonly to: number;
  /** When the version was made, ISO 8601. */
  readonly at: string;
}

function Changes({ location, from, to, at }: ChangesProps) {
  const { found, error } = useDifferences(location, from, to, useCalled(Date.parse(at)));
  if (!found) return error ? <Failure error={error} /> : <span className="soft">…</span>;
  const summary = summaryOf(found);
  if (!summary) return <span className="soft">It changed nothing.</span>;
  return (
    <>
      <bdi>{summary.first}</bdi>
      {summary.more !== null && (
        <details>
          <summary>{summary.more}</summary>
          <ul className="words">
            {summary.others.map((words) => (
              <li key={words}>
                <bdi>{words}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
