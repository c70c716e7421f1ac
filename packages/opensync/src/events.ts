/** The last things that happened in a home, in words: from the world, the cloud and the nodes. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import { describeEvent, type LocationEvent } from "@opensync-ts/cloud/location-news";
import type { Locations } from "@opensync-ts/cloud/locations";
import type { RunningNode } from "@opensync-ts/node/start-node";
import type { World } from "@opensync-ts/world/world";
import type { HomeEvent } from "./home-view.ts";
import { keptEvents, refusalLineMs, rememberedRefusals } from "./limits.ts";
import { printable } from "./table.ts";

export class EventLog {
  readonly #clock: Clock;
  readonly #start: number;
  readonly #events: HomeEvent[] = [];
  readonly #listener: (event: HomeEvent) => void;

  /** `listener` hears of each event as it happens. */
  constructor(clock: Clock, listener: (event: HomeEvent) => void) {
    this.#clock = clock;
    this.#start = clock.now();
    this.#listener = listener;
  }

  get events(): readonly HomeEvent[] {
    return this.#events;
  }

  /** Milliseconds since the log began. */
  get uptime(): number {
    return this.#clock.now() - this.#start;
  }

  add(text: string): void {
    const event = { at: this.uptime, text: printable(text) };
    this.#events.push(event);
    if (this.#events.length > keptEvents) this.#events.shift();
    this.#listener(event);
  }

  followWorld(world: World): void {
    // A client may leave because the network has gone: then only we know what it was called.
    const names = new Map<string, string>();
    const bssName = (bssid: Parameters<World["bss"]>[0]) => {
      const bss = world.bss(bssid);
      if (bss) names.set(bssid, `${bss.site}/${bss.name}`);
      return names.get(bssid) ?? bssid;
    };
    // Whoever has the wrong key tries for hours, at one access point after the other.
    const refusals = new Map<string, { readonly at: number; unsaid: number }>();
    world.events.on("associated", ({ client, bssid, rssi }) => {
      for (const key of refusals.keys()) if (key.endsWith(` ${client}`)) refusals.delete(key);
      this.add(`${client} joined ${bssName(bssid)} at ${Math.round(rssi)} dBm`);
    });
    world.events.on("disassociated", ({ client, bssid, reason }) =>
      this.add(`${client} left ${bssName(bssid)}: ${reason.replaceAll("_", " ")}`),
    );
    world.events.on("failed", ({ client, bssid, reason }) => {
      const key = `${reason} ${client}`;
      const said = refusals.get(key);
      if (said && this.uptime - said.at < refusalLineMs) {
        said.unsaid++;
        return;
      }
      refusals.delete(key);
      const [oldest] = refusals.keys();
      if (oldest !== undefined && refusals.size >= rememberedRefusals) refusals.delete(oldest);
      refusals.set(key, { at: this.uptime, unsaid: 0 });
      const more = said && said.unsaid > 0 ? ` (and ${said.unsaid} times since it was said last)` : "";
      this.add(`${client} was not let in by ${bssName(bssid)}: ${reason.replaceAll("_", " ")}${more}`);
    });
  }

  followLocations(locations: Locations): void {
    locations.events.on("event", (event) => {
      const text = locationText(event);
      if (text) this.add(text);
    });
  }

  /** `nameOf`: what people call a client. */
  followNode(
    node: Pick<RunningNode, "id" | "wireless" | "steeringEvents">,
    nameOf: (mac: Mac) => string = (mac) => mac,
  ): void {
    node.wireless?.confsync.events.on("settled", ({ requests }) =>
      this.add(`${node.id} confsync settled after ${requests} ${requests === 1 ? "request" : "requests"}`),
    );
    node.steeringEvents?.on("decision", ({ station, decision }) => {
      for (const { policy, result, reason, requests, deauths } of decision.outcomes)
        if (requests + deauths > 0) this.add(`${node.id} steered ${nameOf(station)} (${policy}): ${result}: ${reason}`);
    });
  }
}

/** The states and rows of a session are in the tables of the view already, and the world tells of who joins and of radios. */
const untold: ReadonlySet<LocationEvent["kind"]> = new Set(["state", "row", "radios", "air", "clients"]);

/** What is worth telling. */
function locationText(event: LocationEvent): string | undefined {
  if (untold.has(event.kind)) return undefined;
  if (event.kind === "written") return `the controller wrote to ${event.node}: ${writtenText(event.changes)}`;
  return describeEvent(event);
}

/** One change in full; of several only what they are about. */
function writtenText(changes: readonly string[]): string {
  if (changes.length === 1) return changes[0] ?? "";
  return `${changes.length} changes: ${changes.map((change) => change.split(": ", 1)[0]).join(", ")}`;
}
