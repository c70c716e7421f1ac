/** The radios of one node: how they are, who takes their air, who is around, and whether they do as they are told. */

import { useMemo, useState } from "react";
import { useAsk } from "../../api/ask.ts";
import { Chart } from "../../ui/chart.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { durationText, momentText } from "../../ui/time.ts";
import { useAt } from "../../ui/use-at.ts";
import { useNow } from "../../ui/use-now.ts";
import { bandText, dbText, percentText } from "../../ui/words.ts";
import { FaultLink } from "../node/fault-link.tsx";
import { rowWords } from "../node/row-words.ts";
import { airtimeOf } from "./airtime.ts";
import type { Radio } from "./channel-plan.ts";
import { verdictOf } from "./told-words.ts";
import "./radios.css";

const hours = 6;
const neighborsShown = 15;

/** `known`: of now; in the past the bands are known, and the rest is what was measured. */
export function NodeRadios({ location, node, known }: { location: string; node: string; known: readonly Radio[] }) {
  const { atMs } = useAt();
  return known.map((radio) => (
    <section key={radio.ifName} className="card radio">
      <h3>
        {bandText(radio.band)} <span className="soft">{radio.ifName}</span>
      </h3>
      {atMs === undefined && <RadioFacts radio={radio} />}
      <AirtimeChart location={location} node={node} band={radio.band} />
      {atMs === undefined ? (
        <>
          <Told node={node} radio={radio} />
          <Neighbors radio={radio} />
        </>
      ) : (
        <p className="soft">Settings and neighbours of that time are not kept; the air above is what was measured.</p>
      )}
    </section>
  ));
}

function RadioFacts({ radio }: { readonly radio: Radio }) {
  const { enabled, channel, width, covers, hwMode, txPowerDbm, celsius, air, limits, interfaces, radar } = radio;
  const state = radio.channels.find((each) => each.channel === channel);
  const clients = interfaces.reduce((sum, vif) => sum + vif.clients, 0);
  const facts: readonly (readonly [string, string])[] = [
    ["Channel", enabled === false ? "off" : channel === null ? "unknown" : String(channel)],
    ["Width", width === null ? "unknown" : `${width} MHz${covers.length > 1 ? ` (${covers.join(", ")})` : ""}`],
    ["Clients", String(clients)],
    ["Busy", percentText(air?.busyPercent)],
    ["Noise", air?.noiseDbm == null ? "–" : `${Math.round(air.noiseDbm)} dBm`],
    ["Transmit power", txPowerDbm === null ? "–" : `${txPowerDbm} dBm`],
    ["Mode", hwMode ?? "–"],
    ...(celsius === null ? [] : [["Temperature", `${Math.round(celsius)} °C`] as const]),
    ...(state?.needsRadarCheck ? [["Radar", radarText(state.state)] as const] : []),
    ...(limits.width === null ? [] : [["Widest channel it can use", `${limits.width} MHz`] as const]),
  ];
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {Object.keys(radar).length > 0 && (
        <p className="soft">
          Radar, as the radio says:{" "}
          {Object.entries(radar)
            .map(([key, value]) => `${key} ${value}`)
            .join(", ")}
        </p>
      )}
    </>
  );
}

function radarText(state: string | null): string {
  const words: Readonly<Record<string, string>> = {
    cac_started: "being listened for",
    cac_completed: "none heard",
    nop_started: "heard: it has to leave",
    nop_finished: "not listened for yet",
  };
  return words[state ?? ""] ?? "unknown";
}

function AirtimeChart({ location, node, band }: { location: string; node: string; band: string }) {
  const { atMs } = useAt();
  const now = useNow(30_000);
  const to = Math.ceil((atMs ?? now) / 60_000) * 60_000;
  const from = to - hours * 3_600_000;
  const { data, error, isPending } = useAsk(
    "GET /locations/:location/series/nodes/:node/radios/:radio",
    {
      params: { location, node, radio: band },
      query: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    },
    { keepLast: true },
  );
  const airtime = useMemo(() => data && airtimeOf(data), [data]);
  if (error) return <Failure error={error} />;
  if (isPending || !airtime) return <p className="empty">Loading …</p>;
  return (
    <>
      <Chart
        title="Who takes the air"
        unit="% of the time"
        times={airtime.times}
        series={airtime.sources}
        marks={airtime.moves}
        isStacked
        from={from}
        to={to}
        least={0}
        most={100}
      />
      {airtime.moves.length > 0 && (
        <p className="hint">
          Dashed: it changed its channel (
          {airtime.moves.map(({ at, text }) => `${momentText(at, to)} ${text}`).join("; ")}
          ).
        </p>
      )}
    </>
  );
}

