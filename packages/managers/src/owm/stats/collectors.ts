/** Which collector serves which type. */

import { AuthFailsCollector } from "./auth-fails.ts";
import { CapacityCollector } from "./capacity.ts";
import { ClientCollector } from "./client.ts";
import type { Collector, CollectorContext } from "./collector.ts";
import { DeviceCollector } from "./device.ts";
import { NeighborCollector } from "./neighbor.ts";
import type { StatsPlan } from "./plan.ts";
import { RssiCollector } from "./rssi.ts";
import { SurveyCollector } from "./survey.ts";

/** `name`: of the row. Throws a `RangeError` where the bus has no room for another subscriber. */
export function startCollector(name: string, plan: StatsPlan, context: CollectorContext): Collector {
  switch (plan.statsType) {
    case "survey":
      return new SurveyCollector(name, plan, context);
    case "neighbor":
      return new NeighborCollector(name, plan, context);
    case "client":
      return new ClientCollector(name, plan, context);
    case "device":
      return new DeviceCollector(name, plan, context);
    case "rssi":
      return new RssiCollector(name, plan, context);
    case "capacity":
      return new CapacityCollector(name, plan, context);
    case "client_auth_fails":
      return new AuthFailsCollector(plan, context);
  }
}
