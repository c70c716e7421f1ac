import { useEffect, useState } from "react";
import { clock } from "../clock.ts";

/** The time (ms since 1970), renewed every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => clock.wallTime());
  useEffect(() => {
    const stop = new AbortController();
    const renew = () => setNow(clock.wallTime());
    // Timers of a page that nobody sees are late, and those of a machine that sleeps stand still.
    document.addEventListener("visibilitychange", renew, { signal: stop.signal });
    void (async () => {
      while (!stop.signal.aborted) {
        await clock.sleep(everyMs, stop.signal).catch(() => {});
        if (!stop.signal.aborted) renew();
      }
    })();
    return () => stop.abort();
  }, [everyMs]);
  return now;
}
