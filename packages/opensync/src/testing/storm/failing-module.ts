/** A third-party module that starts, fails, does not start, all as chance will have it. */

import type { Random } from "@opensync-ts/base/random";
import type { ManagerDefinition } from "@opensync-ts/managers/manager";

export const failingModule = "flaky";

export function createFailingModule(random: Random): ManagerDefinition {
  return {
    name: failingModule,
    async start({ clock, fail }) {
      if (random.integer(4) === 0) throw new Error("not today");
      const timer = clock.setTimer(1_000 + random.integer(60_000), () => fail(new Error("had enough")));
      return { stop: async () => timer.cancel(), dump: () => "flaky" };
    },
  };
}
