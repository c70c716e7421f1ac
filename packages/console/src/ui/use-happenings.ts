import { useMemo } from "react";
import { useAsk } from "../api/ask.ts";
import { type Names, namesOf, told } from "./happenings.ts";
import { momentText } from "./time.ts";
import { useNow } from "./use-now.ts";

/** Events that are looked at, the newest ones. */
const most = 500;
const renewedMs = 60_000;
const nobody: Names = new Map();

/** Which of them: of one node, until a time (ISO 8601), so many. */
interface Asked {
  readonly node?: string;
  readonly to?: string;
  readonly limit?: number;
}

/** What has happened, the newest first. `others`: names of clients that the home itself may not know. */
export function useHappenings(location: string, others: Names = nobody, asked: Asked = {}) {
  const call = { params: { location }, query: { limit: most, ...asked } };
  const { data, error, isPending } = useAsk("GET /locations/:location/events", call);
  const devices = useAsk("GET /locations/:location/devices", { params: { location } });
  const now = useNow(renewedMs);
  const named = devices.data?.items;
  const items = useMemo(() => {
    const happenings = data?.items ?? [];
    const names = new Map([...others, ...namesOf(named ?? [], happenings)]);
    return happenings.map((each) => told(each, names, (at) => momentText(at, now)));
  }, [data, named, others, now]);
  return { items, error, isPending };
}
