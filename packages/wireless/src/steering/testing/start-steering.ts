/** Steering on a wireless core, with a driver that has a client. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { startWireless } from "../../wireless.ts";
import { type ClientSettings, defaultSettings } from "../settings.ts";
import { Steering } from "../steering.ts";
import { client, SteeringDriver } from "./steering-driver.ts";

export async function startSteering(settings: Partial<ClientSettings> = {}) {
  const clock = new VirtualClock();
  const ring = new LogRing(1_000);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => clock.wallTime() });
  const driver = new SteeringDriver(clock);
  const wireless = startWireless({ drivers: [driver], clock, log });
  const steering = new Steering({ clock, log, wireless });
  const apply = (more: Partial<ClientSettings>, vifs = ["home-ap-24", "home-ap-50"]) =>
    steering.apply({
      groups: [{ id: "group", vifs }],
      clients: [{ ...defaultSettings(client), ...more, ended: false }],
      neighbors: [],
    });
  await clock.advance(1_000);
  apply(settings);
  await clock.advance(1_000);
  const refused = () =>
    [...wireless.state.vifs.values()].flatMap((vif) =>
      vif.type === "ap" && vif.ap.acl.includes(client) ? [vif.name] : [],
    );
  const said = () => ring.records().map(({ severity, text }) => `${severity} ${text}`);
  return { clock, driver, wireless, steering, apply, refused, said };
}
