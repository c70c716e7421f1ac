/** Why a client of a node is steered as it is, or is not: for people, or as JSON. */

import { UserError } from "@opensync-ts/base/errors";
import { parseMac } from "@opensync-ts/base/units";
import type { RunningOwm } from "@opensync-ts/managers/owm/owm";
import { explanationLines } from "@opensync-ts/wireless/steering/explanation-text";

/** JSON: an array with one explanation for each steering group. Throws a `UserError` that says what to do. */
export function explainSteering(owm: RunningOwm | undefined, station: string, json: boolean): string {
  const mac = parseMac(station);
  if (!mac) throw new UserError(`'${station}' is not a MAC address (aa:bb:cc:dd:ee:ff)`);
  if (!owm) throw new UserError("OWM does not run; 'ovsh s Node_Services' tells which services do");
  const explanations = owm.explainSteering(mac);
  if (explanations.length === 0)
    throw new UserError(
      `${mac} is not steered: it needs a row of Band_Steering_Clients, and a group in Band_Steering_Config`,
    );
  if (json) return `${JSON.stringify(explanations)}\n`;
  return explanations
    .flatMap(explanationLines)
    .map((line) => `${line}\n`)
    .join("");
}
