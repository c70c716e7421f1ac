/** All clients of the home: those that are here, and those that the document names and are away. */

import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { clock } from "../../clock.ts";
import { Failure } from "../../ui/failure.tsx";
import { keyName, zoneText } from "../../ui/keys.ts";
import { ClientLink, HomeLink, NodeLink } from "../../ui/page-link.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { durationText, momentText } from "../../ui/time.ts";
import { useAt } from "../../ui/use-at.ts";
import { bandText, dbText, mbpsText } from "../../ui/words.ts";
import { type Column, lineOf, type Order, search, sorted } from "./client-list.ts";
import "./clients.css";

/** Who joins and leaves is seen at once; events tell of it later. */
const liveMs = 2_000;

const heads: readonly (readonly [Column, string])[] = [
  ["name", "Name"],
  ["node", "On"],
  ["key", "Joined with"],
  ["band", "Band"],
  ["snr", "Signal"],
  ["mbps", "Traffic, both ways"],
  ["since", "Here for"],
];

export function ClientsPage() {
  const { location = "" } = useParams({ strict: false });
  const { at } = useAt();
  const { data, error, isPending } = useAsk(
    "GET /locations/:location/devices",
    { params: { location } },
    { everyMs: liveMs },
  );
  const [typed, setTyped] = useState("");
  const [order, setOrder] = useState<Order>({ column: "name", isDown: false });
  const all = useMemo(() => (data?.items ?? []).map(lineOf), [data]);
  const shown = useMemo(() => sorted(search(all, typed), order), [all, typed, order]);
  const last = all.filter(({ lastKnownAt }) => lastKnownAt !== null).length;
  const here = all.filter(({ isHere }) => isHere).length - last;
  const away = all.length - here - last;
  return (
    <>
      <h1>Clients</h1>
      <Failure error={error} />
      {at !== undefined && (
        <p className="past-note">
          This list is of now. Who was here at the time chosen below is on the page <HomeLink>Home</HomeLink>; a
          client's own page shows how it was then.
        </p>
      )}
      <div className="list-tools">
        <SearchField className="search" value={typed} onChange={setTyped}>
          <Label>Search by name, address, node, network, key or band</Label>
          <Input className="input" />
        </SearchField>
        <p className="soft" role="status">
          {isPending
            ? "Loading …"
            : `${here} here, ${last > 0 ? `${last} as last known, ` : ""}${away} away${typed ? `; ${shown.length} found` : ""}`}
        </p>
      </div>
      <p className="hint">The cloud knows devices on Wi-Fi; those on a cable are not in this list.</p>
      {data && all.length === 0 && (
        <p className="empty">No client yet. Join the network with a phone, and it appears here.</p>
      )}
      {data && all.length > 0 && shown.length === 0 && (
        <p className="empty">No client found. Try a part of a name or an address.</p>
      )}
      {shown.length > 0 && (
        <Scroll label="Clients">
          <table className="table">
            <thead>
              <tr>
                {heads.map(([column, label]) => {
                  const isThis = order.column === column;
                  return (
                    <th
                      key={column}
                      scope="col"
                      aria-sort={isThis ? (order.isDown ? "descending" : "ascending") : "none"}
                    >
                      <Button className="sort" onPress={() => setOrder({ column, isDown: isThis && !order.isDown })}>
                        {label}
                        <span aria-hidden="true">{isThis ? (order.isDown ? " ↓" : " ↑") : ""}</span>
                      </Button>
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {shown.map((line) => (
                <tr key={line.mac} className={line.lastKnownAt !== null ? "last-known" : line.isHere ? "" : "away"}>
                  <th scope="row" className="named">
                    <ClientLink mac={line.mac}>
                      <bdi title={line.name}>{line.name}</bdi>
                    </ClientLink>
                    {line.held.map((text) => (
                      <span key={text} className="held">
                        {text}
                      </span>
                    ))}
                  </th>
                  <td>
                    {line.node === null ? (
                      <span className="soft">{line.isHere ? "unknown" : "away"}</span>
                    ) : (
                      <NodeLink node={line.node}>
                        <bdi>{line.node}</bdi>
                      </NodeLink>
                    )}
                  </td>
                  <td>
                    {line.key === null ? (
                      <span className="soft">{line.isHere ? "not known" : "–"}</span>
                    ) : (
                      <>
                        key <bdi>{keyName(line.key)}</bdi>
                        <div className="soft">{zoneText(line.key.zone)}</div>
                      </>
                    )}
                  </td>
                  <td className="tight">{line.band ? bandText(line.band) : "–"}</td>
                  <td className="tight">{dbText(line.snrDb)}</td>
                  <td className="tight">{mbpsText(line.mbps)}</td>
                  <td className="tight">
                    {line.lastKnownAt !== null
                      ? `last known ${momentText(line.lastKnownAt, clock.wallTime(), "seconds")}`
                      : line.connectedSeconds === null
                        ? "–"
                        : durationText(line.connectedSeconds * 1000)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
