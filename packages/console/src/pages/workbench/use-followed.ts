import { useEffect, useState } from "react";
import { useNow } from "../../ui/use-now.ts";
import { type Followed, type FollowedRow, followed, settled } from "./follow.ts";
import type { Row } from "./table-view.ts";

/** The rows with marks of what has happened to them, and that in words. */
export function useFollowed(rows: readonly Row[] | null | undefined): {
  readonly rows: readonly FollowedRow[];
  readonly news: string;
} {
  const now = useNow(1_000);
  const [state, setState] = useState<{ readonly of: unknown; readonly result: Followed }>();
  useEffect(() => {
    if (!rows) return;
    setState((before) => (before?.of === rows ? before : { of: rows, result: followed(before?.result, rows, now) }));
  }, [rows, now]);
  if (!state) return { rows: [], news: "" };
  return { rows: settled(state.result.rows, now), news: state.result.news };
}
