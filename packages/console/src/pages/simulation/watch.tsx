import { useEffect, useState } from "react";
import { useAsk } from "../../api/ask.ts";
import { live } from "../../api/live.ts";
import { Failure } from "../../ui/failure.tsx";
import { Scroll } from "../../ui/scroll.tsx";
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
                <time dateTime={at}>{new Date(at).toLocaleTimeString([], { timeStyle: "medium" })}</time>
                <bdi>{namedText(text, names)}</bdi>
              </li>
            ))}
          </ol>
        </Scroll>
      )}
    </section>
  );
}
