/** For who builds with the node: its tables, the messages of its session, its reports, and what can be checked. */

import { Link, useParams } from "@tanstack/react-router";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { NodeLink } from "../../ui/page-link.tsx";
import { useAt } from "../../ui/use-at.ts";
import { NodeParts } from "./node-parts.tsx";
import "../clients/clients.css";
import "../client/client.css";
import "./workbench.css";

export function WorkbenchPage() {
  const { location = "", node: named } = useParams({ strict: false }) as { location?: string; node?: string };
  const { at } = useAt();
  const { data, error, isPending } = useAsk("GET /locations/:location/nodes", { params: { location } });
  const nodes = data?.items ?? [];
  const node = named === undefined ? nodes[0] : nodes.find(({ id }) => id === named);
  return (
    <div className="workbench">
      <h1>Workbench</h1>
      <Failure error={error} />
      {isPending && <p className="empty">Loading …</p>}
      {data && nodes.length === 0 && <p className="empty">The home has no node yet; there is nothing to look at.</p>}
      {nodes.length > 0 && (
        <nav className="nodes" aria-label="Nodes">
          {nodes.map(({ id, connection }) => (
            <Link
              key={id}
              to={"/l/$location/workbench/$node" as "/l/$location"}
              params={{ location, node: id } as { location: string }}
              search={true}
              className={id === node?.id ? "chosen" : ""}
              aria-current={id === node?.id ? "page" : undefined}
            >
              <bdi>{id}</bdi>
              {connection !== "connected" && <span className="soft"> not connected</span>}
            </Link>
          ))}
        </nav>
      )}
      {data && nodes.length > 0 && !node && (
        <p className="failure" role="alert">
          The home has no node called <bdi>{named}</bdi>, or no longer.
        </p>
      )}
      {node && at !== undefined && (
        <p className="past-note">The Workbench shows a node as it is now. How its tables were then is not kept.</p>
      )}
      {node && at === undefined && node.connection !== "connected" && (
        <p className="past-note">
          <bdi>{node.id}</bdi> is not connected, so there is nothing to read. It appears here when it is. Why it is not:{" "}
          <NodeLink node={node.id}>its own page</NodeLink> says more.
        </p>
      )}
      {node && at === undefined && node.connection === "connected" && (
        <NodeParts key={node.id} location={location} node={node.id} />
      )}
    </div>
  );
}
