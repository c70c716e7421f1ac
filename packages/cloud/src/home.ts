/**
 * A home file (`homes/*.json`): what its owner wants of one location. It states intent only. What it leaves out is
 * left to the nodes, and to whoever else writes their databases.
 */

import { readFile } from "node:fs/promises";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { z } from "zod";
import { findJsonFault } from "./json-position.ts";
import * as limits from "./limits.ts";
import { checkAddresses } from "./model/addresses.ts";
import { device } from "./model/devices.ts";
import { checkForwards, forward } from "./model/forwards.ts";
import { instant } from "./model/instant.ts";
import { lan } from "./model/lan.ts";
import { checkParents } from "./model/parents.ts";
import { checkScopes, policy } from "./model/policies.ts";
import { isTimeZone } from "./model/time-zone.ts";
import { unique } from "./model/unique.ts";
import { wanWay } from "./model/wan.ts";
import { zone } from "./model/zones.ts";
import { backhaul, checkBackhaul, node, nodeId } from "./nodes-section.ts";
import { channelProblem } from "./radio-bands.ts";
import { statsSection } from "./stats-section.ts";
import { mac, psk, ssid } from "./wifi-fields.ts";
import { problemsOf } from "./zod-problems.ts";

/** Passphrase or 256-bit key of a network, and the name OWM gives an id to (`key` is 0, `key-N` is N). */
const key = z.strictObject({
  id: z
    .string()
    .regex(
      /^key(-[1-9]\d?)?$/,
      "is not a key id; name the first key 'key' and others 'key-1' to 'key-99': nodes report clients by it",
    ),
  /** For people: whose key it is. */
  label: z.string().min(1).max(64).optional(),
  psk,
  /** What its holders may reach; left out: as the node has it, which is everything. */
  zone: zone.optional(),
  /** From then on nobody gets in with it. */
  expires: instant.optional(),
});

const security = z
  .strictObject({
    mode: z.enum(["wpa2", "wpa2-wpa3", "wpa3"]),
    keys: z.array(key).min(1, "is empty; give at least one key").max(limits.keysPerNetwork),
  })
  .superRefine((value, context) => {
    unique(context, value.keys, "keys", (entry) => entry.id, "id");
    unique(context, value.keys, "keys", (entry) => entry.psk, "psk");
    if (value.mode !== "wpa2" && saeKeys(value.keys).some(({ psk }) => /^[0-9a-f]{64}$/i.test(psk))) {
      const message =
        "has a raw key first, but SAE (WPA3) needs a passphrase; give key 'key' (and what takes its place when it expires) a passphrase, or use mode 'wpa2'";
      context.addIssue({ code: "custom", path: ["keys"], message });
    }
    if (value.mode === "wpa3" && value.keys.length > 1) {
      const message = "has several keys, but SAE (WPA3) knows one; keep one, or use mode 'wpa2-wpa3'";
      context.addIssue({ code: "custom", path: ["keys"], message });
    }
  });

const band = z.enum(["2.4G", "5G", "6G"]);

const network = z
  .strictObject({
    ssid,
    security,
    /** Left out: every band of the node that this security is allowed on. */
    bands: z.array(band).min(1, "is empty; name a band, or leave it out for all").optional(),
    enabled: z.boolean().default(true),
    /** Leave the SSID out of beacons. */
    hidden: z.boolean().default(false),
    /** Clients of one access point do not reach each other through it. */
    isolate: z.boolean().default(false),
    bridge: z.string().min(1).max(15).default("br-home"),
    acl: z
      .strictObject({
        policy: z.enum(["none", "allow", "deny"]),
        macs: z.array(mac).max(limits.aclEntries).default([]),
      })
      .optional(),
  })
  .superRefine((value, context) => {
    if (value.bands) unique(context, value.bands, "bands", (entry) => entry, "band");
    if (value.security.mode === "wpa2" && value.bands?.includes("6G")) {
      const message = "6 GHz allows WPA3 only; leave 6G out, or use mode 'wpa2-wpa3' or 'wpa3'";
      context.addIssue({ code: "custom", path: ["bands"], message });
    }
  });

/** What the owner wants of radios. Without `node` it holds for every node; an opinion with `node` goes before one without. */
const radio = z
  .strictObject({
    node: nodeId.optional(),
    band: z.enum(["2.4G", "5G", "5GL", "5GU", "6G"]),
    enabled: z.boolean().optional(),
    channel: z.int().optional(),
    /** MHz. */
    width: z.literal([20, 40, 80, 160, 320]).optional(),
    /** Antenna chains to send with. */
    chains: z.int().min(1, "is below 1; leave it out for all").max(16, "is above 16").optional(),
    /** dBm. */
    power: z.int().min(1, "is below 1 dBm; give 1 to 36").max(36, "is above 36 dBm; give 1 to 36").optional(),
  })
  .superRefine((value, context) => {
    if (value.channel === undefined) return;
    if (value.width === undefined) {
      const message = "is missing; a radio takes a channel only together with its width (20, 40, 80, 160 or 320)";
      context.addIssue({ code: "custom", path: ["width"], message });
    }
    const problem = channelProblem(value.band, value.channel, value.width ?? 20);
    if (problem) context.addIssue({ code: "custom", path: ["channel"], message: problem });
  });

