import { useEffect, useState } from "react";
import { clock } from "../clock.ts";

/** The time (ms since 1970), renewed every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => clock.wallTime());
  useEffect(() => {
    const stop = new AbortController();
    void (async () => {
      while (!stop.signal.aborted) {
        await clock.sleep(everyMs, stop.signal).catch(() => {});
        if (!stop.signal.aborted) setNow(clock.wallTime());
      }
    })();
    return () => stop.abort();
  }, [everyMs]);
  return now;
}
