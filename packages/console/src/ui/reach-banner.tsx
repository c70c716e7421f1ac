import { clock } from "../clock.ts";
import { adviceText, bannerText } from "./reach.ts";
import { momentText } from "./time.ts";
import { useAt } from "./use-at.ts";
import { useHomeReach, useTakenDown } from "./use-reach.ts";

/** Above all pages of a home that nothing is heard of: how old what they show is. */
export function ReachBanner({ location }: { readonly location: string }) {
  const { atMs } = useAt();
  const reach = useHomeReach(location);
  const text = atMs === undefined ? bannerText(reach, (at) => momentText(at, clock.wallTime(), "seconds")) : null;
  const isTakenDown = useTakenDown(location, text !== null);
  return (
    <div role="status" className={text === null ? "" : "unreached"}>
      {text}
      {text !== null && <p>{adviceText(reach, isTakenDown)}</p>}
    </div>
  );
}
