import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { ClaimForm } from "./claim-form.tsx";
import { NodeRow } from "./node-row.tsx";
import { useEditing } from "./use-edit.ts";

/** These hold at once, as a version of their own: who is at home is no matter of taste. */
export function NodesSection() {
  const { location, work, doc } = useEditing();
  const nodes = useAsk("GET /locations/:location/nodes", { params: { location } });
  const claims = useAsk("GET /locations/:location/claims", { params: { location } });
  const claimed = new Set(claims.data?.items.map(({ serialNumber }) => serialNumber));
  const rows = (nodes.data?.items ?? []).map((node) => {
    const stated = doc.nodes.find(({ id }) => id === node.id);
    return { node, serial: stated?.serialNumber ?? node.serialNumber ?? node.id };
  });
  return (
    <>
      <p>What is changed here takes effect at once.</p>
      <Failure error={nodes.error ?? claims.error} />
      {nodes.data && rows.length === 0 && <p className="empty">No node yet: claim one below.</p>}
      <div className="scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">Role</th>
              <th scope="col">Serial number</th>
              <th scope="col">State</th>
              <th scope="col">
                <span className="unseen">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ node, serial }) => (
              <NodeRow key={node.id} node={node} serial={serial} isClaimed={claimed.has(serial)} />
            ))}
          </tbody>
        </table>
      </div>
      {work && <ClaimForm known={new Map(rows.map(({ node, serial }) => [serial, node.id]))} />}
    </>
  );
}
