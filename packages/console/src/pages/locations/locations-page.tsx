import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { useTyped } from "../../ui/use-typed.ts";
import { LocationsTable } from "./locations-table.tsx";

/** So many more at a time, and so many at most: who has more searches. */
const atOnce = 100;
const most = 500;

/** All locations that one may see, those that need attention first; where it is one, that one. */
export function LocationsPage() {
  const [typed, setTyped] = useState("");
  const [limit, setLimit] = useState(atOnce);
  const find = useTyped(typed.trim());
  const search = find === "" ? {} : { find };
  const { data, error, isPending } = useAsk("GET /locations", { query: { limit, ...search } }, { keepLast: true });
  const attention = useAsk(
    "GET /locations",
    { query: { attention: true, limit: atOnce, ...search } },
    { keepLast: true },
  );
  const items = data?.items ?? [];
  const [only] = items;
  const isShort = data !== undefined && data.next === null;
  if (find === "" && isShort && items.length === 1 && only)
    return <Navigate to="/l/$location" params={{ location: only.id }} replace />;
  const worrying = attention.data?.items ?? [];
  return (
    <main id="page" tabIndex={-1}>
      <h1>Locations</h1>
      <Failure error={error ?? attention.error} />
      {find === "" && isShort && items.length === 0 && (
        <p className="empty">There is no location yet. A home file, or the API, makes one.</p>
      )}
      {(items.length > 0 || typed !== "") && (
        <div className="list-tools">
          <SearchField className="search" value={typed} onChange={setTyped}>
            <Label>Search by name, or by the serial number of a node</Label>
            <Input className="input" dir="auto" maxLength={128} />
          </SearchField>
          <p className="soft" role="status">
            {isPending ? "Loading …" : `${items.length}${isShort ? "" : " or more"}${find === "" ? "" : " found"}`}
          </p>
        </div>
      )}
      {worrying.length > 0 && (
        <section aria-label="Need attention">
          <h2>
            Need attention ({worrying.length}
            {attention.data?.next === null ? "" : " or more"})
          </h2>
          <Scroll label="Locations that need attention">
            <LocationsTable label="Locations that need attention" items={worrying} />
          </Scroll>
        </section>
      )}
      {items.length > 0 && (
        <section aria-label="All">
          <h2>{find === "" ? "All, by name" : "Found"}</h2>
          <Scroll label="Locations">
            <LocationsTable label="Locations" items={items} />
          </Scroll>
        </section>
      )}
      {find !== "" && isShort && items.length === 0 && (
        <p className="empty">No location found. Try a part of its name, or of what is on the label of a node.</p>
      )}
      {!isShort && items.length > 0 && limit < most && (
        <p>
          <Button className="button" onPress={() => setLimit(Math.min(limit + atOnce, most))}>
            Show more
          </Button>
        </p>
      )}
      {!isShort && items.length > 0 && limit >= most && (
        <p className="hint">There are more than {most}. Search finds them all.</p>
      )}
    </main>
  );
}
