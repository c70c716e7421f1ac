/** One client: where it is and why, what holds for it, what was done, how it went, and what can be changed. */

import { parseMac } from "@opensync-ts/base/units";
import { kindText } from "@opensync-ts/cloud/words/kind-words";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useAsk } from "../../api/ask.ts";
import { clock } from "../../clock.ts";
import { Failure } from "../../ui/failure.tsx";
import { keyName, reachText, zoneText } from "../../ui/keys.ts";
import { NodeLink } from "../../ui/page-link.tsx";
import { durationText, momentText } from "../../ui/time.ts";
import { useAt } from "../../ui/use-at.ts";
import { useNow } from "../../ui/use-now.ts";
import { bandText, dbText, mbpsText } from "../../ui/words.ts";
import type { Device } from "../clients/client-list.ts";
import { Actions } from "./actions.tsx";
import { Candidates } from "./candidates.tsx";
import { Deeds, PastDecisions } from "./deeds.tsx";
import { History } from "./history.tsx";
import { heldThere } from "./holds.ts";
import { Nickname } from "./nickname.tsx";
import { isUnheard } from "./one-moment.ts";
import { Rules } from "./rules.tsx";
import { useClientPast } from "./use-client-past.ts";
import { useOneMoment } from "./use-one-moment.ts";
import { isBeingMoved, spotText, whyThere } from "./why-there.ts";
import "../clients/clients.css";
import "./client.css";

const none: readonly never[] & never[] = [];

export function ClientPage() {
  const { location = "", mac: given = "" } = useParams({ strict: false }) as { location?: string; mac?: string };
  const mac = parseMac(given);
  return mac === undefined ? <NoClient text={given} /> : <OneClient {...{ location, mac }} />;
}

function NoClient({ text }: { readonly text: string }) {
  return (
    <>
      <h1>There is no such client</h1>
      <p className="empty">
        <bdi>{text}</bdi> is no address of a client, such as <code>aa:bb:cc:dd:ee:ff</code>. The page Clients has all
        that are known.
      </p>
    </>
  );
}

function OneClient({ location, mac }: { readonly location: string; readonly mac: string }) {
  const { atMs } = useAt();
  const now = useNow(15_000);
  const [isOnItsWay, setOnItsWay] = useState(false);
  const every = { everyMs: isOnItsWay ? 1_500 : 10_000 };
  const devices = useAsk("GET /locations/:location/devices", { params: { location } }, every);
  const explanation = useAsk(
    "GET /locations/:location/steering/clients/:mac",
    { params: { location, mac } },
    atMs === undefined ? every : {},
  );
  const past = useClientPast(location, mac);
  const device = devices.data?.items.find((each) => each.mac === mac);
  const moment = useOneMoment({
    ...{ device: devices.data ? device : null, explanation: explanation.data, now },
    ask: () => {
      if (atMs !== undefined) return;
      void devices.refetch();
      // What has not been answered yet at all is on its way.
      if (!explanation.isPending) void explanation.refetch();
    },
  });
  const told = moment.explanation;
  const isGoing = isBeingMoved(device, told) || moment.isSettling;
  useEffect(() => setOnItsWay(isGoing), [isGoing]);
  const lastKnownAt = device?.now?.lastKnownAt ?? null;
  const lastKnown = lastKnownAt === null ? undefined : { node: device?.now?.node ?? null, at: Date.parse(lastKnownAt) };
  const isUnknown = explanation.error?.failure.status === 404;
  const band = device?.now?.band ?? null;
  const { attempts = none, policies = none } = told ?? {};
  const come = isUnheard(device?.now) ? spotText({ node: device?.now?.node ?? "its node", band }) : null;
  return (
    <div className="client-page">
      <header>
        <Nickname mac={mac} device={device} />
        <p className="soft subtitle">
          <code>{mac}</code>
          {device?.now?.address ? ` · ${device.now.address}` : ""}
          {told?.class && told.class !== "unknown" ? ` · ${kindText(told.class)}` : ""}
        </p>
      </header>
      <Failure error={devices.error} />
      {devices.isPending && <p className="empty">Loading …</p>}
      {atMs === undefined ? (
        <>
          {devices.data && (
            <p className="why" role="status">
              {explanation.isPending && band !== null && !lastKnown
                ? `It is on ${bandText(band)} …`
                : whyThere({
                    band,
                    lastKnown,
                    explanation: told,
                    held: heldThere(past, band, now),
                    now,
                    moment: (at) => momentText(at, now),
                  })}
            </p>
          )}
          <Facts device={device} />
          {device?.now?.key && (
            <p className="joined-with">
              It joined with the key <bdi>{keyName(device.now.key)}</bdi> ({zoneText(device.now.key.zone)}).{" "}
              {reachText({ ...device.now.key, isLastKnown: lastKnown !== undefined })}
            </p>
          )}
        </>
      ) : (
        <PastFacts location={location} mac={mac} at={atMs} />
      )}
      <p className="to-change">
        <a href="#change">To what can be changed</a>
      </p>
      <div className="client-columns">
        <div>
          {atMs === undefined && (
            <section>
              <h2>Where it could be</h2>
              {!isUnknown && <Failure error={explanation.error} />}
              {isUnknown && <p className="empty">The cloud has not seen enough of it to compare places.</p>}
              {lastKnown && (
                <p className="empty">
                  Places are compared again as soon as its node is heard of: where it is now is not known.
                </p>
              )}
              {told && devices.data && !device?.now && (
                <p className="empty">Places are compared as soon as it is connected.</p>
              )}
              {moment.isAnew && (
                <p className="empty" role="status">
                  It is at another place than when places were compared last; they are being compared anew …
                </p>
              )}
              {told && device?.now && !lastKnown && !moment.isAnew && <Candidates explanation={told} now={now} />}
            </section>
          )}
          <History {...{ location, mac, attempts, policies, past, come }} isHere={band !== null && !lastKnown} />
          {atMs === undefined ? (
            <Deeds {...{ attempts, past, now }} band={lastKnown ? null : band} />
          ) : (
            <PastDecisions {...{ location, mac, past }} at={atMs} />
          )}
        </div>
        <aside>
          <Actions location={location} mac={mac} device={devices.data ? device : null} explanation={told} />
          {told && atMs === undefined && <Rules explanation={told} given={device} now={now} />}
          {told && atMs === undefined && (
            <details className="card">
              <summary>For engineers: how the cloud decided</summary>
              <pre className="words">{told.text.join("\n")}</pre>
            </details>
          )}
        </aside>
      </div>
    </div>
  );
}