export const homeSchema = z
  .strictObject({
    name: z.string().min(1).max(128),
    /** In which its nights are; left out: UTC. */
    timeZone: z.string().max(64).refine(isTimeZone, "is not a time zone; write it as Europe/Ljubljana").optional(),
    nodes: z.array(node).max(limits.nodesPerHome),
    networks: z.array(network).max(limits.networksPerHome).default([]),
    radios: z.array(radio).max(limits.radioOpinionsPerHome).default([]),
    /** The gateway's LAN. */
    lan: lan.optional(),
    /** Other local networks of the gateway, each on a bridge of its own. */
    bridges: z.array(lan).max(limits.bridgesPerHome).default([]),
    /** In the order in which the gateway tries them; all there are. Left out: as it is. */
    wan: z.array(wanWay).min(1, "is empty; leave it out for what the gateway has").max(limits.wanWays).optional(),
    /** All there are. Left out: as it is. */
    forwards: z.array(forward).max(limits.forwardsPerHome).optional(),
    /** Those the owner has something to say of; nicknames are all there are. Left out: as it is. */
    devices: z.array(device).max(limits.devicesPerHome).optional(),
    /** All there are. Left out: as it is. */
    policies: z.array(policy).max(limits.policiesPerHome).optional(),
    /** Left out: as it is. */
    backhaul: backhaul.optional(),
    /** The gateway keeps what it needs to serve the home after a reboot without Internet. Left out: as it is. */
    cloudless: z.boolean().optional(),
    stats: statsSection.optional(),
    /** Places, walls and clients of a simulated home: read by `opensync up`, of no concern to the cloud. */
    simulation: z.unknown().optional(),
  })
  .superRefine((home, context) => {
    unique(context, home.nodes, "nodes", (entry) => entry.id, "id");
    unique(context, home.nodes, "nodes", (entry) => entry.serialNumber, "serialNumber");
    unique(context, home.devices ?? [], "devices", (entry) => entry.mac, "mac");
    unique(context, home.policies ?? [], "policies", (entry) => entry.id, "id");
    checkBackhaul(home, context);
    checkParents(home.nodes, context);
    checkForwards(home.forwards ?? [], context);
    checkAddresses(home, context);
    checkScopes(home, context);
    home.radios.forEach((entry, index) => {
      if (entry.node === undefined || home.nodes.some(({ id }) => id === entry.node)) return;
      const message = `names a node that is not in 'nodes'; known: ${home.nodes.map(({ id }) => id).join(", ") || "none"}`;
      context.addIssue({ code: "custom", path: ["radios", index, "node"], message });
    });
    unique(context, home.radios, "radios", (entry) => `${entry.node ?? "every node"}, ${entry.band}`, "band");
    oneNetworkPerBand(home.networks, context);
  });

export type Home = z.output<typeof homeSchema>;
export type HomeNode = Home["nodes"][number];
export type Network = Home["networks"][number];
export type RadioOpinion = Home["radios"][number];
export type Band = z.output<typeof band>;

export const allBands: readonly Band[] = band.options;

/** The bands a network is wanted on: those it names, or all that its security is allowed on. */
export function bandsOf(network: Pick<Network, "bands" | "security">): readonly Band[] {
  return network.bands ?? allBands.filter((entry) => entry !== "6G" || network.security.mode !== "wpa2");
}

/** The one key that SAE can use: OWM takes the one with the lowest id. */
export function saeKey<K extends { readonly id: string }>(keys: readonly K[]): K | undefined {
  return byNumber(keys)[0];
}

/** The keys that SAE uses one after the other, as they expire. */
function saeKeys<K extends { readonly id: string; readonly expires?: string | undefined }>(keys: readonly K[]): K[] {
  const ordered = byNumber(keys);
  const lasting = ordered.findIndex(({ expires }) => expires === undefined);
  return lasting < 0 ? ordered : ordered.slice(0, lasting + 1);
}

/** Keys as OWM counts them. */
export function byNumber<K extends { readonly id: string }>(keys: readonly K[]): K[] {
  const number = ({ id }: K) => Number(id.slice("key-".length));
  return keys.toSorted((a, b) => number(a) - number(b));
}

/** Throws a `UserError` of one line per problem: file, path inside it, what is wrong, what to write instead. */
export function parseHome(text: string, file: string): Home {
  const fault = findJsonFault(text);
  if (fault) {
    throw new UserError(`${file}: line ${fault.line}, column ${fault.column}: not JSON; expected ${fault.expected}`);
  }
  const home = checkHome(JSON.parse(text), file);
  // A location's document may be there before its first node is claimed; a file of nothing is a mistake.
  if (home.nodes.length === 0) throw new UserError(`${file}: nodes: is empty; give at least one node`);
  return home;
}

/** As `parseHome`, of what is JSON already; `source` stands where the file's name would. */
export function checkHome(value: unknown, source: string): Home {
  const result = homeSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = problemsOf(result.error).map(({ path, reason }) => `${source}: ${path || "the file"}: ${reason}`);
  const listed = problems.slice(0, limits.listedProblems);
  if (problems.length > listed.length) listed.push(`${source}: and ${problems.length - listed.length} problems more`);
  throw new UserError(listed.join("\n"));
}

/** Reads and checks a home file; throws a `UserError`. */
export async function readHome(file: string): Promise<Home> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new UserError(`${file}: cannot be read (${messageOf(error)}); name an existing home file`);
  }
  if (bytes.length > limits.homeFileBytes) {
    throw new UserError(`${file}: larger than ${limits.homeFileBytes} bytes; is this a home file?`);
  }
  return parseHome(bytes.toString("utf8"), file);
}

/** Every node has one home access point per band, so two networks cannot share a band. */
function oneNetworkPerBand(networks: readonly Network[], context: z.core.$RefinementCtx): void {
  const holder = new Map<Band, number>();
  networks.forEach((entry, index) => {
    for (const wanted of bandsOf(entry)) {
      const first = holder.get(wanted);
      if (first === undefined) holder.set(wanted, index);
      else {
        const message = `networks[${first}] is on ${wanted} already, and a node has one home access point per band; name other 'bands', or give networks[${first}] another key`;
        context.addIssue({ code: "custom", path: ["networks", index, "bands"], message });
      }
    }
  });
}
