/**
 * A gateway without its cloud: what the flash has to bear in a normal home, how long the home is dark after a power cut without
 * Internet, and what hours offline cost. The home lives on virtual time, so the first figures are the same on every machine.
 *
 *   node bench/cloudless.ts [--json]
 */

import { RealClock } from "@opensync-ts/base/clock";
import { CloudlessHome, hour, minute } from "opensync/testing/cloudless-home";
import { type Figure, printFigures } from "./figures.ts";

const store = "pm_gw_offline_store";

export async function benchCloudless(): Promise<readonly Figure[]> {
  const clock = new RealClock();
  await using home = await CloudlessHome.start();
  await home.settled();
  await home.until("it is stored", async () => (await home.status()) === "ready", 2 * minute);
  const before = writes(home);
  await home.pass(24 * hour);
  const perDay = { all: writes(home).all - before.all, own: writes(home).own - before.own };

  home.wanDown();
  const powerOn = home.clock.now();
  await home.reboot("powerCut");
  await home.until("the family is served", () => home.familyIsOn(), hour);
  const dark = home.clock.now() - powerOn;

  const start = clock.now();
  await home.pass(11 * hour);
  const offline = clock.now() - start;
  return [
    { name: "flash writes of gw_offline in a day in which nothing changes", value: perDay.own, unit: "", goal: "0" },
    { name: "flash writes of all stores in that day", value: perDay.all, unit: "", goal: "0" },
    { name: "power-on → family served, without cloud", value: dark / 1000, unit: "s", goal: "≈ 360 (3 × 120 s)" },
    { name: "11 hours offline on virtual time", value: offline / 1000, unit: "s", goal: "≤ 10" },
  ];
}

function writes(home: CloudlessHome): { readonly all: number; readonly own: number } {
  const stores = home.node.target.storage.stores();
  return {
    all: stores.reduce((sum, each) => sum + each.writes, 0),
    own: stores.find(({ name }) => name === store)?.writes ?? 0,
  };
}

if (import.meta.main) {
  const figures = await benchCloudless();
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ figures }, null, 2)}\n`);
  else printFigures(figures);
}
