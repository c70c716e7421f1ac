import { Link, Navigate } from "@tanstack/react-router";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { stateText } from "./state-text.ts";

/** All locations that one may see; where it is one, that one. */
export function LocationsPage() {
  const { data, error } = useAsk("GET /locations", {});
  const items = data?.items;
  const [only] = items ?? [];
  if (items?.length === 1 && only) return <Navigate to="/l/$location" params={{ location: only.id }} replace />;
  return (
    <main id="page" tabIndex={-1}>
      <h1>Locations</h1>
      <Failure error={error} />
      {items?.length === 0 && <p className="empty">There is no location yet. A home file, or the API, makes one.</p>}
      {items && items.length > 0 && (
        <table className="table">
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
      )}
    </main>
  );
}
