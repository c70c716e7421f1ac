import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { type CloudError, valueOrThrow } from "@opensync-ts/cloud-client/errors";
import { useQuery } from "@tanstack/react-query";
import { keyOf, queries } from "../../api/ask.ts";
import { cloud } from "../../api/cloud.ts";
import { joined, questionAfter, type Tail } from "./tail.ts";

type Route = "GET /locations/:location/nodes/:node/messages" | "GET /locations/:location/nodes/:node/reports";
export type Entry<N extends Route> = AnswerTo<N>["items"][number];

const everyMs = 2_000;

/** Asks for what is new, again and again; that is also what keeps the cloud keeping it. */
export function useTail<N extends Route>(name: N, params: { location: string; node: string }, isFollowing: boolean) {
  const queryKey = keyOf(name, { params } as never);
  return useQuery<Tail<Entry<N>>, CloudError>({
    queryKey,
    refetchInterval: isFollowing ? everyMs : false,
    refetchOnWindowFocus: isFollowing,
    structuralSharing: false,
    retry: false,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const before = queries.getQueryData<Tail<Entry<N>>>(queryKey);
      const call = { params, query: questionAfter(before) };
      const answer = valueOrThrow(await cloud.request(name, call as never, { signal }));
      return joined<Entry<N>>(before, answer as never);
    },
  });
}
