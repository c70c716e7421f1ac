/** Fills the hub: what happens at locations, and what telemetry makes of reports. */

import type { ApiHost, LiveEvent } from "../host.ts";
import type { LiveHub } from "./hub.ts";

/** Until the returned function is called. */
export function followHost({ store, locations, telemetry }: ApiHost, hub: LiveHub, wallTime: () => number): () => void {
  const topicOf = (location: string | null) => ({
    tenant: location === null ? null : (locations.get(location)?.tenant ?? null),
    location,
  });
  const now = () => new Date(wallTime()).toISOString();
  const stops = [
    locations.events.on("event", (event: LiveEvent) => {
      const kind = event.kind === "stranger" ? "caller" : "node";
      hub.publish({ kind, ...topicOf(event.location) }, { at: now(), ...event });
    }),
    store.deeds.on("done", ({ action, tenant = null, location = null, target, by, details }) => {
      // Of what is no location's, such as users, those hear whose tenant it is.
      const topic = tenant === null && location !== null ? topicOf(location) : { tenant, location };
      const { actor, why = null } = by;
      const deed = { at: now(), location, action, target: target ?? null, actor, why, details };
      hub.publish({ kind: "change", ...topic }, deed);
    }),
    telemetry?.follow((news) => {
      if (news.kind === "event") hub.publish({ kind: "event", ...topicOf(news.event.location) }, news.event);
      else hub.publish({ kind: "alert", ...topicOf(news.alert.location) }, news.alert);
    }),
  ];
  return () => {
    for (const stop of stops) stop?.();
  };
}
