import { useEffect, useRef, useState } from "react";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { summaryOf } from "./summary.ts";
import { useEditing } from "./use-edit.ts";
import type { VersionSummary } from "./versions.ts";

/** What a version has changed of the one that it was made from. Asked for once the line comes into sight: there may be hundreds. */
export function ChangedLine({ version: { number, basedOn } }: { readonly version: VersionSummary }) {
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
  const { data, error } = useAsk(
    "GET /locations/:location/diff",
    { params: { location }, query: { from: basedOn, to: number } },
    { enabled: isSeen },
  );
  const summary = data && summaryOf(data.changes);
  return (
    <div ref={place} className="changed">
      <Failure error={error} />
      {!data && !error && <span className="soft">…</span>}
      {data && !summary && <span className="soft">It changed nothing.</span>}
      {summary && <bdi>{summary.first}</bdi>}
      {summary && summary.more !== null && (
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
    </div>
  );
}
