/** One node: who it is, how it is and why, what has become of each of its settings, its radios, and what happened. */

import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useAsk } from "../../api/ask.ts";
import { clock } from "../../clock.ts";
import { Chart } from "../../ui/chart.tsx";
import { Failure } from "../../ui/failure.tsx";
import { HistoryLink } from "../../ui/page-link.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { useAt } from "../../ui/use-at.ts";
import { useHappenings } from "../../ui/use-happenings.ts";
import { useNow } from "../../ui/use-now.ts";
import { NodeRadios } from "../radios/node-radios.tsx";
import { nodeCharts } from "./node-charts.ts";
import { RadioFaults } from "./radio-faults.tsx";
import {
  byNeed,
  connectionWords,
  healthText,
  type NodeAnswer,
  placeName,
  rowWords,
  settingsText,
} from "./row-words.ts";
import "../clients/clients.css";
import { momentText } from "../../ui/time.ts";
import "../client/client.css";

export function NodePage() {
  const { location = "", node = "" } = useParams({ strict: false }) as { location?: string; node?: string };
  const { atMs } = useAt();
  const now = useNow(30_000);
  const params = { location, node };
  const every = { everyMs: 10_000 };
  const answer = useAsk("GET /locations/:location/nodes/:node", { params }, every);
  const radios = useAsk("GET /locations/:location/nodes/:node/radios", { params }, every);
  const isGone = answer.error?.failure.status === 404;
  return (
    <>
      <div className="titled">
        <h1>
          <bdi>{node}</bdi>
        </h1>
        {answer.data && <span className="soft">{answer.data.role}</span>}
      </div>
      {isGone ? (
        <p className="failure" role="alert">
          The home has no node of this name, or no longer. If it was released, it belongs to no home now.
        </p>
      ) : (
        <Failure error={answer.error} />
      )}
      {answer.isPending && <p className="empty">Loading …</p>}
      {answer.data && !isGone && (
        <>
          {atMs === undefined ? (
            <p className="why" role="status">
              {healthText(answer.data, (moment) => momentText(moment, clock.wallTime(), "seconds"))}
            </p>
          ) : (
            <p className="past-note">
              At {momentText(atMs, now, "seconds")}: what was measured and what had happened. How its settings were then
              is not kept.
            </p>
          )}
          {atMs === undefined && <RadioFaults location={location} node={node} faults={answer.data.faults} />}
          {atMs === undefined && <Identity node={answer.data} />}
          {atMs === undefined && <Rows node={answer.data} />}
          <h2>Radios</h2>
          <Failure error={radios.error} />
          {radios.data?.asOf === null && (
            <p className="empty">Its radios are not known: it is not connected. They appear when it is.</p>
          )}
          {radios.data && <NodeRadios location={location} node={node} known={radios.data.radios} />}
          <Load location={location} node={node} />
          <Events location={location} node={node} />
        </>
      )}
    </>
  );
}

function Identity({ node }: { readonly node: NodeAnswer }) {
  const { model, serialNumber, firmware, connection, peer, sessions, counters, state } = node;
  const facts: Facts = [
    ["Model", model ?? "has not said"],
    ["Serial number", serialNumber ?? "has not said"],
    ["Firmware", firmware ?? "has not said"],
    ["Connection", connectionWords[connection]],
  ];
  const details: Facts = [
    ["Calls from", peer ?? "–"],
    ["State of its session", state ?? "–"],
    ["Came", `${sessions} ${sessions === 1 ? "time" : "times"} since the cloud started`],
    ["Written to it", `${counters.writes} rows in ${counters.transactions} transactions, ${counters.refused} refused`],
  ];
  return (
    <>
      <FactList facts={facts} />
      <details>
        <summary>For engineers</summary>
        <FactList facts={details} />
      </details>
    </>
  );
}

type Facts = readonly (readonly [string, string])[];

