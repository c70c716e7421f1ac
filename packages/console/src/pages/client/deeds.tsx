import { useMemo } from "react";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { momentText } from "../../ui/time.ts";
import { bandText } from "../../ui/words.ts";
import { deedText, noDeedsText } from "./deed-words.ts";
import { type Deed, roamsOf } from "./roams.ts";
import { noTriesText, type Try, triesOf } from "./tries.ts";
import type { ClientPast } from "./use-client-past.ts";
import type { Explanation } from "./why-there.ts";

interface DeedsProps {
  readonly attempts: Explanation["attempts"];
  readonly past: ClientPast;
  /** Where it is; null: not known. */
  readonly band: string | null;
  /** ms since 1970. */
  readonly now: number;
}

const shown = 40;

/** What the cloud tried, and what its nodes did. */
export function Deeds({ attempts, past, band, now }: DeedsProps) {
  const tries = useTries(attempts, past, band, now);
  return (
    <>
      <section>
        <h2>What the cloud tried</h2>
        {tries.length > 0 && <Tries tries={tries} now={now} />}
        {tries.length === 0 && past.isRead && <p className="empty">{noTriesText(past.deeds)}</p>}
      </section>
      <NodeDeeds past={past} now={now} />
    </>
  );
}

const noAttempts: Explanation["attempts"] = [];

interface PastProps {
  readonly location: string;
  readonly mac: string;
  readonly past: ClientPast;
  /** ms since 1970. */
  readonly at: number;
}

/** What somebody had asked for and the cloud had decided until then, and what nodes had done. */
export function PastDecisions({ location, mac, past, at }: PastProps) {
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
  // Its own moves are told by the journal, as it knew them then.
  const tries = useTries(noAttempts, past, null, at);
  const isEmpty = data?.items.length === 0 && past.isRead && tries.length === 0;
  return (
    <>
      <section>
        <h2>What the cloud had decided until then</h2>
        <Failure error={error} />
        {isPending && <p className="empty">Loading …</p>}
        {isEmpty && <p className="empty">{noTriesText(past.deeds)}</p>}
        {tries.length > 0 && <Tries tries={tries} now={at} />}
        {data?.items.map((entry) => (
          <pre key={entry.at + entry.digest} className="words card">
            {entry.text.join("\n")}
          </pre>
        ))}
      </section>
      <NodeDeeds past={past} now={at} isPast />
    </>
  );
}

function useTries(attempts: Explanation["attempts"], past: ClientPast, band: string | null, now: number) {
  return useMemo(() => {
    const { events, holds, deeds } = past;
    const roams = roamsOf({ events, deeds, holds, attempts, series: undefined, policies: [], now });
    return triesOf({ attempts, holds, roams, band, now, moment: (at) => momentText(at, now) });
  }, [attempts, past, band, now]);
}

function Tries({ tries, now }: { readonly tries: readonly Try[]; readonly now: number }) {
  return (
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
          {tries.map(({ id, at, way, outcome, figures }) => (
            <tr key={id}>
              <td className="tight">{momentText(at, now)}</td>
              <td>
                <bdi>{way}</bdi>
              </td>
              <td>
                {outcome} {figures !== null && <span className="soft">{figures}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface NodeDeedsProps {
  readonly past: ClientPast;
  /** ms since 1970. */
  readonly now: number;
  /** All that nodes had to tell of it they have told. */
  readonly isPast?: boolean;
}

function NodeDeeds({ past, now, isPast = false }: NodeDeedsProps) {
  const told = past.deeds.flatMap((deed): readonly (Deed & { readonly text: string })[] => {
    const text = deedText(deed);
    return text === null ? [] : [{ ...deed, text }];
  });
  return (
    <section>
      <h2>What its nodes did</h2>
      <Failure error={past.error} />
      {past.isRead && told.length === 0 && <p className="empty">{noDeedsText(isPast ? [] : past.events, now)}</p>}
      {told.length > 0 && (
        <ol className="deeds">
          {told.slice(0, shown).map(({ at, node, band, type, text }, index) => (
            <li key={`${at} ${type} ${String(index)}`}>
              <time dateTime={at}>{momentText(at, now)}</time>{" "}
              <span>
                <bdi>{node}</bdi> ({bandText(band)}): {text}
              </span>
            </li>
          ))}
        </ol>
      )}
      {told.length > shown && <p className="hint">{`The newest ${shown} of ${told.length}.`}</p>}
    </section>
  );
}
