import { isDeepStrictEqual } from "node:util";
import { type Mac, mac as macOf } from "@opensync-ts/base/units";
import type { Home } from "../../home.ts";
import { type About, audited } from "../../store/audit.ts";
import { getLocation } from "../../store/locations.ts";
import { appliedVersion } from "../../store/read-versions.ts";
import { editApplied } from "../../store/versions.ts";
import { newPassphrase } from "../access/secrets.ts";
import type { Api, Call, Handlers } from "../api.ts";
import type { deviceRoutes } from "../contract/devices.ts";
import { editDevice, heldUntil, removeOwnPolicy, setOwnPolicy } from "../edits/devices.ts";
import { addKey, type Key, removeKey } from "../edits/keys.ts";
import type { ClientNow, LiveLocation } from "../host.ts";
import { usedKey } from "../keys-used.ts";
import { wrongFields } from "../problems.ts";
import { wholeOf } from "./views.ts";

type Routes = keyof typeof deviceRoutes;
type Edit = Pick<Call<Extract<Routes, `${string}:mac` | `${string}/keys`>>, "api" | "by"> & {
  readonly params: { readonly location: string };
};

export const deviceHandlers: Handlers<Routes> = {
  async "GET /locations/:location/devices"({ api, params }) {
    const home = (await documentOf(api, params.location)) ?? undefined;
    const { telemetry } = api.host;
    const location = api.host.locations.get(params.location);
    location?.look();
    const clients = (await telemetry?.clientsNow(params.location)) ?? [];
    const now = api.clock.wallTime();
    const named = new Map((home?.devices ?? []).map((device) => [device.mac as string, device]));
    const here = new Map(clients.map((client) => [client.mac, client]));
    const gateway = home?.nodes.find(({ role }) => role === "gateway")?.id ?? null;
    const tablesOf = (node: string | null) => (node === null ? undefined : location?.session(node)?.tables);
    const present = (client: ClientNow) => ({
      ...client,
      key: usedKey(home, client.ssid, client.key, {
        mac: macOf(client.mac),
        node: tablesOf(client.node),
        gateway: client.node === gateway ? null : tablesOf(gateway),
      }),
    });
    const items = [...new Set([...named.keys(), ...here.keys()])].map((mac) => {
      const device = named.get(mac);
      const frozen = home ? heldUntil(home, "freeze", macOf(mac), now) : null;
      const band = home ? heldUntil(home, "band", macOf(mac), now) : null;
      const client = here.get(mac) ?? null;
      const on = client?.node ?? null;
      const told = (kind: "freeze" | "band", node: string | null) =>
        location !== undefined && isTold(location, kind, macOf(mac), node, now);
      const isEnding = (kind: "freeze" | "band", node: string | null) =>
        location !== undefined && isHeldStill(location, kind, macOf(mac), node, now);
      return {
        mac,
        name: device?.nickname ?? client?.hostname ?? telemetry?.lastName(params.location, mac) ?? mac,
        nickname: device?.nickname ?? null,
        profile: device?.profile ?? null,
        shared: device?.shared ?? false,
        frozen: frozen && { until: frozen.until, told: told("freeze", gateway) },
        band:
          band?.action.kind === "band"
            ? {
                ...{ prefer: band.action.prefer, only: band.action.only, until: band.until },
                told: told("band", on),
              }
            : null,
        ending: [
          ...(!frozen && isEnding("freeze", gateway) ? (["frozen"] as const) : []),
          ...(!band && isEnding("band", on) ? (["band"] as const) : []),
        ],
        now: client && present(client),
      };
    });
    return wholeOf(items);
  },

  async "PUT /locations/:location/devices/:mac"(call) {
    return { version: await edit(call, (home) => editDevice(home, call.params.mac, call.body)) };
  },

  async "PUT /locations/:location/devices/:mac/freeze"(call) {
    const { api, params, body } = call;
    if (body.until !== null) checkToCome(api, "body.until", body.until);
    const policy = { action: { kind: "freeze" }, until: body.until } as const;
    const change = (home: Home) => setOwnPolicy(home, "freeze", params.mac, policy, api.clock.wallTime());
    const until = body.until === null ? "for good" : `until ${body.until}`;
    const words = `took the Internet from ${params.mac} ${until}`;
    return { version: await edit(call, change, aboutDevice(params.mac, words, { freeze: true, until: body.until })) };
  },

  async "DELETE /locations/:location/devices/:mac/freeze"(call) {
    const { api, params } = call;
    const about = aboutDevice(params.mac, `let ${params.mac} use the Internet again`, { freeze: false });
    const change = (home: Home) => removeOwnPolicy(home, "freeze", params.mac, api.clock.wallTime());
    return { version: await edit(call, change, about) };
  },

  async "PUT /locations/:location/devices/:mac/band"(call) {
    const { api, params, body } = call;
    const now = api.clock.wallTime();
    const until = new Date(now + body.minutes * 60_000).toISOString();
    const policy = { action: { kind: "band", prefer: body.band, only: true }, until } as const;
    const words = `asked for ${body.band.replace("G", " GHz")} only for ${params.mac} until ${until}`;
    const about = aboutDevice(params.mac, words, { band: body.band, until });
    return { version: await edit(call, (home) => setOwnPolicy(home, "band", params.mac, policy, now), about), until };
  },

  async "DELETE /locations/:location/devices/:mac/band"(call) {
    const { api, params } = call;
    const about = aboutDevice(params.mac, `let ${params.mac} use all bands again`, { band: null });
    const change = (home: Home) => removeOwnPolicy(home, "band", params.mac, api.clock.wallTime());
    return { version: await edit(call, change, about) };
  },

  async "GET /locations/:location/keys"({ api, params }) {
    const home = await documentOf(api, params.location);
    const networks = home?.networks ?? [];
    return wholeOf(networks.flatMap(({ ssid, security }) => security.keys.map((key) => keyView(ssid, key))));
  },

  async "POST /locations/:location/keys"(call) {
    const { api, params, body, by, tenant } = call;
    const { ssid, psk = newPassphrase(), ...rest } = body;
    if (rest.expires !== undefined) checkToCome(api, "body.expires", rest.expires);
    const key = { ...rest, psk };
    let id = "";
    const version = await edit(call, (home) => {
      const added = addKey(home, ssid, key);
      id = added.id;
      return added.home;
    });
    // The trail says that the passphrase has been shown.
    const deed = { action: "key.reveal", tenant, location: params.location, target: `key '${id}' of '${ssid}'` };
    await audited(api.store, by, deed, async () => ({ result: undefined }));
    return { ...keyView(ssid, { ...key, id }), psk, version };
  },

  async "DELETE /locations/:location/networks/:ssid/keys/:key"(call) {
    const { ssid, key } = call.params;
    return { version: await edit(call, (home) => removeKey(home, ssid, key)) };
  },
};