function Facts({ device }: { readonly device: Device | undefined }) {
  const now = device?.now;
  if (!now) return null;
  const { node, ssid, band, channel, snr, rxMbps, txMbps, connectedSeconds, lastKnownAt } = now;
  const isLive = lastKnownAt === null;
  const isNew = isUnheard(now);
  const heard = (text: string) => (isNew ? "not heard yet" : text);
  return (
    <>
      <dl className="facts">
        <Fact name="On">{node === null ? "unknown" : <NodeLink node={node}>{node}</NodeLink>}</Fact>
        <Fact name="Network">
          <bdi>{ssid ?? "–"}</bdi>
        </Fact>
        <Fact name="Band">{`${bandText(band)}${channel === null ? "" : `, channel ${channel}`}`}</Fact>
        <Fact name="Signal">{heard(dbText(snr))}</Fact>
        <Fact name="Link rate to it">{heard(mbpsText(now.txLinkMbps))}</Fact>
        <Fact name="Link rate from it">{heard(mbpsText(now.rxLinkMbps))}</Fact>
        {isLive && <Fact name="Traffic to it">{heard(mbpsText(txMbps))}</Fact>}
        {isLive && <Fact name="Traffic from it">{heard(mbpsText(rxMbps))}</Fact>}
        {isLive ? (
          <Fact name="Here for">
            {isNew ? "not told yet" : connectedSeconds === null ? "unknown" : durationText(connectedSeconds * 1000)}
          </Fact>
        ) : (
          <Fact name="Last known at">{momentText(Date.parse(lastKnownAt), clock.wallTime(), "seconds")}</Fact>
        )}
      </dl>
      {isLive && (
        <p className="hint">
          {isNew
            ? "Its node tells of it with its next report; that it is here it tells at once."
            : `Signal, rates and traffic as its node reported them last, at ${momentText(now.seenAt, clock.wallTime(), "seconds")}.`}
        </p>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What is known of the moment: at an event, what came of it. */
function PastFacts({ location, mac, at }: { readonly location: string; readonly mac: string; readonly at: number }) {
  const now = useNow(30_000);
  const query = { at: new Date(at).toISOString() };
  const { data, error, isPending } = useAsk(
    "GET /locations/:location/picture",
    { params: { location }, query },
    { keepLast: true },
  );
  const then = data?.clients.find((client) => client.mac === mac);
  return (
    <section>
      <p className="past-note">
        As it was at {momentText(at, now, "seconds")}. What the cloud would have decided then is not kept; what it
        decided is below.
      </p>
      <Failure error={error} />
      {isPending && <p className="empty">Loading …</p>}
      {data && !then && <p className="empty">It was not connected then, or nothing is known of it.</p>}
      {then && (
        <dl className="facts">
          <Fact name="On">
            <NodeLink node={then.node}>{then.node}</NodeLink>
          </Fact>
          <Fact name="Network">
            <bdi>{then.ssid || "–"}</bdi>
          </Fact>
          <Fact name="Band">{`${bandText(then.band)}${then.channel === null ? "" : `, channel ${then.channel}`}`}</Fact>
          <Fact name="Signal">{dbText(then.snrDb)}</Fact>
          <Fact name="Link rate to it">{mbpsText(then.txLinkMbps)}</Fact>
          <Fact name="Link rate from it">{mbpsText(then.rxLinkMbps)}</Fact>
          <Fact name="Traffic to it">{mbpsText(then.txMbps)}</Fact>
          <Fact name="Traffic from it">{mbpsText(then.rxMbps)}</Fact>
          <Fact name="Here for">
            {then.since === null ? "not known of that time" : durationText(at - Date.parse(then.since))}
          </Fact>
        </dl>
      )}
    </section>
  );
}
