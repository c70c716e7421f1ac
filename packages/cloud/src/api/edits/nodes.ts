/** Small edits of a document: which nodes are in it. Pure; the result is checked as any document is. */

import type { Home, HomeNode } from "../../home.ts";
import { StoreRefusal } from "../../store/errors.ts";

export interface NewNode {
  readonly serialNumber: string;
  readonly id: string;
  /** Undefined: the first node is the gateway, others are extenders. */
  readonly role?: HomeNode["role"] | undefined;
}

/**
 * With these nodes; `name` is that of a document that there was none of. Those that are in it stay as they are. Refused where the
 * document has one in another role, or another node of that id.
 */
export function addNodes(home: Home | undefined, name: string, nodes: readonly NewNode[]): unknown {
  const before = home ?? { name, nodes: [] };
  return { ...before, nodes: nodes.reduce(withNode, before.nodes) };
}

/** Without this node, and without what is said of it alone. */
export function removeNode(home: Home, serialNumber: string): unknown {
  const gone = nodeOfSerial(home.nodes, serialNumber);
  if (!gone) return home;
  const nodes = home.nodes.filter((node) => node !== gone).map((node) => withoutParent(node, gone.id));
  return { ...home, nodes, radios: home.radios.filter(({ node }) => node !== gone.id) };
}

/**
 * With a node in another role. There is one gateway then: what was it hangs on the new one, by cable, and keeps what hung on itself. Refused
 * where nobody else would be the gateway.
 */
export function changeRole(home: Home, id: string, role: HomeNode["role"]): unknown {
  const node = home.nodes.find((entry) => entry.id === id);
  if (!node) throw new StoreRefusal("not-found", `there is no node '${id}' in the version that holds`);
  if (node.role === role && !(role === "gateway" && gatewaysOf(home).length > 1)) return home;
  if (role === "gateway") {
    const nodes = home.nodes.map((entry) => (entry === node ? asGateway(entry) : asExtender(entry)));
    return { ...home, nodes };
  }
  const [other] = gatewaysOf(home).filter((entry) => entry !== node);
  if (!other) {
    const reason = `'${id}' is the only gateway; make another node the gateway, and '${id}' becomes an extender`;
    throw new StoreRefusal("conflict", reason);
  }
  return { ...home, nodes: home.nodes.map((entry) => (entry === node ? asExtender(entry) : entry)) };
}

/** A node without a serial number is told by its id. */
export function nodeOfSerial(nodes: readonly HomeNode[], serialNumber: string): HomeNode | undefined {
  return nodes.find((node) => (node.serialNumber ?? node.id) === serialNumber);
}

function withNode(nodes: readonly HomeNode[], { serialNumber, id, role }: NewNode): readonly HomeNode[] {
  const known = nodeOfSerial(nodes, serialNumber);
  if (known) {
    if (role === undefined || role === known.role) return nodes;
    const reason = `node ${serialNumber} is in the document already, as ${known.role}; change its role instead`;
    throw new StoreRefusal("conflict", reason);
  }
  if (nodes.some((node) => node.id === id)) {
    throw new StoreRefusal("conflict", `the document has another node '${id}'; give this one another id`);
  }
  const free = nodes.some((node) => node.role === "gateway") ? "extender" : "gateway";
  const told = id === serialNumber ? { id } : { id, serialNumber };
  return [...nodes, { ...told, role: role ?? free, uplink: "ethernet" }];
}

function gatewaysOf({ nodes }: Home): readonly HomeNode[] {
  return nodes.filter(({ role }) => role === "gateway");
}

/** Its own uplink is the Internet's. */
function asGateway({ parent: _, stations: __, ...node }: HomeNode): HomeNode {
  return { ...node, role: "gateway", uplink: "ethernet" };
}

function asExtender(node: HomeNode): HomeNode {
  return node.role === "extender" ? node : { ...node, role: "extender" };
}

/** It hangs on the gateway then. */
function withoutParent({ parent, ...node }: HomeNode, gone: string): HomeNode {
  return parent === undefined || parent === gone ? node : { ...node, parent };
}
