import type { Home } from "../../home.ts";
import { audited } from "../../store/audit.ts";
import { StoreRefusal } from "../../store/errors.ts";
import { editApplied } from "../../store/versions.ts";
import type { Api, Call, Handlers } from "../api.ts";
import type { simulationRoutes } from "../contract/simulation.ts";
import { editDevice } from "../edits/devices.ts";
import type { SimulatedHome } from "../host.ts";
import { ApiProblem } from "../problems.ts";
import { SimulationRefusal } from "../simulation-refusal.ts";

export const simulationHandlers: Handlers<keyof typeof simulationRoutes> = {
  async "GET /locations/:location/simulation"({ api, params }) {
    return simulated(api, params.location).view();
  },

  async "GET /locations/:location/simulation/scenarios"({ api, params }) {
    return { items: [...simulated(api, params.location).scenarios()] };
  },

  async "PUT /locations/:location/simulation/clients/:mac/walk"(call) {
    const { mac } = call.params;
    await doing(call, "walk", `client ${mac}`, `sent ${mac} for a walk`, (home) => home.walk(mac, call.body.to));
    return null;
  },

  async "POST /locations/:location/simulation/clients"(call) {
    const { name, ssid } = call.body;
    // The passphrase is in no trail.
    const { mac, hostname } = await doing(
      call,
      "join",
      `'${name}' on '${ssid}'`,
      `brought a new phone, “${name}”, to “${ssid}”`,
      (home) => home.join(call.body),
    );
    const forPeople = name.trim();
    if (hostname !== forPeople) await nickname(call, mac, (known) => known ?? forPeople);
    return { mac };
  },

  async "DELETE /locations/:location/simulation/clients/:mac"(call) {
    const mac = call.params.mac.toLowerCase();
    const came = simulated(call.api, call.params.location)
      .view()
      .clients.find((client) => client.mac === mac);
    await doing(call, "leave", `client ${mac}`, `sent ${came?.name ?? mac} away`, (home) => home.leave(mac));
    if (came?.joined) await nickname(call, mac, (known) => (known === came.name ? null : known));
    return null;
  },

  async "PUT /locations/:location/simulation/nodes/:node/uplink"(call) {
    const { node } = call.params;
    const { state } = call.body;
    await doing(call, "uplink", `node '${node}': ${state}`, uplinkWords(node, state), (home) =>
      home.setUplink(node, state),
    );
    return null;
  },

  async "PUT /locations/:location/simulation/cloud"(call) {
    const { state } = call.body;
    await doing(call, "cloud", state, cloudWords[state], (home) => home.setCloud(state));
    return null;
  },

  async "POST /locations/:location/simulation/nodes/:node/power"(call) {
    const { node } = call.params;
    const { event } = call.body;
    await doing(call, event, `node '${node}'`, powerWords(node, event), (home) => home.power(node, event));
    return null;
  },

  async "POST /locations/:location/simulation/nodes/:node/radios/:radio/radar"(call) {
    const { node, radio } = call.params;
    const { channel } = call.body;
    await doing(
      call,
      "radar",
      `node '${node}', ${radio}, channel ${channel}`,
      `let ${node} hear radar on channel ${channel}`,
      (home) => home.radar(node, radio, channel),
    );
    return null;
  },

  async "PUT /locations/:location/simulation/nodes/:node/radios/:radio/jam"(call) {
    const { node, radio } = call.params;
    const { channel, airtimePercent } = call.body;
    const target = `node '${node}', ${radio}, channel ${channel}, ${airtimePercent} %`;
    await doing(
      call,
      "jam",
      target,
      `jammed channel ${channel} of ${node} for ${airtimePercent} % of the time`,
      (home) => home.jam(node, radio, { channel, airtimePercent }),
    );
    return null;
  },

  async "DELETE /locations/:location/simulation/nodes/:node/radios/:radio/jam"(call) {
    const { node, radio } = call.params;
    await doing(call, "jam-end", `node '${node}', ${radio}`, `ended the jam of ${node}`, (home) =>
      home.jam(node, radio, null),
    );
    return null;
  },

  async "POST /locations/:location/simulation/nodes/:node/faults"(call) {
    const { node } = call.params;
    const { scenario } = call.body;
    const id = await doing(
      call,
      "fault",
      `node '${node}', ${scenario}`,
      `let a driver of ${node} go wrong (${scenario})`,
      (home) => home.startFault(node, call.body),
    );
    return { id };
  },

  async "DELETE /locations/:location/simulation/nodes/:node/faults/:fault"(call) {
    const { node, fault } = call.params;
    await doing(
      call,
      "fault-clear",
      `node '${node}', fault ${fault}`,
      `mended driver fault ${fault} of ${node}`,
      (home) => home.clearFault(node, fault),
    );
    return null;
  },
};

function simulated({ host }: Api, location: string): SimulatedHome {
  const home = host.simulation?.(location);
  if (home) return home;
  throw new ApiProblem(404, "not-simulated", "this home is not simulated; 'opensync up' runs one that is");
}

type UplinkState = Parameters<SimulatedHome["setUplink"]>[1];

function uplinkWords(node: string, state: UplinkState): string {
  const words: Readonly<Record<UplinkState, string>> = {
    ok: `mended the Internet connection of ${node}`,
    cable: `pulled the cable of ${node}`,
    line: `killed the line of ${node}`,
    internet: `took the Internet away from ${node}`,
  };
  return words[state];
}

const cloudWords = {
  ok: "let the cloud take the nodes' calls again",
  down: "let the cloud refuse all nodes of the home",
} as const;

function powerWords(node: string, event: "reboot" | "power-cut"): string {
  return event === "reboot" ? `rebooted ${node}` : `cut the power of ${node}`;
}

/** What host names cannot say is kept as the name for people. */
async function nickname(
  { api, params, by }: Doing,
  mac: string,
  next: (known: string | undefined) => string | null | undefined,
): Promise<void> {
  const edit = (home: Home) => {
    const known = home.devices?.find((device) => device.mac === mac)?.nickname;
    return next(known) === known ? home : editDevice(home, mac, { nickname: next(known) });
  };
  try {
    await editApplied(api.store, params.location, edit, by, { client: mac, words: `gave ${mac} its name` });
  } catch (error) {
    // Somebody is at work on the document: it is not worth more than that, and the host name does as well.
    if (!(error instanceof StoreRefusal && error.code === "conflict")) throw error;
  }
}

type Doing = Pick<Call<"PUT /locations/:location/simulation/cloud">, "api" | "params" | "by" | "tenant">;

/** Once, whatever the store needs to write it down; what is refused is not written down. */
async function doing<T>(
  { api, params, by, tenant }: Doing,
  what: string,
  target: string,
  /** The rest of a sentence that begins with who did it. */
  words: string,
  act: (home: SimulatedHome) => T,
): Promise<T> {
  const home = simulated(api, params.location);
  let outcome: { readonly result: T } | undefined;
  const { location, node, mac: client }: { location: string; node?: string; mac?: string } = params;
  const deed = { action: `simulation.${what}`, tenant, location, target, about: { words, node, client } };
  return audited(api.store, by, deed, async () => {
    outcome ??= { result: refusing(() => act(home)) };
    return outcome;
  });
}

function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof SimulationRefusal)) throw error;
    const { field, reason } = error;
    const message = `${field.replace(/^(?:body|path)\.?/, "") || "it"} ${reason}`;
    if (field.startsWith("path."))
      throw new ApiProblem(404, "not-found", message, { fields: [{ path: field, reason }] });
    throw new ApiProblem(422, "invalid", message, { fields: [{ path: field, reason }] });
  }
}
