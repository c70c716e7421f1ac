import { useAsk } from "../api/ask.ts";
import { homeReach, nodeReach, type Reach } from "./reach.ts";

/** Who asks is told the sooner that somebody does not answer. */
const lookMs = 5_000;
const here: Reach = { kind: "here" };

export function useHomeReach(location: string | undefined): Reach {
  const { data } = useNodes(location);
  return data ? homeReach(data.items) : here;
}

/** Of a node that the home has not, it is `here`: nothing can be said. */
export function useNodeReach(location: string, node: string | null | undefined): Reach {
  const { data } = useNodes(location);
  const found = data?.items.find(({ id }) => id === node);
  return found ? nodeReach(found) : here;
}

/** Whether the cloud refuses the home's nodes on purpose, as only a simulated home is made to. `isAsked`: nothing is asked otherwise. */
export function useTakenDown(location: string, isAsked: boolean): boolean {
  const params = { location };
  const { data: place } = useAsk("GET /locations/:location", { params }, { enabled: isAsked });
  const { data } = useAsk(
    "GET /locations/:location/simulation",
    { params },
    { enabled: isAsked && place?.simulated === true, everyMs: lookMs },
  );
  return isAsked && data?.cloud === "down";
}

function useNodes(location: string | undefined) {
  return useAsk(
    "GET /locations/:location/nodes",
    { params: { location: location ?? "" } },
    { enabled: location !== undefined, everyMs: lookMs },
  );
}
