/**
 * Reports of several managers become one, as QM publishes them; and several again where one would be larger than brokers
 * take. Works on the bytes: fields of newer nodes that nobody here knows go along.
 */

import { ReportSchema } from "./gen/opensync_stats_pb.ts";
import { limits } from "./limits.ts";
import { MalformedPayload, parse } from "./message.ts";
import {
  bytesIn,
  fieldsOf,
  halves,
  joined,
  listOf,
  messageField,
  messagesInField,
  textField,
  type WireField,
} from "./wire-fields.ts";

export interface MergeOptions {
  /** Instead of the first report's. */
  readonly nodeId?: string;
  /** Instead of what the reports say. */
  readonly powerMode?: string;
  /** What is published of a report, usually itself or `compress`. */
  readonly pack: (report: Uint8Array) => Uint8Array;
  /** Most bytes of what `pack` gives. */
  readonly maxBytes: number;
}

export interface MergedReports {
  /** As `pack` gave them. None where no report could be read. */
  readonly payloads: readonly Uint8Array[];
  /** Reports that could not be read, by their index; nothing of them is published. */
  readonly undecodable: readonly { readonly index: number; readonly reason: string }[];
  /** Records that do not fit even alone and are not published. */
  readonly oversized: readonly { readonly field: string; readonly bytes: number }[];
}

const fieldNumbers = { nodeId: 1, powerMode: 11 } as const;

/**
 * The lists of the later reports are appended to those of the first, whose nodeID stays. Where the result does not fit,
 * it is halved until every part does: first between the items of its lists, then within an item, between the records of
 * which it consists, each part with the item's band and time.
 */
export function mergeReports(reports: readonly Uint8Array[], options: MergeOptions): MergedReports {
  const undecodable: { index: number; reason: string }[] = [];
  const head = new Map<number, WireField>();
  const items: WireField[] = [];
  for (const [index, report] of reports.entries()) {
    try {
      parse(ReportSchema, report);
    } catch (error) {
      if (!(error instanceof MalformedPayload)) throw error;
      undecodable.push({ index, reason: error.message });
      continue;
    }
    for (const field of fieldsOf(report)) {
      if (field.number === fieldNumbers.nodeId) head.set(field.number, head.get(field.number) ?? field);
      else if (field.number === fieldNumbers.powerMode) head.set(field.number, field);
      else items.push(field);
    }
  }
  if (undecodable.length === reports.length) return { payloads: [], undecodable, oversized: [] };
  const { nodeId, powerMode } = options;
  if (nodeId !== undefined) head.set(fieldNumbers.nodeId, textField(fieldNumbers.nodeId, nodeId));
  if (powerMode !== undefined) head.set(fieldNumbers.powerMode, textField(fieldNumbers.powerMode, powerMode));
  const packer = new Packer([...head.values()], options);
  packer.add(items.toSorted((a, b) => a.number - b.number));
  return { payloads: packer.payloads, undecodable, oversized: packer.oversized };
}

class Packer {
  readonly payloads: Uint8Array[] = [];
  readonly oversized: { field: string; bytes: number }[] = [];
  readonly #head: readonly WireField[];
  readonly #options: MergeOptions;

  constructor(head: readonly WireField[], options: MergeOptions) {
    this.#head = head;
    this.#options = options;
  }

  add(items: readonly WireField[]): void {
    const fields = [...this.#head, ...items];
    const packed = isReadable(fields) ? this.#options.pack(joined(fields)) : undefined;
    if (packed && packed.length <= this.#options.maxBytes) {
      this.payloads.push(packed);
      return;
    }
    const [item] = items;
    const parts = items.length > 1 ? halves(items) : item && splitItem(item);
    if (parts) for (const part of parts) this.add(part);
    else this.oversized.push({ field: nameOf(item), bytes: packed?.length ?? bytesIn(fields) });
  }
}

/** What no receiver would decode is not published, however small its compressed form may be. */
function isReadable(fields: readonly WireField[]): boolean {
  if (bytesIn(fields) > limits.payload) return false;
  const messages = fields.reduce((sum, field) => sum + messagesInField(ReportSchema, field), 1);
  return messages <= limits.messages;
}

/** The item as two, each with half of its records; undefined where it has less than two. */
function splitItem(item: WireField): readonly (readonly WireField[])[] | undefined {
  const schema = listOf(ReportSchema, item);
  if (!schema || !item.value) return undefined;
  const fields = fieldsOf(item.value);
  const isRecord = (field: WireField) => listOf(schema, field) !== undefined;
  const records = fields.filter(isRecord);
  if (records.length < 2) return undefined;
  const common = fields.filter((field) => !isRecord(field));
  return halves(records).map((half) => [messageField(item.number, joined([...common, ...half]))]);
}

function nameOf(item: WireField | undefined): string {
  const known = ReportSchema.fields.find(({ number }) => number === item?.number);
  return known?.name ?? (item ? `field ${item.number}` : "nodeID");
}
