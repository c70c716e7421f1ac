/** Which node of the home a client of the broker is, and what it may publish where. */

import type { HomeNode } from "../home.ts";
import type { Location } from "../location.ts";
import { latencyTopic, type PayloadKind, statsTopic, topicsOf } from "./node-topics.ts";

/** A publication is `node`'s, whatever its topic and its payload say. */
export type Sink = (node: string, clientId: string, kind: PayloadKind, topic: string, payload: Uint8Array) => void;

export class NodeAccess {
  readonly #location: Location;
  readonly #sink: Sink;

  constructor(location: Location, sink: Sink) {
    this.#location = location;
    this.#sink = sink;
  }

  /** As of `BrokerHost`. */
  admit(clientId: string, commonName: string | undefined): true | string {
    const node = this.#nodeOf(clientId);
    const { home } = this.#location;
    if (!node) return `'${clientId}' is no node of home '${home.name}'; add it to 'nodes' to have its statistics`;
    const expected = node.certificateName ?? node.id;
    if (commonName === undefined || commonName === expected) return true;
    return `it says it is '${clientId}', but its certificate is that of '${commonName}' (expected '${expected}'; set 'certificateName' if that is right)`;
  }

  /** As of `BrokerHost`. */
  publish(clientId: string, topic: string, payload: Uint8Array): true | string {
    const node = this.#nodeOf(clientId);
    if (!node) return "it is no node of the home any more";
    const others = this.#location.home.nodes.filter(({ id }) => id !== node.id);
    if (others.some(({ id }) => topic === statsTopic(id) || topic === latencyTopic(id) || topic === `log/${id}`)) {
      return "the topic is another node's";
    }
    const kind = topicsOf(node, clientId, this.#location.description(node.id)).get(topic);
    if (!kind) return "no column of its AWLAN_Node row names that topic; set it in mqtt_topics if it is right";
    this.#sink(node.id, clientId, kind, topic, payload);
    return true;
  }

  /** An id that the home states goes before one that a node says of itself. */
  #nodeOf(clientId: string): HomeNode | undefined {
    if (clientId === "") return undefined;
    const { nodes } = this.#location.home;
    return (
      nodes.find(({ id }) => id === clientId) ??
      nodes.find(({ serialNumber }) => serialNumber === clientId) ??
      nodes.find(({ id }) => this.#location.description(id)?.id === clientId)
    );
  }
}
