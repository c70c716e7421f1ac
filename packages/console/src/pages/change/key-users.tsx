/** Who is connected by a key now. */

import { useAsk } from "../../api/ask.ts";
import { unknownUsers, usersOf } from "../../ui/keys.ts";
import { ClientLink } from "../../ui/page-link.tsx";
import { useAt } from "../../ui/use-at.ts";
import { useEditing } from "./use-edit.ts";

/** Named in the line; the rest is counted. */
const named = 6;
const askEveryMs = 10_000;

/** `at`: of the network in the document. */
export function KeyUsers({ at, ssid, id }: { readonly at: number; readonly ssid: string; readonly id: string }) {
  const { location, work } = useEditing();
  const { atMs } = useAt();
  const { data } = useAsk("GET /locations/:location/devices", { params: { location } }, { everyMs: askEveryMs });
  if (!data || atMs !== undefined) return null;
  const ssids = [ssid, work?.base.networks[at]?.ssid ?? ssid];
  const users = usersOf(data.items, ssids, id);
  const unknown = unknownUsers(data.items, ssids);
  return (
    <p className="hint users">
      {users.length === 0 ? "Nobody is connected with it now." : "Connected with it now: "}
      {users.slice(0, named).map(({ mac, name }, index) => (
        <span key={mac}>
          {index > 0 && ", "}
          <ClientLink mac={mac}>
            <bdi>{name}</bdi>
          </ClientLink>
        </span>
      ))}
      {users.length > named && ` and ${users.length - named} more`}
      {unknown > 0 && ` (of ${unknown} on this network the node does not say)`}
    </p>
  );
}
