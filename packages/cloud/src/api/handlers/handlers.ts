/** What each route does. */

import type { Handlers } from "../api.ts";
import type { Name } from "../contract/contract.ts";
import { auditHandlers } from "./audit.ts";
import { deviceHandlers } from "./devices.ts";
import { documentHandlers } from "./documents.ts";
import { nodeHandlers } from "./nodes.ts";
import { pictureHandlers } from "./picture.ts";
import { radioHandlers } from "./radios.ts";
import { sessionHandlers } from "./session.ts";
import { simulationHandlers } from "./simulation.ts";
import { steeringHandlers } from "./steering.ts";
import { telemetryHandlers } from "./telemetry.ts";
import { tenantHandlers } from "./tenants.ts";
import { transferHandlers } from "./transfer.ts";
import { userHandlers } from "./users.ts";
import { workbenchHandlers } from "./workbench.ts";

export const handlers: Handlers<Name> = {
  ...sessionHandlers,
  ...userHandlers,
  ...tenantHandlers,
  ...documentHandlers,
  ...nodeHandlers,
  ...radioHandlers,
  ...workbenchHandlers,
  ...deviceHandlers,
  ...telemetryHandlers,
  ...pictureHandlers,
  ...steeringHandlers,
  ...simulationHandlers,
  ...auditHandlers,
  ...transferHandlers,
};
