import { NodeLink } from "../../ui/page-link.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { bandText, percentText } from "../../ui/words.ts";
import { type BandPlan, isDense, legendOf, type PlanRadio, shownNumbers, stateWords } from "./channel-plan.ts";

/** One band: its channels from left to right, what they are like, and who of the home is on them. A table that is a picture. */
export function ChannelPlan({ plan }: { readonly plan: BandPlan }) {
  const { band, channels, radios } = plan;
  const numbers = shownNumbers(plan);
  return (
    <section className={`plan plan-${band.replace(".", "")}`}>
      <h2>{bandText(band)}</h2>
      <Scroll label={`Channels of ${bandText(band)}`}>
        <table className={isDense(plan) ? "plan-table dense" : "plan-table"}>
          <thead>
            <tr>
              <th scope="row">Channel</th>
              {channels.map(({ channel }) => (
                <th key={channel} scope="col" title={String(channel)}>
                  <span className={numbers.has(channel) ? "number" : "unseen"}>{channel}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {radios.map((radio) => (
              <tr key={`${radio.node} ${radio.ifName}`}>
                <th scope="row">
                  <NodeLink node={radio.node}>
                    <bdi>{radio.node}</bdi>
                  </NodeLink>
                  <span className="soft">
                    {" "}
                    {radio.enabled ? (radio.width === null ? "" : `${radio.width} MHz`) : "off"}
                  </span>
                </th>
                {channels.map(({ channel }) => (
                  <td key={channel} className={cellOf(radio, channel)}>
                    <span className="unseen">{saidOf(radio, channel)}</span>
                    {radio.enabled && radio.channel === channel ? <span aria-hidden="true">●</span> : null}
                  </td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">Neighbours</th>
              {channels.map(({ channel, neighbors, strongestDb }) => (
                <td
                  key={channel}
                  title={strongestDb === null ? undefined : `the strongest with ${Math.round(strongestDb)} dB`}
                >
                  {neighbors || <span className="unseen">none</span>}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">
                Busy<span className="soft"> %</span>
              </th>
              {channels.map(({ channel, busyPercent }) => (
                <td key={channel} className="busy" title={percentText(busyPercent)}>
                  {busyPercent === null ? (
                    <span className="unseen">not heard</span>
                  ) : (
                    <>
                      <span
                        className="busy-bar"
                        aria-hidden="true"
                        style={{ blockSize: `${Math.max(4, busyPercent)}%` }}
                      />
                      <span className={busyPercent < 99.5 ? "busy-figure" : "busy-figure three"} aria-hidden="true">
                        {Math.round(busyPercent)}
                      </span>
                      <span className="unseen">{percentText(busyPercent)}</span>
                    </>
                  )}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">State</th>
              {channels.map(({ channel, state }) => (
                <td key={channel} className={`state-${state}`} title={stateWords[state].text}>
                  <span aria-hidden="true">{stateWords[state].sign}</span>
                  <span className="unseen">{stateWords[state].text}</span>
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </Scroll>
      <ul className="hint plan-legend" aria-label={`Meaning of the cells of ${bandText(band)}`}>
        {legendOf(plan).map(({ look, sign, text }) => (
          <li key={text}>
            <span className={`cell ${look}`} aria-hidden="true">
              {sign}
            </span>{" "}
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function cellOf({ enabled, covers, disturbs }: PlanRadio, channel: number): string {
  if (!enabled) return "";
  return covers.has(channel) ? "covered" : disturbs.has(channel) ? "disturbed" : "";
}

function saidOf({ enabled, channel: own, covers, disturbs }: PlanRadio, channel: number): string {
  if (!enabled) return "off";
  if (own === channel) return "its channel";
  return covers.has(channel) ? "taken up, too" : disturbs.has(channel) ? "disturbed" : "";
}
