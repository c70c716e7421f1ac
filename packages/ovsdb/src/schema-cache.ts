/**
 * What is known of peers' schemas, shared by the connections of one who has very many. `get_schema` is 119 kB for OpenSync, and
 * servers tell version and checksum only inside of it (`_Server.Database.schema` is that very text). So a connection asks for the tables
 * it wants as if the peer had a schema known already, together with proof of what that one lacks; only a peer that turns out to have another one
 * is asked for it.
 */

import { clientLimits } from "./limits.ts";
import { allOf, type PeerSchema } from "./peer-schema.ts";

export class SchemaCache {
  /** By content; the ones met last are last. */
  readonly #known = new Map<string, PeerSchema>([[contentOf(allOf), allOf]]);
  /** By peer; the ones met last are last. */
  readonly #ofPeer = new Map<string, PeerSchema>();

  /** Different schemas met so far. */
  get size(): number {
    return this.#known.size;
  }

  /** What a peer may have, the likeliest first. `peer`: what tells it from others (its certificate), where it is known. */
  guesses(peer: string | undefined): readonly PeerSchema[] {
    const own = peer === undefined ? undefined : this.#ofPeer.get(peer);
    const recent = [...this.#known.values()].reverse();
    return [...new Set(own ? [own, ...recent] : recent)].slice(0, clientLimits.schemaGuesses);
  }

  /** Remembers what a peer has turned out to have; returns the one object for all schemas that are equal. */
  met(peer: string | undefined, schema: PeerSchema): PeerSchema {
    const content = contentOf(schema);
    const shared = this.#known.get(content) ?? schema;
    putLast(this.#known, content, shared, clientLimits.maxKnownSchemas);
    if (peer !== undefined) putLast(this.#ofPeer, peer, shared, clientLimits.maxKnownPeers);
    return shared;
  }
}

function putLast<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

const contents = new WeakMap<PeerSchema, string>();

function contentOf(schema: PeerSchema): string {
  let content = contents.get(schema);
  if (content === undefined) {
    const lists = (map: PeerSchema["reshaped"]) => [...map].map(([table, names]) => [table, [...names].sort()]).sort();
    content = JSON.stringify([[...schema.lacksTables].sort(), lists(schema.lacksColumns), lists(schema.reshaped)]);
    contents.set(schema, content);
  }
  return content;
}
