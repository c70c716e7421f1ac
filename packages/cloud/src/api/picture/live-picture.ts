/** Pictures of the locations that are served: of now by what their nodes say, of the past by what is kept of it. */

import type { Home } from "../../home.ts";
import type { Location } from "../../location.ts";
import type { Locations } from "../../locations.ts";
import { type NodeAir, nodeAir } from "../../steering/loop/node-air.ts";
import type { TelemetryQueries } from "../../telemetry/queries/queries.ts";
import { wiredUplinkOf } from "../../uplink-rows.ts";
import type { Picture } from "../host.ts";
import { namingOf, presentClients } from "./clients.ts";
import type { NodeAround } from "./links.ts";
import { nodesThen, tellingKinds } from "./nodes-then.ts";
import { pastTold } from "./past.ts";
import { type PictureParts, pictureOf } from "./picture.ts";
import { radiosNow } from "./radios.ts";

interface Sources {
  readonly queries: TelemetryQueries;
  readonly locations: Pick<Locations, "get">;
  readonly wallTime: () => number;
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
  const air = airOf(location);
  const common = { home, known, naming: namingOf(air.values()) };
  if (at === null) return pictureOf({ ...common, ...presentParts(sources, id, location, air, now) });
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
    ...{ ...common, ...told, at, nodes: then },
    around: around(air, () => ({ air: null, isWired: null })),
    unknown: [
      ...unknown,
      ...(unheard.length > 0 ? [`whether ${unheard.join(", ")} ${unheard.length > 1 ? "were" : "was"} connected`] : []),
    ],
  });
}

type Present = Omit<PictureParts, "home" | "known" | "naming">;

function presentParts(
  { queries }: Sources,
  id: string,
  location: Location | undefined,
  air: ReadonlyMap<string, NodeAir>,
  now: number,
): Present {
  const measured = queries.clientsNow(id);
  const nodes = (location?.nodes ?? []).map(({ id: node, connection, settled, pending }) => {
    const model = location?.description(node)?.model ?? null;
    return [node, { model, connection, settled, pending }] as const;
  });
  return {
    ...{ at: now, from: "now", stepSeconds: null, nodes: new Map(nodes) },
    around: around(air, (node) => {
      const tables = location?.session(node)?.tables;
      return { air: air.get(node) ?? null, isWired: tables ? wiredUplinkOf(tables) !== undefined : null };
    }),
    clients: presentClients(air, measured, (mac) => queries.since(id, mac) ?? null),
    radios: nodes.flatMap(([node]) => {
      const tables = location?.session(node)?.tables;
      return tables ? [...radiosNow(node, tables, queries.radiosNow(node))] : [];
    }),
    unknown: location ? [] : ["anything: the location is not served yet"],
  };
}

/** Of the nodes that are connected now. */
function airOf(location: Location | undefined): ReadonlyMap<string, NodeAir> {
  const found = new Map<string, NodeAir>();
  for (const { id } of location?.nodes ?? []) {
    const tables = location?.session(id)?.tables;
    if (tables) found.set(id, nodeAir(tables));
  }
  return found;
}

function around(
  air: ReadonlyMap<string, NodeAir>,
  rest: (node: string) => Omit<NodeAround, "stations">,
): ReadonlyMap<string, NodeAround> {
  return new Map(
    [...air].map(([node, { stations }]) => [node, { stations: stations.map(({ mac }) => mac), ...rest(node) }]),
  );
}
