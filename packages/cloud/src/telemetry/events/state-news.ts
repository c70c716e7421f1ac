/** Tells of the states of nodes what is news: that one works as it should is said once, not each time that it has been written to. */

import type { LocationEvent } from "../../location-news.ts";

export class StateNews {
  /** By location and node: what was told last. */
  readonly #told = new Map<string, Map<string, string>>();

  /** Whether that was not told already. */
  isNews(location: string, event: LocationEvent): boolean {
    if (event.kind === "connected" || event.kind === "disconnected") {
      this.#told.get(location)?.delete(event.node);
      return true;
    }
    if (event.kind !== "state" || (event.to !== "SETTLED" && event.to !== "UNSETTLED")) return true;
    const told = this.#told.get(location) ?? new Map<string, string>();
    this.#told.set(location, told);
    const text = event.to === "SETTLED" ? event.to : `${event.to} ${event.reason}`;
    if (told.get(event.node) === text) return false;
    told.set(event.node, text);
    return true;
  }

  /** Only of these locations. */
  retain(isServed: (location: string) => boolean): void {
    for (const location of this.#told.keys()) if (!isServed(location)) this.#told.delete(location);
  }
}
