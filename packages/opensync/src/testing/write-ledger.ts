/** For tests: what a cloud writes to its nodes and what that costs the clients in the rooms, from one moment to the next. */

import type { Location } from "@opensync-ts/cloud/location";
import type { LocationEvent } from "@opensync-ts/cloud/location-news";
import type { World } from "@opensync-ts/world/world";

/** Rows and columns as the cloud announces them: `update Wifi_VIF_Config home-ap-24: ssid, wpa_psks`. */
export interface Written {
  readonly node: string;
  /** Of one transaction, sorted. */
  readonly rows: readonly string[];
}

export class WriteLedger {
  #written: Written[] = [];
  #left: string[] = [];

  constructor(world: World) {
    world.events.on("disassociated", ({ client, reason }) => {
      if (reason !== "roamed") this.#left.push(client);
    });
  }

  /** Also of another cloud, once that has taken the place of the one before. */
  follow(location: Location): void {
    location.events.on("event", (event) => this.#note(event));
  }

  #note(event: LocationEvent): void {
    if (event.kind !== "written") return;
    this.#written.push({ node: event.node, rows: event.changes.map(rowAndColumns).sort() });
  }

  /** A story begins: what was before is none of its business. */
  begin(): void {
    this.#written = [];
    this.#left = [];
  }

  /** Transactions since then, of one node, in their order. */
  of(node: string): readonly (readonly string[])[] {
    return this.#written.filter((entry) => entry.node === node).map(({ rows }) => rows);
  }

  /** Row changes since then, of one node. */
  count(node: string): number {
    return this.of(node).flat().length;
  }

  /** Who lost its connection since then, other than by going to another access point; sorted. */
  get left(): readonly string[] {
    return [...new Set(this.#left)].sort();
  }
}

/** Of a line of a `written` event: what happens to which row, and to which of its columns. Inserts and deletes are of the whole row. */
function rowAndColumns(line: string): string {
  const [, change = line, rest = ""] = /^((?:insert|delete|update) .*?): (.*)$/.exec(line) ?? [];
  if (!change.startsWith("update ")) return change;
  const references = /^(\w+ \+\d+ -\d+)$/.exec(rest);
  if (references) return `${change}: ${references[1]}`;
  const columns = [...rest.replace(/ \(was .*\)$/, "").matchAll(/(?:^| )(\w+)=/g)].map(([, column]) => column);
  return `${change}: ${columns.sort().join(", ")}`;
}
