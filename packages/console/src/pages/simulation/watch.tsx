import { useEffect, useState } from "react";
import { useAsk } from "../../api/ask.ts";
import { live } from "../../api/live.ts";
import { Failure } from "../../ui/failure.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { momentText } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { eventLine, joined, type Line, lineOf, namedText } from "./watch.ts";

interface WatchProps {
  readonly location: string;
  /** Of clients, by address. */
  readonly names: ReadonlyMap<string, string>;
}

/** What follows, as it happens. */
export function Watch({ location, names }: WatchProps) {
  const { data, error } = useAsk("GET /locations/:location/events", { params: { location }, query: { limit: 20 } });
  const [heard, setHeard] = useState<readonly Line[]>([]);
  const now = useNow(30_000);
  useEffect(
    () =>
      live.onEvent(({ kind, data }) => {
        const line = lineOf(kind, data, location);
        if (line) setHeard((known) => joined(known, [line]));
      }),
    [location],
  );
  const lines = joined((data?.items ?? []).map(eventLine), heard);
  return (
    <section className="card watch" aria-labelledby="watch">
      <h2 id="watch">What follows</h2>
      <Failure error={error} />
      {lines.length === 0 && <p className="empty">Nothing since this page was opened.</p>}
      {lines.length > 0 && (
        <Scroll label="Events, the newest first">
          <ol className="lines">
            {lines.map(({ id, at, text, tone }) => (
              <li key={id} className={tone}>
                <time dateTime={at}>{momentText(at, now, "seconds")}</time>
                <bdi>{namedText(text, names)}</bdi>
              </li>
            ))}
          </ol>
        </Scroll>
      )}
    </section>
  );
}
