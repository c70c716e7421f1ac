/** What pages ask the cloud, and change there: every route of its API, with its types, kept and renewed by TanStack Query. */

import type { AnswerTo, CallOf } from "@opensync-ts/cloud/api/contract/contract";
import { CloudError, valueOrThrow } from "@opensync-ts/cloud-client/errors";
import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { cloud } from "./cloud.ts";
import { affectedBy } from "./news.ts";
import { Once } from "./once.ts";
import { renewal } from "./renewal.ts";
import type { Change, Question } from "./routes.ts";

const session = "GET /session" satisfies Question;

/**
 * A session may end at any time: the page that is shown leads to the sign-in then. What the cloud has told one question is true of all; who
 * asks on, unknown, is soon told nothing but to wait.
 */
export function endSession(error: unknown): void {
  if (!isUnknown(error)) return;
  const known = queries.getQueryCache().find({ queryKey: keyOf(session, {}) });
  known?.setState({ status: "error", error: error as CloudError });
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, asked) => {
      // What was asked by a session before this one is kept no more, and says nothing of it.
      const isOfNow = queries.getQueryCache().get(asked.queryHash) === asked;
      if (isOfNow && asked.queryKey[0] !== session) endSession(error);
    },
  }),
  mutationCache: new MutationCache({
    // A sign-in with a wrong password is refused alike.
    onError: (error) => {
      if (isUnknown(error)) void queries.invalidateQueries({ queryKey: [session] });
    },
  }),
  defaultOptions: {
    // Where the browser has no network it is tried all the same: the cloud may be this machine's, and a change that waited for a network
    // would be made at a time when nobody expects it any more.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      // Events tell when something is another; until then it is as it was read.
      staleTime: 30_000,
      gcTime: 300_000,
      retry: (failures, error) => failures < 3 && (!(error instanceof CloudError) || isPassing(error.failure.status)),
      refetchOnWindowFocus: true,
    },
  },
});

function isPassing(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** Whether the cloud does not know who asks. */
export function isUnknown(error: unknown): boolean {
  return error instanceof CloudError && error.failure.status === 401;
}

/** The key of a question: its route and with what it is asked. */
export function keyOf<N extends Question>(name: N, call?: CallOf<N>): readonly [N, unknown] {
  return [name, call ?? null];
}

export function question<N extends Question>(name: N, call: CallOf<N>) {
  return queryOptions<AnswerTo<N>, CloudError>({
    queryKey: keyOf(name, call),
    queryFn: async ({ signal }) => valueOrThrow(await cloud.request(name, call as never, { signal })),
  });
}

export interface AskOptions {
  /** False: not now. */
  readonly enabled?: boolean;
  /** Asked again after so long, ms, and when a page opens, whatever events say. */
  readonly everyMs?: number;
  /** The last answer is shown while the next one, to another question, is on its way. */
  readonly keepLast?: boolean;
}

/** `useAsk("GET /locations/:location/nodes", { params: { location } })`. Errors are `CloudError`s. */
export function useAsk<N extends Question>(name: N, call: CallOf<N>, options: AskOptions = {}) {
  const { enabled = true, everyMs, keepLast = false } = options;
  return useQuery({
    ...question(name, call),
    enabled,
    ...renewal(everyMs),
    ...(keepLast ? { placeholderData: keepPreviousData } : {}),
  });
}

const once = new Once();

/** What depends on the change is read anew once it is done. */
export function useChange<N extends Change>(name: N) {
  const client = useQueryClient();
  return useMutation<AnswerTo<N>, CloudError, CallOf<N>>({
    mutationFn: (call) => once.do(name, call, async () => valueOrThrow(await cloud.request(name, call as never))),
    onSettled: () => {
      for (const route of affectedBy("change")) void client.invalidateQueries({ queryKey: [route] });
    },
  });
}