/** Whether a node (null: each) has been given what is held of a device now. */
function isTold(location: LiveLocation, kind: "freeze" | "band", mac: Mac, node: string | null, now: number): boolean {
  const wanted = heldUntil(location.home, kind, mac, now);
  return nodesOf(location, node).every((id) => {
    const given = location.given(id);
    return given !== undefined && isDeepStrictEqual(heldUntil(given, kind, mac, now), wanted);
  });
}

/** Whether a node (null: one of them) was given last that it is held. */
function isHeldStill(
  location: LiveLocation,
  kind: "freeze" | "band",
  mac: Mac,
  node: string | null,
  now: number,
): boolean {
  return nodesOf(location, node).some((id) => {
    const given = location.given(id);
    return given !== undefined && heldUntil(given, kind, mac, now) !== null;
  });
}

function nodesOf({ home }: LiveLocation, node: string | null): readonly string[] {
  return node === null ? home.nodes.map(({ id }) => id) : [node];
}

/** Number of the version that holds then. */
async function edit({ api, params, by }: Edit, change: (home: Home) => unknown, about?: About): Promise<number> {
  return (await editApplied(api.store, params.location, change, by, about)).version.number;
}

function aboutDevice(client: string, words: string, facts: About["facts"]): About {
  return { client, words, facts };
}

/** Undefined: no version holds yet. */
async function documentOf(api: Api, location: string): Promise<Home | undefined> {
  await getLocation(api.store, location);
  return (await appliedVersion(api.store, location))?.document;
}

function checkToCome(api: Api, path: string, instant: string): void {
  if (Date.parse(instant) > api.clock.wallTime()) return;
  throw wrongFields([{ path, reason: "is over already; give a time that is still to come" }]);
}

function keyView(ssid: string, { id, label, zone, expires }: Omit<Key, "psk">) {
  return { ssid, key: id, label: label ?? null, zone: zone ?? null, expires: expires ?? null };
}
