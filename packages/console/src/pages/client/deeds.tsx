import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { momentText } from "../../ui/time.ts";
import { bandText } from "../../ui/words.ts";
import { figuresText, resultText } from "./attempt-words.ts";
import { deedText } from "./deed-words.ts";
import { type Explanation, spotText } from "./why-there.ts";

interface DeedsProps {
  readonly location: string;
  readonly mac: string;
  readonly attempts: Explanation["attempts"];
  readonly now: number;
}

const shown = 40;

/** What the cloud tried, and what its nodes did by themselves. */
export function Deeds({ location, mac, attempts, now }: DeedsProps) {
  const { data, error } = useAsk(
    "GET /locations/:location/steering/clients/:mac/events",
    { params: { location, mac }, query: { limit: 200 } },
    { everyMs: 30_000 },
  );
  const deeds = (data?.items ?? []).flatMap((deed) => {
    const text = deedText(deed);
    return text === null ? [] : [{ ...deed, text }];
  });
  return (
    <>
      <section>
        <h2>What the cloud tried</h2>
        {attempts.length === 0 ? (
          <p className="empty">It has not been asked to move.</p>
        ) : (
          <Scroll label="What the cloud tried">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">From → to</th>
                  <th scope="col">Outcome</th>
                </tr>
              </thead>
              <tbody>
                {attempts.map((attempt) => (
                  <tr key={`${attempt.askedAt} ${attempt.result}`}>
                    <td className="tight">{momentText(attempt.askedAt, now)}</td>
                    <td>
                      <bdi>{spotText(attempt.from)}</bdi> → <bdi>{spotText(attempt.to)}</bdi>
                    </td>
                    <td>
                      {resultText(attempt)} <span className="soft">{figuresText(attempt)}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </section>
      <section>
        <h2>What its nodes did</h2>
        <Failure error={error} />
        {data && deeds.length === 0 && <p className="empty">No node has told of anything.</p>}
        {deeds.length > 0 && (
          <ol className="deeds">
            {deeds.slice(0, shown).map(({ at, node, band, type, text }, index) => (
              <li key={`${at} ${type} ${String(index)}`}>
                <time dateTime={at}>{momentText(at, now)}</time>{" "}
                <span>
                  <bdi>{node}</bdi> ({bandText(band)}): {text}
                </span>
              </li>
            ))}
          </ol>
        )}
        {deeds.length > shown && <p className="hint">{`The newest ${shown} of ${deeds.length}.`}</p>}
      </section>
    </>
  );
}

/** What the cloud had decided until then, in its words. */
export function PastDecisions({
  location,
  mac,
  at,
}: {
  readonly location: string;
  readonly mac: string;
  readonly at: number;
}) {
  const query = {
    from: new Date(at - 7 * 86_400_000).toISOString(),
    // With what it decided at that moment.
    to: new Date(at + 1).toISOString(),
    mac,
    limit: 10,
  };
  const { data, error, isPending } = useAsk(
    "GET /locations/:location/steering/journal",
    { params: { location }, query },
    { keepLast: true },
  );
  return (
    <section>
      <h2>What the cloud had decided until then</h2>
      <Failure error={error} />
      {isPending && <p className="empty">Loading …</p>}
      {data?.items.length === 0 && <p className="empty">Nothing in the seven days before.</p>}
      {data?.items.map((entry) => (
        <pre key={entry.at + entry.digest} className="words card">
          {entry.text.join("\n")}
        </pre>
      ))}
    </section>
  );
}
