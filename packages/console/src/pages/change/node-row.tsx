import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { Sure } from "../../ui/sure.tsx";
import { useEditing } from "./use-edit.ts";

interface NodeRowProps {
  readonly node: AnswerTo<"GET /locations/:location/nodes">["items"][number];
  readonly serial: string;
  readonly isClaimed: boolean;
}

const stay = "Leave it as it is";

/** A node of the home, with what can be changed of it. */
export function NodeRow({ node, serial, isClaimed }: NodeRowProps) {
  const { location, locked, why } = useEditing();
  const role = useChange("PUT /locations/:location/nodes/:node/role");
  const release = useChange("DELETE /locations/:location/claims/:serialNumber");
  const query = why === "" ? {} : { why };
  return (
    <tr>
      <td>
        <bdi>{node.id}</bdi>
        {node.model && <div className="soft">{node.model}</div>}
      </td>
      <td>{node.role}</td>
      <td>
        <bdi>{serial}</bdi>
      </td>
      <td>{node.pending ?? node.note ?? <span className="good">works as it should</span>}</td>
      <td>
        <div className="row">
          {node.role === "extender" && (
            <Sure
              label="Make it the gateway"
              name={`Make it the gateway: ${node.id}`}
              sure="Yes, it has the way to the Internet"
              stay={stay}
              isDisabled={locked !== undefined || role.isPending}
              onSure={() => role.mutate({ params: { location, node: node.id }, query, body: { role: "gateway" } })}
            />
          )}
          {isClaimed && (
            <Sure
              label="Release"
              name={`Release ${node.id}`}
              sure="Yes, it leaves this home"
              stay={stay}
              kind="danger"
              isDisabled={locked !== undefined || release.isPending}
              onSure={() => release.mutate({ params: { location, serialNumber: serial }, query })}
            />
          )}
        </div>
        <Failure error={role.error ?? release.error} />
      </td>
    </tr>
  );
}
