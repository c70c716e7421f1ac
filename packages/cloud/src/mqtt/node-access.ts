/** Which node of the home a client of the broker is, and what it may publish where. */

import { certificateProblem } from "../identity.ts";
import * as limits from "../limits.ts";
import type { Place } from "../location.ts";
import type { Locations } from "../locations.ts";
import { type PayloadKind, topicsOf } from "./node-topics.ts";

/** A publication is `node`'s, whatever its topic and its payload say. */
export type Sink = (node: string, clientId: string, kind: PayloadKind, topic: string, payload: Uint8Array) => void;

export class NodeAccess {
  readonly #locations: Locations;
  readonly #sink: Sink;
  /** Which node an id was last that no home states but a node says is its own. */
  readonly #said = new Map<string, string>();

  constructor(locations: Locations, sink: Sink) {
    this.#locations = locations;
    this.#sink = sink;
  }

  /** As of `BrokerHost`. */
  admit(clientId: string, commonName: string | undefined): true | string {
    const place = this.#placeOf(clientId);
    if (!place) return `'${clientId}' is no node of any home; claim it, or add it to 'nodes', to have its statistics`;
    const problem = certificateProblem(place.node, commonName);
    return problem === null ? true : `it says it is '${clientId}', but ${problem}`;
  }

  /** As of `BrokerHost`. */
  publish(clientId: string, topic: string, payload: Uint8Array): true | string {
    const place = this.#placeOf(clientId);
    if (!place) return "it is no node of any home any more";
    const { node, location } = place;
    const owner = ownerOf(topic, this.#locations);
    if (owner !== undefined && owner !== node.id) return "the topic is another node's";
    const kind = topicsOf(node, clientId, location.description(node.id)).get(topic);
    if (!kind) return "no column of its AWLAN_Node row names that topic; set it in mqtt_topics if it is right";
    this.#sink(node.id, clientId, kind, topic, payload);
    return true;
  }

  /** An id that a home states goes before one that a node says of itself. */
  #placeOf(clientId: string): Place | undefined {
    if (clientId === "") return undefined;
    return this.#locations.placeOf(clientId) ?? this.#locations.placeOfSerial(clientId) ?? this.#bySaidId(clientId);
  }

  #bySaidId(clientId: string): Place | undefined {
    const says = ({ location, node }: Place) => location.description(node.id)?.id === clientId;
    const known = this.#said.get(clientId);
    const before = known === undefined ? undefined : this.#locations.placeOf(known);
    if (before && says(before)) return before;
    this.#said.delete(clientId);
    for (const location of this.#locations.all()) {
      const node = location.home.nodes.find((entry) => says({ location, node: entry }));
      if (!node) continue;
      if (this.#said.size >= limits.mqttConnections) this.#said.clear();
      this.#said.set(clientId, node.id);
      return { location, node };
    }
    return undefined;
  }
}

/** The node whose topic it is by its form. */
function ownerOf(topic: string, locations: Locations): string | undefined {
  const [, own, log] = /^(?:\/ap\/(.+)\/(?:opensync|latency)|log\/(.+))$/s.exec(topic) ?? [];
  const id = own ?? log;
  return id === undefined ? undefined : locations.placeOf(id)?.node.id;
}
