/** `ctl` commands for the nodes of a location: claims, and which of them is the gateway. */

import type { ShownDocument } from "@opensync-ts/cloud/model/shown-document";
import { type AtLocation, locationOf } from "./places.ts";
import { Ctl } from "./session.ts";

export interface ClaimOptions extends AtLocation {
  readonly role?: "gateway" | "extender";
  readonly id?: string;
  readonly pack?: string;
}

/** By serial number, or by the id under which a node has called. */
export async function claim(named: string | undefined, options: ClaimOptions): Promise<void> {
  const { pack, role, id } = options;
  const ctl = Ctl.open(options);
  const location = await locationOf(ctl, options.location);
  const params = { location: location.id };
  const route = "POST /locations/:location/claims";
  const one = async () => ({
    serialNumber: await serialOf(ctl, named ?? ""),
    ...(role && { role }),
    ...(id && { id }),
  });
  const claimed =
    pack === undefined
      ? await ctl.ask(route, { params, body: await one() })
      : await ctl.ask(route, { params, body: { packId: pack } });
  ctl.tell(claimed, () =>
    claimed.items.flatMap((node) => [
      `${node.serialNumber} is ${node.role} '${node.id}' of '${location.name}' (version ${claimed.version})`,
      ...(node.isFirst
        ? ["the first node is the gateway; where another is the router: 'opensync cloud ctl role NODE gateway'"]
        : []),
    ]),
  );
}

/** Whoever may not see callers names nodes by their serial number. */
async function serialOf(ctl: Ctl, named: string): Promise<string> {
  const callers = (await ctl.find("GET /callers", {}))?.items ?? [];
  if (callers.some(({ serialNumber }) => serialNumber === named)) return named;
  return callers.find(({ id }) => id === named)?.serialNumber ?? named;
}

/** By serial number, or by the id that the document gives it. */
export async function release(named: string, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const location = await locationOf(ctl, options.location);
  const params = { location: location.id };
  const serialNumber = (await statedNodes(ctl, location.id)).find(({ id }) => id === named)?.serialNumber ?? named;
  const released = await ctl.ask("DELETE /locations/:location/claims/:serialNumber", {
    params: { ...params, serialNumber },
  });
  const version = released.version === null ? "" : ` (version ${released.version})`;
  ctl.tell(released, () => [`${serialNumber} is no longer a node of '${location.name}'${version}`]);
}

/** By the id that the document gives it, or by its serial number. */
export async function role(named: string, to: "gateway" | "extender", options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const { id: location, name } = await locationOf(ctl, options.location);
  const node = (await statedNodes(ctl, location)).find(({ serialNumber }) => serialNumber === named)?.id ?? named;
  const params = { location, node };
  const changed = await ctl.ask("PUT /locations/:location/nodes/:node/role", { params, body: { role: to } });
  const those = (is: string) => changed.nodes.flatMap((entry) => (entry.role === is ? `'${entry.id}'` : []));
  const extenders = those("extender");
  ctl.tell(changed, () => [
    `gateway of '${name}': ${those("gateway").join(", ")} (version ${changed.version})`,
    ...(extenders.length > 0 ? [`extenders: ${extenders.join(", ")}`] : []),
  ]);
}

/** Of the version that holds. */
async function statedNodes(ctl: Ctl, location: string): Promise<ShownDocument["nodes"]> {
  const held = await ctl.find("GET /locations/:location/document", { params: { location } });
  return held?.document.nodes ?? [];
}
