/** A table of a node, read again and again; what has not changed is not sent. */

import { valueOrThrow } from "@opensync-ts/cloud-client/errors";
import { useQuery } from "@tanstack/react-query";
import { keyOf, queries } from "../../api/ask.ts";
import { cloud } from "../../api/cloud.ts";
import type { TableAnswer } from "./table-view.ts";

const name = "GET /locations/:location/nodes/:node/tables/:table";

export interface TableParams {
  readonly location: string;
  readonly node: string;
  readonly table: string;
}

/** `everyMs` undefined: only when it is asked for. */
export function useTable(params: TableParams, everyMs: number | undefined) {
  const queryKey = keyOf(name, { params });
  return useQuery<TableAnswer>({
    queryKey,
    enabled: params.table !== "",
    refetchInterval: everyMs ?? false,
    retry: false,
    queryFn: async ({ signal }) => {
      const before = queries.getQueryData<TableAnswer>(queryKey);
      const query = before ? { seen: before.revision } : {};
      const answer = valueOrThrow(await cloud.request(name, { params, query }, { signal }));
      return answer.rows === null && before ? before : answer;
    },
  });
}
