/** `opensync doctor extender`: the checklist for an extender, against the database of the gateway that it hangs on. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@opensync-ts/base/errors";
import { SystemRandom } from "@opensync-ts/base/random";
import { parseMac } from "@opensync-ts/base/units";
import type { NodeChoice } from "../node-files.ts";
import { clock } from "../run.ts";
import { type DoctorOutputOptions, examine, stepLimit } from "./doctor-command.ts";
import { clientPlace, clientTables } from "./extender/backhaul.ts";
import type { ClientPlace } from "./extender/case.ts";
import { type ExtenderCase, type ExtenderRows, extenderTables, gatewayTables } from "./extender/case.ts";
import { examineExtender } from "./extender/examine-extender.ts";
import { doctorLimits } from "./limits.ts";
import { directoryOf, runningRows, storedRows } from "./node-rows.ts";
import { simulatedOutage } from "./simulation.ts";

export interface DoctorExtenderOptions extends NodeChoice, DoctorOutputOptions {}

/** `extender`: a node of the home, the directory of a node, or a MAC address. Resolves with the exit code. */
export async function doctorExtender(extender: string, options: DoctorExtenderOptions): Promise<number> {
  const limits = { clock, timeoutMs: stepLimit(options) };
  const directory = directoryOf(options, process.env);
  const gateway = await runningRows(directory, gatewayTables, limits);
  if (!gateway) {
    throw new UserError(`${directory}: no node runs there; give the gateway with --dir and --node, or start it`);
  }
  const found = await findExtender(extender, options, limits);
  const [mac] = found.extender ? [] : found.macs;
  const client = mac === undefined ? undefined : await findClient(mac, directory, options, limits);
  const it: ExtenderCase = { gatewayName: options.node, gateway, client, ...found };
  const title = `extender '${extender}' on '${options.node}': the way between them; nothing is changed on either`;
  return examine(title, options, (recorder) => examineExtender(recorder, it));
}

async function findExtender(
  text: string,
  options: DoctorExtenderOptions,
  limits: Parameters<typeof runningRows>[2],
): Promise<Pick<ExtenderCase, "extender" | "macs" | "outage">> {
  const mac = parseMac(text);
  if (mac) return { extender: null, macs: [mac] };
  const places = [join(homeOf(options), "nodes", text), text].filter((place) => existsSync(join(place, "conf.db")));
  const [place] = places;
  const how = "give a node of the home, the directory of a node, or the MAC address of its backhaul station";
  if (place === undefined) throw new UserError(`extender '${text}': no such node; ${how}`);
  const extender = await runningRows(place, extenderTables, limits);
  // What it left behind still tells its addresses.
  const rows = extender ?? storedRows(place, extenderTables, new SystemRandom());
  const macs = rows ? macsOf(rows) : [];
  if (macs.length === 0) throw new UserError(`extender '${text}': its database names no interface; ${how}`);
  return { extender: extender ?? null, macs, outage: await simulatedOutage(place, limits) };
}

/** The node that has it as a client, among those of the home that run. */
async function findClient(
  mac: string,
  gateway: string,
  options: DoctorExtenderOptions,
  limits: Parameters<typeof runningRows>[2],
): Promise<ClientPlace | undefined> {
  const nodes = join(homeOf(options), "nodes");
  const names = existsSync(nodes) ? readdirSync(nodes).sort().slice(0, doctorLimits.nodes) : [];
  const places = new Map([[options.node, gateway], ...names.map((name) => [name, join(nodes, name)] as const)]);
  for (const [name, place] of places) {
    // A node that does not answer says nothing against the extender.
    const rows = await runningRows(place, clientTables, limits).catch(() => undefined);
    const found = rows && clientPlace(name, rows, mac);
    if (found) return found;
  }
  return undefined;
}

function homeOf({ dir }: DoctorExtenderOptions): string {
  return dir ?? (process.env.OPENSYNC_DIR || ".opensync");
}

/** Of its backhaul stations; of one without radios those of its ports. */
function macsOf({ Wifi_VIF_State: vifs, Wifi_Inet_State: interfaces }: ExtenderRows): readonly string[] {
  const stations = vifs.filter(({ mode }) => mode === "sta").map(({ mac }) => mac ?? "");
  const ports = interfaces.map(({ hwaddr }) => hwaddr);
  const of = (texts: readonly string[]) =>
    [...new Set(texts.map((text) => text.toLowerCase()))].filter((mac) => parseMac(mac));
  const own = of(stations);
  return own.length > 0 ? own : of(ports);
}
