import { useMemo } from "react";
import { useAsk } from "../../api/ask.ts";
import { useAt } from "../../ui/use-at.ts";
import { holdsOf } from "./holds.ts";

const newest = 200;

/** What has happened to a client until the moment that is shown, what was asked for of it, and what nodes did to steer it; the newest first. */
export function useClientPast(location: string, mac: string) {
  const { atMs } = useAt();
  // Of now, all that has happened: it is asked again when something does.
  const until = atMs === undefined ? {} : { to: new Date(atMs + 1).toISOString() };
  const happened = useAsk(
    "GET /locations/:location/events",
    { params: { location }, query: { client: mac, ...until, limit: newest } },
    { keepLast: true },
  );
  const steered = useAsk(
    "GET /locations/:location/steering/clients/:mac/events",
    { params: { location, mac }, query: { limit: newest } },
    { keepLast: true, everyMs: 15_000 },
  );
  const [events, items] = [happened.data?.items, steered.data?.items];
  return useMemo(
    () => ({
      events: events ?? [],
      holds: holdsOf(events ?? []),
      deeds: (items ?? []).filter(({ at }) => atMs === undefined || Date.parse(at) <= atMs),
      isRead: events !== undefined && items !== undefined,
      error: happened.error ?? steered.error,
    }),
    [events, items, atMs, happened.error, steered.error],
  );
}

export type ClientPast = ReturnType<typeof useClientPast>;
