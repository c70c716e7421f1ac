import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { Link } from "@tanstack/react-router";
import { stateText } from "./state-text.ts";

export type LocationItem = AnswerTo<"GET /locations">["items"][number];

export interface LocationsTableProps {
  readonly label: string;
  readonly items: readonly LocationItem[];
}

export function LocationsTable({ label, items }: LocationsTableProps) {
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Location</th>
          <th scope="col">Nodes</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, name, live }) => (
          <tr key={id}>
            <td>
              <Link to="/l/$location" params={{ location: id }}>
                <bdi>{name}</bdi>
              </Link>
            </td>
            <td>{live ? `${live.connected} of ${live.nodes} connected` : "–"}</td>
            <td>
              <bdi>{stateText(live)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
