/** What is in one file of payloads, and where. Made while it is written, kept beside it once it is finished, made anew where it is missing. */

import { z } from "zod";
import { type RawPlace, recordAt } from "./record.ts";

const places = z.array(z.number());
const schema = z.strictObject({
  format: z.literal("opensync-raw-index"),
  version: z.literal(1),
  bytes: z.number().min(0),
  records: z.int().min(0),
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** By node: time, offset, length and check of each record, one after the other. */
  nodes: z.record(z.string(), places),
});

export class SegmentIndex {
  readonly #nodes = new Map<string, number[]>();
  bytes = 0;
  records = 0;
  /** Times of the first and last payloads; null: none. */
  from: number | null = null;
  to: number | null = null;

  add({ at, node, offset, length, check }: RawPlace): void {
    const list = this.#nodes.get(node);
    if (list) list.push(at, offset, length, check);
    else this.#nodes.set(node, [at, offset, length, check]);
    this.bytes = offset + length;
    this.records++;
    this.from = Math.min(this.from ?? at, at);
    this.to = Math.max(this.to ?? at, at);
  }

  /** In the order in which they arrived. */
  *of(node: string): Iterable<RawPlace> {
    const list = this.#nodes.get(node) ?? [];
    for (let i = 0; i + 3 < list.length; i += 4) {
      const [at = 0, offset = 0, length = 0, check = 0] = list.slice(i, i + 4);
      yield { at, node, offset, length, check };
    }
  }

  /** Of those that arrived from `from` until before `to`, as many as `most`, the last ones, in order. */
  last(node: string, from: number, to: number, most: number): readonly RawPlace[] {
    const list = this.#nodes.get(node) ?? [];
    const found: RawPlace[] = [];
    for (let i = list.length - 4; i >= 0 && found.length < most; i -= 4) {
      const at = list[i] ?? 0;
      if (at < from || at >= to) continue;
      found.push({ at, node, offset: list[i + 1] ?? 0, length: list[i + 2] ?? 0, check: list[i + 3] ?? 0 });
    }
    return found.reverse();
  }

  get nodes(): Iterable<string> {
    return this.#nodes.keys();
  }

  toText(): string {
    const { bytes, records, from, to } = this;
    const nodes = Object.fromEntries(this.#nodes);
    return JSON.stringify({ format: "opensync-raw-index", version: 1, bytes, records, from, to, nodes });
  }

  /** Undefined for what is no index. */
  static parse(text: string): SegmentIndex | undefined {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    const { success, data } = schema.safeParse(value);
    if (!success) return undefined;
    const index = new SegmentIndex();
    for (const [node, list] of Object.entries(data.nodes)) index.#nodes.set(node, list);
    Object.assign(index, { bytes: data.bytes, records: data.records, from: data.from, to: data.to });
    return index;
  }

  /** Reads whole records from the beginning on; `bytes` of the result is where they end. */
  static scan(bytes: Buffer): SegmentIndex {
    const index = new SegmentIndex();
    for (let found = recordAt(bytes, 0); found; found = recordAt(bytes, index.bytes)) index.add(found.place);
    return index;
  }
}
