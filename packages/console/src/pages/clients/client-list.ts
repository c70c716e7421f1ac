/** The list of clients: one line for each, found and sorted. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { keyName, type UsedKey, zoneText } from "../../ui/keys.ts";

export type Device = AnswerTo<"GET /locations/:location/devices">["items"][number];

export interface ClientLine {
  readonly mac: string;
  readonly name: string;
  /** Connected now, or when its node was heard of last. */
  readonly isHere: boolean;
  /** Of when all this is, where nothing is heard of its node, ms since 1970; null: of now. */
  readonly lastKnownAt: number | null;
  readonly node: string | null;
  readonly ssid: string | null;
  readonly band: string | null;
  readonly channel: number | null;
  readonly snrDb: number | null;
  /** To and from it together, what goes over it. */
  readonly mbps: number | null;
  readonly connectedSeconds: number | null;
  readonly address: string | null;
  /** That it joined with; null: away, or not known. */
  readonly key: UsedKey | null;
  /** `no Internet`, `2.4 GHz only`. */
  readonly held: readonly string[];
}

export type Column = "name" | "node" | "key" | "band" | "snr" | "mbps" | "since";

export interface Order {
  readonly column: Column;
  readonly isDown: boolean;
}

export function lineOf(device: Device): ClientLine {
  const { mac, name, now, frozen, band } = device;
  const lastKnownAt = now?.lastKnownAt ? Date.parse(now.lastKnownAt) : null;
  // What goes over it, and since when it is there, is of now or of no use.
  const isLive = lastKnownAt === null;
  const traffic =
    now && isLive && (now.rxMbps !== null || now.txMbps !== null) ? (now.rxMbps ?? 0) + (now.txMbps ?? 0) : null;
  return {
    ...{ mac, name, lastKnownAt, isHere: now !== null, node: now?.node ?? null, ssid: now?.ssid ?? null },
    ...{ band: now?.band ?? null, channel: now?.channel ?? null, snrDb: now?.snr ?? null, mbps: traffic },
    ...{ connectedSeconds: (isLive ? now?.connectedSeconds : null) ?? null, address: now?.address ?? null },
    key: now?.key ?? null,
    held: [
      ...(frozen ? ["no Internet"] : []),
      ...(band ? [`${band.prefer.replace("G", " GHz")} ${band.only ? "only" : "rather"}`] : []),
    ],
  };
}

/** Those that have all that was typed somewhere, whatever the case, accents, and how an address is written. */
export function search(lines: readonly ClientLine[], typed: string): readonly ClientLine[] {
  const words = plain(typed).split(" ").filter(Boolean);
  if (words.length === 0) return lines;
  return lines.filter(({ name, mac, node, ssid, band, address, key }) => {
    const keyWords = key ? [keyName(key), zoneText(key.zone)] : [];
    const text = plain([name, mac, node, ssid, band, address, ...keyWords].filter(Boolean).join(" "));
    return words.every((word) => text.includes(word));
  });
}

/** What is unknown comes last, either way; equals are in order of their names. */
export function sorted(lines: readonly ClientLine[], { column, isDown }: Order): readonly ClientLine[] {
  const way = isDown ? -1 : 1;
  return lines.toSorted((a, b) => {
    const [x, y] = [cellOf(a, column), cellOf(b, column)];
    const byName = a.name.localeCompare(b.name) || (a.mac < b.mac ? -1 : 1);
    if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1;
    const order = typeof x === "string" ? x.localeCompare(String(y), undefined, { numeric: true }) : x - Number(y);
    return order * way || byName;
  });
}

function cellOf(line: ClientLine, column: Column): string | number | null {
  switch (column) {
    case "name":
      return line.name;
    case "node":
      return line.node;
    case "key":
      return line.key && `${keyName(line.key)} ${zoneText(line.key.zone)}`;
    case "band":
      return line.band;
    case "snr":
      return line.snrDb;
    case "mbps":
      return line.mbps;
    case "since":
      return line.connectedSeconds;
  }
}

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[:._-]+/g, " ")
    .trim();
}
