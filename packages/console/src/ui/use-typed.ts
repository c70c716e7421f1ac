import { useEffect, useState } from "react";
import { clock } from "../clock.ts";

/** Nobody types that slowly on; until then nothing is asked. */
const pauseMs = 200;

/** What was typed, once there is a pause: for questions to the cloud. */
export function useTyped(typed: string): string {
  const [words, setWords] = useState(typed);
  useEffect(() => {
    const timer = clock.setTimer(pauseMs, () => setWords(typed));
    return () => timer.cancel();
  }, [typed]);
  return words;
}
