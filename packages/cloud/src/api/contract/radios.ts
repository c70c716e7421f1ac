/** The radios of a node: what is asked of them, what they do, and what they hear. */

import { z } from "zod";
import { when } from "./fields.ts";
import { radioFault, rowStatus } from "./nodes.ts";
import { routes } from "./route.ts";

const percent = z.number().nullable();

/** As the node's own schema names it; values as text, secrets as their number only. */
const column = z.object({
  column: z.string(),
  /** Config: what the node is told; null: nothing is. */
  intended: z.string().nullable(),
  /** State: what it does; null: it does not say. */
  actual: z.string().nullable(),
  /** `unstated`: the node decides. */
  agrees: z.enum(["yes", "no", "unstated"]),
  /** Why it decides, though something is intended; null: for no such reason. */
  why: z.string().nullable(),
});

const heard = z.object({
  channel: z.int(),
  /** Percent of the time that was listened: by anybody; sent by the radio itself; received; of that, of its own networks. */
  busyPercent: percent,
  txPercent: percent,
  rxPercent: percent,
  selfPercent: percent,
  noiseDbm: z.number().nullable(),
  heardAt: when,
});

const channel = z.object({
  channel: z.int(),
  /** The radio may use it at all. */
  allowed: z.boolean(),
  /** It has to listen for radar before. */
  needsRadarCheck: z.boolean(),
  /**
   * `Wifi_Radio_State.channels`: `allowed`, `nop_finished` (may be listened for radar), `cac_started` (being listened), `cac_completed` (free of
   * radar), `nop_started` (radar was heard: closed for now); null: the radio does not say.
   */
  state: z.string().nullable(),
  /** What was heard there last; null: nothing. */
  heard: heard.nullable(),
});

const accessPoint = z.object({
  ifName: z.string(),
  mode: z.string().nullable(),
  ssid: z.string().nullable(),
  bssid: z.string().nullable(),
  enabled: z.boolean().nullable(),
  clients: z.int(),
  columns: z.array(column),
  rows: z.array(rowStatus),
});

const neighbor = z.object({
  bssid: z.string(),
  ssid: z.string(),
  channel: z.int(),
  snrDb: z.number().nullable(),
  heardAt: when,
  /** The node of this location whose it is; null: somebody else's. */
  own: z.string().nullable(),
});

const radio = z.object({
  ifName: z.string(),
  band: z.string(),
  enabled: z.boolean().nullable(),
  channel: z.int().nullable(),
  /** MHz. */
  width: z.int().nullable(),
  /** The 20 MHz channels that it takes up; more than one way of that: those of the first. */
  covers: z.array(z.int()),
  /** Hardware mode: `11ax`. */
  hwMode: z.string().nullable(),
  txPowerDbm: z.number().nullable(),
  celsius: z.number().nullable(),
  /** When and where radar was heard last, as the node says. */
  radar: z.record(z.string(), z.string()),
  /** What it can do at most; null: not known. */
  limits: z.object({
    width: z.int().nullable(),
    chains: z.int().nullable(),
    acl: z.int().nullable(),
    keys: z.int().nullable(),
    accessPoints: z.int().nullable(),
  }),
  /** The channel in operation; null: it has not reported lately. */
  air: heard.nullable(),
  channels: z.array(channel),
  columns: z.array(column),
  /** What the document states of it, and what has become of that. */
  rows: z.array(rowStatus),
  /** In what the document does not state of it, it is not as it was told; null: it is. */
  fault: radioFault.nullable(),
  interfaces: z.array(accessPoint),
  neighbors: z.array(neighbor),
});

export const nodeRadios = z.object({
  node: z.string(),
  /** Null: its tables are not known, as it is not connected; then there are no radios. */
  asOf: when.nullable(),
  radios: z.array(radio),
});

export const radioRoutes = routes({
  "GET /locations/:location/nodes/:node/radios": {
    summary: "The radios of a node: what is asked of them, what they do, what they hear",
    needs: "viewer of location",
    answer: nodeRadios,
    errors: [404],
  },
});
