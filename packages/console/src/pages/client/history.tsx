import { useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { Chart } from "../../ui/chart.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { durationText, momentText } from "../../ui/time.ts";
import { useAt } from "../../ui/use-at.ts";
import { useNow } from "../../ui/use-now.ts";
import { signedDbText } from "../../ui/words.ts";
import { clientCharts } from "./client-charts.ts";
import { roamsOf } from "./roams.ts";
import type { ClientPast } from "./use-client-past.ts";
import { type Explanation, spotText } from "./why-there.ts";

const spans = [
  ["1 h", 3_600_000],
  ["6 h", 6 * 3_600_000],
  ["1 d", 86_400_000],
  ["7 d", 7 * 86_400_000],
] as const;

interface HistoryProps {
  readonly location: string;
  readonly mac: string;
  readonly attempts: Explanation["attempts"];
  readonly policies: Explanation["policies"];
  readonly past: ClientPast;
  /** Where it has come to, and its node has not told yet when and from where; null: that is told. */
  readonly come: string | null;
  readonly isHere: boolean;
}

/** How it was until the moment that is shown, with its roams. */
export function History({ location, mac, attempts, policies, past, come, isHere }: HistoryProps) {
  const { atMs } = useAt();
  const now = useNow(30_000);
  const [span, setSpan] = useState<number>(spans[0][1]);
  // By whole minutes, so that the same is not asked again and again.
  const to = Math.ceil((atMs ?? now) / 60_000) * 60_000;
  const from = to - span;
  const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const params = { location, mac };
  const series = useAsk("GET /locations/:location/series/clients/:mac", { params, query }, { keepLast: true });
  const charts = useMemo(() => series.data && clientCharts(series.data), [series.data]);
  const roams = useMemo(
    () =>
      roamsOf({
        ...{ events: past.events, deeds: past.deeds, holds: past.holds },
        ...{ series: series.data, attempts, policies, now },
      }).filter(({ at }) => at >= from),
    [past, series.data, attempts, policies, from, now],
  );
  const marks = useMemo(() => roams.map(({ at, to }) => ({ at, text: spotText(to) })), [roams]);
  const stepMs = (series.data?.step ?? 0) * 1000;
  const last = charts?.times.at(-1);
  // What its node reported since is not in it yet.
  const end = last === undefined ? undefined : Math.min(last * 1000 + stepMs, atMs ?? now);
  const averageText = `on average of ${durationText(stepMs)}${end === undefined ? "" : `, up to ${momentText(end, now)}`}`;
  const isDue = isHere && atMs === undefined && stepMs > 0;
  const emptyText = isDue ? `Nothing is kept of it yet: one value is kept of each ${durationText(stepMs)}.` : undefined;
  const shared = charts && {
    ...{ times: charts.times, marks, from, to, least: 0 },
    ...(emptyText === undefined ? {} : { emptyText }),
  };
  return (
    <section>
      <div className="titled">
        <h2>How it was</h2>
        <fieldset className="choices">
          <legend className="unseen">How far back</legend>
          {spans.map(([label, length]) => (
            <Button
              key={label}
              className={length === span ? "button primary" : "button"}
              aria-pressed={length === span}
              onPress={() => setSpan(length)}
            >
              {label}
            </Button>
          ))}
        </fieldset>
      </div>
      <Failure error={series.error} />
      {series.isPending && <p className="empty">Loading …</p>}
      {shared && charts && (
        <div className="charts">
          <Chart title="Signal" unit="dB SNR" series={charts.snr} {...shared} most={40} />
          <Chart title="Link rate" unit={`Mbit/s, ${averageText}`} series={charts.rates} {...shared} />
          <Chart title="Traffic" unit={`Mbit/s, ${averageText}`} series={charts.traffic} {...shared} />
          <Chart
            title="Air it takes"
            unit="% of the time, by its traffic and link rate"
            series={charts.airtime}
            {...shared}
          />
        </div>
      )}
      {series.data?.truncated && <p className="hint">There is more than fits; choose a shorter time.</p>}
      <h3>Roams {marks.length > 0 && <span className="soft">(dashed lines in the charts)</span>}</h3>
      {come !== null && atMs === undefined && (
        <p className="empty" role="status">
          When it came to <bdi>{come}</bdi>, and from where, is told with its node's next report.
        </p>
      )}
      {roams.length === 0 ? (
        (come === null || atMs !== undefined) && <p className="empty">None in this time.</p>
      ) : (
        <Scroll label="Roams">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">From → to</th>
                <th scope="col">Signal</th>
                <th scope="col">Away for</th>
                <th scope="col">Who did it</th>
              </tr>
            </thead>
            <tbody>
              {roams.map((roam) => (
                <tr key={`${roam.at} ${roam.to.node} ${roam.to.band}`}>
                  <td className="tight">{momentText(roam.at, now)}</td>
                  <td>
                    <bdi>{spotText(roam.from)}</bdi> → <bdi>{spotText(roam.to)}</bdi>
                  </td>
                  <td className={`tight ${roam.gainDb === null ? "soft" : roam.gainDb >= 0 ? "good" : "bad"}`}>
                    {signedDbText(roam.gainDb)}
                  </td>
                  <td className="tight">
                    {roam.awayMs === null
                      ? "–"
                      : roam.awayMs < 1000
                        ? `${Math.round(roam.awayMs)} ms`
                        : durationText(roam.awayMs)}
                  </td>
                  <td>
                    {roam.by}
                    {roam.because !== null && `, because ${roam.because}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}
