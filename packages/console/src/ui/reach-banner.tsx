import { clock } from "../clock.ts";
import { bannerText } from "./reach.ts";
import { useAt } from "./use-at.ts";
import { useHomeReach } from "./use-reach.ts";
import { exactText } from "./words.ts";

/** Above all pages of a home that nothing is heard of: how old what they show is. */
export function ReachBanner({ location }: { readonly location: string }) {
  const { atMs } = useAt();
  const reach = useHomeReach(location);
  const text = atMs === undefined ? bannerText(reach, (at) => exactText(at, clock.wallTime())) : null;
  return (
    <div role="status" className={text === null ? "" : "unreached"}>
      {text}
    </div>
  );
}