function FactList({ facts }: { readonly facts: Facts }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const rowsShown = 12;

function Rows({ node }: { readonly node: NodeAnswer }) {
  const [isWhole, setWhole] = useState(false);
  const rows = useMemo(() => byNeed(node.rows), [node.rows]);
  const open = rows.filter((row) => rowWords(row).kind !== "good").length;
  const { isDone, text } = settingsText(rows);
  const shown = isWhole ? rows : rows.slice(0, Math.max(open, rowsShown));
  return (
    <section>
      <h2>Its settings</h2>
      <p className={isDone ? "good" : "warn"}>{text}</p>
      {rows.length > 0 && (
        <details open={open > 0}>
          <summary>One by one</summary>
          <Scroll label="Its settings">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">How it is</th>
                  <th scope="col">Why, and what follows</th>
                  <th scope="col">Set under</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((row, index) => {
                  const { what, state, follows, kind } = rowWords(row);
                  return (
                    <tr key={`${row.id} ${String(index)}`}>
                      <th scope="row" className="named">
                        <bdi title={row.id}>{what}</bdi>
                      </th>
                      <td className={kind}>{state}</td>
                      <td>
                        {row.reason && <bdi>{row.reason}. </bdi>}
                        <span className="soft">{follows}</span>
                      </td>
                      <td>
                        {row.stated === null ? (
                          "nowhere any more"
                        ) : (
                          <span title={row.stated}>{placeName(row.stated) ?? <code>{row.stated}</code>}</span>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Scroll>
          {shown.length < rows.length && (
            <button type="button" className="button" onClick={() => setWhole(true)}>
              {`Show all ${rows.length}`}
            </button>
          )}
        </details>
      )}
    </section>
  );
}

function Load({ location, node }: { readonly location: string; readonly node: string }) {
  const { atMs } = useAt();
  const now = useNow(30_000);
  const to = Math.ceil((atMs ?? now) / 60_000) * 60_000;
  const from = to - 6 * 3_600_000;
  const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const { data, error } = useAsk(
    "GET /locations/:location/series/nodes/:node",
    { params: { location, node }, query },
    { keepLast: true },
  );
  const charts = useMemo(() => data && nodeCharts(data), [data]);
  return (
    <section>
      <h2>How busy the device itself is</h2>
      <Failure error={error} />
      {charts && (
        <div className="charts">
          <Chart
            title="Processor"
            unit="%"
            series={charts.processor}
            times={charts.times}
            from={from}
            to={to}
            least={0}
            most={100}
          />
          <Chart
            title="Memory in use"
            unit="%"
            series={charts.memory}
            times={charts.times}
            from={from}
            to={to}
            least={0}
            most={100}
          />
          <Chart title="Temperature" unit="°C" series={charts.heat} times={charts.times} from={from} to={to} />
        </div>
      )}
    </section>
  );
}

function Events({ location, node }: { readonly location: string; readonly node: string }) {
  const { at, atMs } = useAt();
  const now = useNow(30_000);
  // What happened at that moment is among it.
  const until = atMs === undefined ? {} : { to: new Date(atMs + 1).toISOString() };
  const { items, error, isPending } = useHappenings(location, undefined, { node, limit: 50, ...until });
  return (
    <section>
      <h2>What happened{at === undefined ? "" : " until then"}</h2>
      <Failure error={error} />
      {isPending && <p className="empty">Loading …</p>}
      {!isPending && !error && items.length === 0 && <p className="empty">Nothing yet.</p>}
      {items.length > 0 && (
        <ol className="deeds">
          {items.map(({ id, at: when, text, detail, isVersion }) => (
            <li key={id}>
              <time dateTime={when}>{momentText(when, now)}</time>{" "}
              <span>
                <bdi>{text}</bdi>
                {detail !== null && (
                  <small className="soft">
                    {" "}
                    <bdi>{detail}</bdi>
                  </small>
                )}
                {isVersion && (
                  <small>
                    {" "}
                    <HistoryLink>What it changed</HistoryLink>
                  </small>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
