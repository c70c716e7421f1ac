import { NodeLink } from "../../ui/page-link.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { momentText } from "../../ui/time.ts";
import { bandText, mbpsText } from "../../ui/words.ts";
import { barOf, boundText, heardText, mostOf, verdictText } from "./candidate-words.ts";
import { type Explanation, spotText } from "./why-there.ts";

/** Every place it could be, the one it is at first, with what it would have there. */
export function Candidates({ explanation, now }: { readonly explanation: Explanation; readonly now: number }) {
  const { candidates, wantsMbps, bands, bandsComplete, allowed, notBefore, failures, blocked } = explanation;
  const most = mostOf(candidates);
  const present = candidates.find(({ isPresent }) => isPresent);
  const next = notBefore === null ? 0 : Date.parse(notBefore);
  return (
    <>
      <p className="soft">
        {wantsMbps === null ? "" : `When it is used it wants some ${mbpsText(wantsMbps)}. `}
        {bands.length > 0 &&
          `It is known to use ${bands.map(bandText).join(", ")}${bandsComplete ? ", and nothing else" : ""}. `}
        {next > now && `It is not asked to move before ${momentText(next, now)}`}
        {next > now && (failures > 0 ? `, as ${failures === 1 ? "one try" : `${failures} tries`} failed. ` : ". ")}
      </p>
      {candidates.length === 0 ? (
        <p className="empty">Places are compared as soon as its node has reported how well it is heard.</p>
      ) : (
        <Scroll label="Places it could be">
          <table className="table candidates">
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col">Signal</th>
                <th scope="col">Throughput it could have</th>
                <th scope="col">Why, or why not</th>
              </tr>
            </thead>
            <tbody>
              {candidates.map((each) => {
                const bar = barOf(each, most);
                return (
                  <tr key={each.bssid} className={each.isPresent ? "present" : each.fit ? "fit" : ""}>
                    <th scope="row">
                      <NodeLink node={each.node}>
                        <bdi>{each.node}</bdi>
                      </NodeLink>
                      <div className="soft where">
                        {bandText(each.band)}, channel {each.channel}
                      </div>
                    </th>
                    <td>{heardText(each, now)}</td>
                    <td>
                      {bar && (
                        <span className="bar-track" aria-hidden="true">
                          <span className="bar-capacity" style={{ inlineSize: `${bar.capacity * 100}%` }} />
                          <span className="bar-score" style={{ inlineSize: `${bar.score * 100}%` }} />
                        </span>
                      )}
                      {boundText(each)}
                    </td>
                    <td className={each.isPresent || each.fit ? "good" : ""}>
                      {verdictText(each, { bandsComplete, allowed, wantsMbps, present })}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scroll>
      )}
      {candidates.some(({ capacityMbps }) => capacityMbps !== null) && (
        <p className="hint">
          Throughput is estimated: what of the link rate, which the radios agree on, would reach it while others use the
          air, too. The dark part of a bar is what it wants of that.
        </p>
      )}
      {blocked.map(({ from, to, until }) => (
        <p key={`${from.bssid} ${to.bssid}`} className="soft">
          From {spotText(from)} it is not asked to go to {spotText(to)} until {momentText(until, now)}, as that did not
          work out.
        </p>
      ))}
    </>
  );
}
