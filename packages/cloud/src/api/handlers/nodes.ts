import type { NodeView } from "../../location.ts";
import { claimNodes, findNode, nodesOf, registerNodes, releaseNode } from "../../store/nodes.ts";
import type { Handlers } from "../api.ts";
import type { nodeRoutes } from "../contract/nodes.ts";
import type { LiveLocation } from "../host.ts";
import { ApiProblem, absent } from "../problems.ts";
import { nodeView, wholeOf } from "./views.ts";

export const nodeHandlers: Handlers<keyof typeof nodeRoutes> = {
  async "GET /locations/:location/nodes"({ api, params }) {
    const location = api.host.locations.get(params.location);
    return wholeOf(location ? location.nodes.map((node) => liveView(node, location)) : []);
  },

  async "GET /locations/:location/nodes/:node"({ api, params }) {
    const location = api.host.locations.get(params.location);
    const node = location?.node(params.node);
    if (!location || !node) throw absent("node in the version that holds");
    return { ...liveView(node, location), rows: [...node.rows] };
  },

  async "GET /locations/:location/claims"({ api, params }) {
    return wholeOf((await nodesOf(api.store, params.location)).map(nodeView));
  },

  async "POST /locations/:location/claims"({ api, params, body, by }) {
    return wholeOf((await claimNodes(api.store, params.location, body, by)).map(nodeView));
  },

  async "DELETE /locations/:location/claims/:serialNumber"({ api, params, by }) {
    await releaseNode(api.store, params.location, params.serialNumber, by);
    return null;
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

function liveView({ rows: _, ...node }: NodeView, location: LiveLocation) {
  const said = location.description(node.id);
  return {
    ...node,
    counters: { ...node.counters },
    model: said?.model ?? null,
    serialNumber: said?.serialNumber ?? null,
    firmware: said?.firmwareVersion ?? null,
  };
}
