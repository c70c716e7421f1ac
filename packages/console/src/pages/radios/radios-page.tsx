/** The radios of all nodes: who is on which channel, and one node's radios in full. */

import { useQueries } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { question, useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { HomeLink } from "../../ui/page-link.tsx";
import { momentText } from "../../ui/time.ts";
import { useAt } from "../../ui/use-at.ts";
import { useNow } from "../../ui/use-now.ts";
import { bandPlans } from "./channel-plan.ts";
import { ChannelPlan } from "./channel-plan.tsx";
import { NodeRadios } from "./node-radios.tsx";
import "../clients/clients.css";
import "../client/client.css";
import "./radios.css";

export function RadiosPage() {
  const { location = "" } = useParams({ strict: false });
  const { atMs } = useAt();
  const now = useNow(30_000);
  const nodes = useAsk("GET /locations/:location/nodes", { params: { location } });
  const ids = nodes.data?.items.map(({ id }) => id) ?? [];
  const answers = useQueries({
    queries: ids.map((node) => ({
      ...question("GET /locations/:location/nodes/:node/radios", { params: { location, node } }),
      refetchInterval: 10_000,
    })),
  });
  const known = answers.flatMap(({ data }) => data ?? []);
  const plans = bandPlans(known);
  const away = known.filter(({ asOf }) => asOf === null).map(({ node }) => node);
  const [chosen, setChosen] = useState<string | undefined>();
  const node = chosen ?? known.find(({ asOf }) => asOf !== null)?.node ?? ids[0];
  const radios = known.find((each) => each.node === node)?.radios ?? [];
  const failed = answers.find(({ error }) => error)?.error;
  return (
    <>
      <h1>Radios</h1>
      <Failure error={nodes.error ?? failed} />
      {(nodes.isPending || answers.some(({ isPending }) => isPending)) && <p className="empty">Loading …</p>}
      {nodes.data && ids.length === 0 && <p className="empty">This home has no node yet.</p>}
      {atMs !== undefined && (
        <p className="past-note">
          <HomeLink>Home</HomeLink> says on which channels radios were at {momentText(atMs, now, "seconds")}. Which
          others were open to them and who was around is not kept; the charts below show how the air was until then.
        </p>
      )}
      {away.length > 0 && (
        <p className="warn">
          Not connected, so that its radios are not known: <bdi>{away.join(", ")}</bdi>
        </p>
      )}
      {atMs === undefined && plans.map((plan) => <ChannelPlan key={plan.band} plan={plan} />)}
      {node !== undefined && (
        <>
          <label className="node-choice">
            Radios of
            <select className="input" value={node} onChange={(event) => setChosen(event.target.value)}>
              {ids.map((id) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </select>
          </label>
          <NodeRadios location={location} node={node} known={radios} />
        </>
      )}
    </>
  );
}