/** Intended against actual, of the radio and of each of its interfaces. */
function Told({ node, radio }: { readonly node: string; readonly radio: Radio }) {
  const now = useNow(30_000);
  const parts = [
    { name: `Radio ${radio.ifName}`, ...radio },
    ...radio.interfaces.map((vif) => ({
      ...vif,
      name: `${vif.mode === "sta" ? "Uplink" : "Access point"} ${vif.ifName}`,
    })),
  ];
  const open = parts.flatMap(({ rows }) => rows.filter((row) => rowWords(row).kind !== "good"));
  const { isGood, text } = verdictOf(radio);
  return (
    <>
      <h4>Does it do as it is told?</h4>
      <p className={isGood ? "good" : "warn"}>
        <bdi>{text}</bdi>
      </p>
      {radio.fault !== null && (
        <p className="reason">
          {radio.fault.writer !== null && (
            <>
              <bdi>{radio.fault.writer.name}</bdi> wrote that by hand at {momentText(radio.fault.writer.at, now)}.{" "}
            </>
          )}
          <FaultLink node={node} fault={radio.fault}>
            Its row in the Workbench
          </FaultLink>
        </p>
      )}
      {open.map((row) => {
        const { what, state, follows } = rowWords(row);
        return (
          <p key={row.id + row.stated} className="reason">
            <strong>
              {what}: {state}.
            </strong>{" "}
            {row.reason && <span>{row.reason}. </span>}
            <span className="soft">{follows}</span>
          </p>
        );
      })}
      <details open={!isGood}>
        <summary>Intended and actual, setting by setting</summary>
        {parts.map(({ name, columns, ...part }) => (
          <Scroll key={name} label={name}>
            <table className="table told">
              <caption>
                {name}
                {"ssid" in part && part.ssid !== null && (
                  <>
                    {" "}
                    <bdi>{part.ssid}</bdi>
                  </>
                )}
              </caption>
              <thead>
                <tr>
                  <th scope="col">Setting</th>
                  <th scope="col">Intended</th>
                  <th scope="col">Actual</th>
                  <th scope="col">Agrees</th>
                </tr>
              </thead>
              <tbody>
                {columns.map(({ column, intended, actual, agrees, why }) => (
                  <tr key={column}>
                    <th scope="row">
                      <code>{column}</code>
                    </th>
                    <td>
                      <bdi>{intended ?? "left to the node"}</bdi>
                    </td>
                    <td>
                      <bdi>{actual ?? "not reported"}</bdi>
                    </td>
                    <td className={agrees === "no" ? "bad" : agrees === "yes" ? "good" : "soft"}>
                      {agrees === "unstated" ? (why ?? "–") : agrees}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        ))}
      </details>
    </>
  );
}

function Neighbors({ radio }: { readonly radio: Radio }) {
  const [isWhole, setWhole] = useState(false);
  const now = useNow(30_000);
  const { neighbors } = radio;
  const shown = isWhole ? neighbors.slice(0, 200) : neighbors.slice(0, neighborsShown);
  return (
    <>
      <h4>Networks around</h4>
      {neighbors.length === 0 ? (
        <p className="empty">None heard, or this radio has not scanned yet.</p>
      ) : (
        <Scroll label={`Networks around on ${bandText(radio.band)}`}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Network</th>
                <th scope="col">Channel</th>
                <th scope="col">Signal</th>
                <th scope="col">Heard</th>
                <th scope="col">Whose</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ bssid, ssid, channel, snrDb, heardAt, own }) => (
                <tr key={bssid}>
                  <th scope="row" className="named">
                    {ssid === "" ? <span className="soft">(hidden)</span> : <bdi>{ssid}</bdi>}{" "}
                    <code className="soft">{bssid}</code>
                  </th>
                  <td>{channel}</td>
                  <td className="tight">{dbText(snrDb)}</td>
                  <td className="tight">{durationText(now - Date.parse(heardAt))} ago</td>
                  <td>{own === null ? "a neighbour's" : <bdi>{own}</bdi>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {neighbors.length > neighborsShown && !isWhole && (
        <button type="button" className="button" onClick={() => setWhole(true)}>
          {`Show all ${neighbors.length}`}
        </button>
      )}
    </>
  );
}
