import type { Home, HomeNode } from "../../home.ts";
import type { NodeView } from "../../location.ts";
import { nodeId } from "../../nodes-section.ts";
import { claimNodes, type Placement, releaseNode } from "../../store/claims.ts";
import { findNode, nodesOf, registerNodes } from "../../store/nodes.ts";
import { editApplied } from "../../store/versions.ts";
import type { Handlers } from "../api.ts";
import type { nodeRoutes } from "../contract/nodes.ts";
import { addNodes, changeRole, nodeOfSerial, removeNode } from "../edits/nodes.ts";
import type { LiveCaller, LiveLocation } from "../host.ts";
import { ApiProblem, absent } from "../problems.ts";
import { faultView, nodeView, wholeOf } from "./views.ts";

export const nodeHandlers: Handlers<keyof typeof nodeRoutes> = {
  async "GET /locations/:location/nodes"({ api, params }) {
    const location = api.host.locations.get(params.location);
    location?.look();
    return wholeOf(location ? location.nodes.map((node) => liveView(node, location)) : []);
  },

  async "GET /locations/:location/nodes/:node"({ api, params }) {
    const location = api.host.locations.get(params.location);
    location?.look();
    const node = location?.node(params.node);
    if (!location || !node) throw absent("node in the version that holds");
    return { ...liveView(node, location), rows: [...node.rows] };
  },

  async "PUT /locations/:location/nodes/:node/role"({ api, params, body, by }) {
    const change = (home: Home) => changeRole(home, params.node, body.role);
    const { version } = await editApplied(api.store, params.location, change, by);
    return { version: version.number, nodes: version.document.nodes.map(({ id, role }) => ({ id, role })) };
  },

  async "GET /locations/:location/claims"({ api, params }) {
    return wholeOf((await nodesOf(api.store, params.location)).map(nodeView));
  },

  async "POST /locations/:location/claims"({ api, params, body, by }) {
    const claim = "packId" in body ? { packId: body.packId } : { serialNumber: body.serialNumber };
    const { id, role } = "packId" in body ? {} : body;
    const callers = [...api.host.locations.callers];
    const live = api.host.locations.get(params.location);
    let before: Home["nodes"] = [];
    const place: Placement = (document, claimed, { name }) => {
      before = document?.nodes ?? [];
      const fresh = claimed.filter(({ serialNumber }) => !liveId(serialNumber, live));
      const added = fresh.map(({ serialNumber }) => ({
        ...{ serialNumber, role },
        id: id ?? ownId(serialNumber, callers) ?? serialNumber,
      }));
      return addNodes(document, name, added);
    };
    const { nodes, version } = await claimNodes(api.store, params.location, claim, by, place);
    const isFirst = (placed: HomeNode) =>
      role === undefined && placed.role === "gateway" && !before.some((node) => node.id === placed.id);
    const stated = version.document.nodes;
    const items = nodes.flatMap((node) => {
      const { serialNumber } = node;
      const placed =
        nodeOfSerial(stated, serialNumber) ?? stated.find((entry) => entry.id === liveId(serialNumber, live));
      return placed ? [{ ...nodeView(node), id: placed.id, role: placed.role, isFirst: isFirst(placed) }] : [];
    });
    return { ...wholeOf(items), version: version.number };
  },

  async "DELETE /locations/:location/claims/:serialNumber"({ api, params, by }) {
    const { location, serialNumber } = params;
    const remove = (home: Home) => removeNode(home, serialNumber);
    const version = await releaseNode(api.store, location, serialNumber, by, remove);
    return { version: version?.number ?? null };
  },

  async "POST /nodes"({ api, body, by }) {
    const serials = body.nodes.map(({ serialNumber }) => serialNumber);
    const twice = serials.findIndex((serial, index) => serials.indexOf(serial) < index);
    if (twice >= 0) {
      const fields = [{ path: `body.nodes[${twice}].serialNumber`, reason: "is named before; name each node once" }];
      throw new ApiProblem(400, "invalid", `${fields[0]?.path}: ${fields[0]?.reason}`, { fields });
    }
    await registerNodes(api.store, body.nodes, by);
    return { registered: body.nodes.length };
  },

  async "GET /nodes/:serialNumber"({ api, params }) {
    const node = await findNode(api.store, params.serialNumber);
    if (!node) throw absent("node");
    return nodeView(node);
  },

  async "GET /callers"({ api }) {
    const callers = [...api.host.locations.callers].map(
      ({ peer, id, serialNumber, model, commonName, reason, seenAt }) => ({
        ...{ peer, id, serialNumber, model, commonName, reason },
        seenAt: new Date(seenAt).toISOString(),
      }),
    );
    return wholeOf(callers);
  },
};

/** The id of a node that the document states by its id, and that says this is its serial number. */
function liveId(serialNumber: string, live: LiveLocation | undefined): string | undefined {
  return live?.nodes.find(({ id }) => live.description(id)?.serialNumber === serialNumber)?.id;
}

/** What the node of this serial number says its id is, where that can be one. */
function ownId(serialNumber: string, callers: Iterable<LiveCaller>): string | undefined {
  for (const caller of callers) {
    if (caller.serialNumber === serialNumber && caller.id && nodeId.safeParse(caller.id).success) return caller.id;
  }
  return undefined;
}

function liveView(
  { rows: _, pendingWords: pending, refused, heardAt, faults, ...node }: NodeView,
  location: LiveLocation,
) {
  const said = location.description(node.id);
  return {
    ...node,
    pending,
    refused: refused && { ...refused, at: new Date(refused.at).toISOString() },
    heardAt: heardAt === null ? null : new Date(heardAt).toISOString(),
    faults: faults.map(faultView),
    counters: { ...node.counters },
    model: said?.model ?? null,
    serialNumber: said?.serialNumber ?? null,
    firmware: said?.firmwareVersion ?? null,
  };
}
