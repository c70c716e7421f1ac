/** What a driver reports that does all it is asked. */

import type { ApState, PhyState } from "@opensync-ts/target/radio";
import type { ApOverrides, PhyOverrides } from "@opensync-ts/wireless/contract";
import { type ApVif, apState, apVif, phyState } from "./rows.ts";

export function obedientAp(asked: ApOverrides, before: ApState = apState()): ApVif {
  return apVif(
    {},
    {
      ...before,
      ...asked,
      channel: asked.channel ?? before.channel,
      mode: { ...before.mode, ...asked.mode },
      rates: { ...before.rates, ...asked.rates },
      wpa: { ...before.wpa, ...asked.wpa },
    },
  );
}

export function obedientPhy(asked: PhyOverrides, before: PhyState = phyState()): PhyState {
  return {
    ...before,
    enabled: asked.enabled ?? before.enabled,
    txChainmask: asked.txChainmask ?? before.txChainmask,
    radar: asked.radar ?? before.radar,
    regDomain: asked.regDomain ?? before.regDomain,
    zeroWaitDfs: asked.zeroWaitDfs ?? before.zeroWaitDfs,
  };
}
