/** Pictures of the locations that are served: of now by what their nodes say, of the past by what is kept of it. */

import type { Home } from "../../home.ts";
import type { Location } from "../../location.ts";
import type { Locations } from "../../locations.ts";
import type { NodeAir } from "../../steering/loop/node-air.ts";
import type { TelemetryQueries } from "../../telemetry/queries/queries.ts";
import { wiredUplinkOf } from "../../wired-uplink.ts";
import { faultView } from "../handlers/views.ts";
import type { Picture } from "../host.ts";
import { namingOf } from "./clients.ts";
import type { NodeAround } from "./links.ts";
import { leftThen, nodesThen, tellingKinds } from "./nodes-then.ts";
import { pastTold } from "./past.ts";
import { type PictureParts, pictureOf } from "./picture.ts";
import { type Present, presentAt } from "./present.ts";
import { radiosNow } from "./radios.ts";

interface Sources {
  readonly queries: TelemetryQueries;
  readonly locations: Pick<Locations, "get">;
  readonly wallTime: () => number;
  /** What a client was called last; undefined: nobody knows. */
  readonly lastName?: ((location: string, mac: string) => string | undefined) | undefined;
}

/** Events that are looked through for what nodes were at a time. */
const lookedThrough = 500;

/** `home`: what held then; `at` in ms since 1970, null: now. */
export async function livePicture(sources: Sources, id: string, home: Home, at: number | null): Promise<Picture> {
  const { queries, locations, wallTime } = sources;
  const now = wallTime();
  const location = locations.get(id);
  const from = await queries.knownFrom(id);
  const known = from === undefined ? null : { from, to: now };
  const present = location && presentAt(queries, location, now);
  const air = present?.air ?? new Map<string, NodeAir>();
  const named = namingOf(air.values());
  const naming = { get: (mac: string) => named.get(mac) ?? sources.lastName?.(id, mac) };
  const common = { home, known, naming };
  if (at === null) return pictureOf({ ...common, ...presentParts(sources, location, present, now) });
  const nodes = home.nodes.map((node) => node.id);
  const kinds = [...tellingKinds];
  const [past, events] = await Promise.all([
    queries.past(id, nodes, at),
    queries.events({ location: id, kinds, to: at + 1, limit: lookedThrough }),
  ]);
  const then = nodesThen(events, (node) => location?.description(node)?.model ?? null);
  const { unknown, ...told } = pastTold(past, at);
  const unheard = nodes.filter((node) => !then.has(node));
  return pictureOf({
    ...{ ...common, ...told, at, nodes: then, left: leftThen(events, then) },
    around: around(air, () => ({ air: null, isWired: null })),
    unknown: [
      ...unknown,
      ...(unheard.length > 0 ? [`whether ${unheard.join(", ")} ${unheard.length > 1 ? "were" : "was"} connected`] : []),
    ],
  });
}

type PresentParts = Omit<PictureParts, "home" | "known" | "naming">;

function presentParts(
  { queries }: Sources,
  location: Location | undefined,
  present: Present | undefined,
  now: number,
): PresentParts {
  const nodes = (location?.nodes ?? []).map(
    ({ id: node, connection, settled, pendingWords: pending, heardAt, silent, ...rest }) => {
      const model = location?.description(node)?.model ?? null;
      const heard = heardAt === null ? null : new Date(heardAt).toISOString();
      const [faults, note] = [rest.faults.map(faultView), rest.note];
      return [node, { model, connection, settled, pending, heardAt: heard, silent, faults, note }] as const;
    },
  );
  const air = present?.air ?? new Map<string, NodeAir>();
  return {
    ...{ at: now, from: "now", stepSeconds: null, nodes: new Map(nodes) },
    around: around(air, (node) => {
      const tables = location?.session(node)?.tables;
      return { air: air.get(node) ?? null, isWired: tables ? wiredUplinkOf(tables) !== undefined : null };
    }),
    clients: present?.clients ?? [],
    radios: nodes.flatMap(([node]) => {
      const tables = location?.session(node)?.tables;
      return tables ? [...radiosNow(node, tables, queries.radiosNow(node))] : [];
    }),
    unknown: location ? [] : ["anything: the location is not served yet"],
  };
}

function around(
  air: ReadonlyMap<string, NodeAir>,
  rest: (node: string) => Omit<NodeAround, "stations">,
): ReadonlyMap<string, NodeAround> {
  return new Map(
    [...air].map(([node, { stations }]) => [node, { stations: stations.map(({ mac }) => mac), ...rest(node) }]),
  );
}
