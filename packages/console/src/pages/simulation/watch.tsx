import { Failure } from "../../ui/failure.tsx";
import type { Names } from "../../ui/happenings.ts";
import { HistoryLink } from "../../ui/page-link.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { momentText } from "../../ui/time.ts";
import { useHappenings } from "../../ui/use-happenings.ts";
import { useNow } from "../../ui/use-now.ts";
import { shownLines, toneOf } from "./watch.ts";

interface WatchProps {
  readonly location: string;
  readonly names: Names;
}

/** What follows: the home's events, with what people did among them. */
export function Watch({ location, names }: WatchProps) {
  const { items, error, isPending } = useHappenings(location, names);
  const now = useNow(30_000);
  return (
    <section className="card watch" aria-labelledby="watch">
      <h2 id="watch">What follows</h2>
      <Failure error={error} />
      {items.length === 0 && !error && <p className="empty">{isPending ? "Loading …" : "Nothing has happened yet."}</p>}
      {items.length > 0 && (
        <Scroll label="Events, the newest first">
          <ol className="lines">
            {items.slice(0, shownLines).map(({ id, at, kind, text, detail, isVersion }) => (
              <li key={id} className={toneOf(kind)}>
                <time dateTime={at}>{momentText(at, now, "seconds")}</time>
                <bdi>
                  {text}
                  {detail !== null && <small className="soft"> {detail}</small>}
                  {isVersion && (
                    <small>
                      {" "}
                      <HistoryLink>What it changed</HistoryLink>
                    </small>
                  )}
                </bdi>
              </li>
            ))}
          </ol>
        </Scroll>
      )}
    </section>
  );
}
