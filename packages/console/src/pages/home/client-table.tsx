import { memo, useMemo, useState } from "react";
import { durationText, momentText } from "../../ui/time.ts";
import { type Column, columns, mbpsText, nextSorting, type Sorting, sortedClients } from "./client-rows.ts";
import { bandText } from "./health.ts";
import { type PicturedClient, weakDb } from "./picture.ts";

import { ThingLink } from "./thing-link.tsx";

export interface ClientTableProps {
  readonly location: string;
  readonly clients: readonly PicturedClient[];
  /** ms since 1970. */
  readonly at: number;
  /** `client MAC` that is pointed at. */
  onPoint(id: string | null): void;
}

const heads: Readonly<Record<Column, string>> = {
  name: "Name",
  node: "On",
  band: "Band",
  snr: "Signal",
  rate: "Link rate, Mbit/s",
  traffic: "Traffic, Mbit/s",
  since: "Here for",
};

export function ClientTable({ location, clients, at, onPoint }: ClientTableProps) {
  const [sorting, setSorting] = useState<Sorting>({ column: "name", isDown: false });
  const rows = useMemo(() => sortedClients(clients, sorting), [clients, sorting]);
  return (
    <div className="scroll">
      <table className="table clients">
        <thead>
          <tr>
            {columns.map((column) => {
              const isSorted = sorting.column === column;
              return (
                <th
                  key={column}
                  scope="col"
                  aria-sort={isSorted ? (sorting.isDown ? "descending" : "ascending") : "none"}
                >
                  <button type="button" className="sort" onClick={() => setSorting(nextSorting(sorting, column))}>
                    {heads[column]}
                    <span aria-hidden="true">{isSorted ? (sorting.isDown ? " ↓" : " ↑") : ""}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((client) => (
            <Row
              key={client.mac}
              {...{ location, client, onPoint }}
              since={sinceText(client, at)}
              sinceWhen={whenText(client, at)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly location: string;
  readonly client: PicturedClient;
  readonly since: string;
  readonly sinceWhen: string | undefined;
  onPoint(id: string | null): void;
}

/** Of whom nothing has changed nothing is drawn anew: there may be hundreds. */
const Row = memo(function Row({ location, client, since, sinceWhen, onPoint }: RowProps) {
  const { mac, name, node, ssid, band, channel, snrDb, rxLinkMbps, txLinkMbps, rxMbps, txMbps, frozen } = client;
  const isLast = client.lastKnownAt !== null;
  const id = `client ${mac}`;
  const [point, leave] = [() => onPoint(id), () => onPoint(null)];
  const isWeak = snrDb !== null && snrDb < weakDb;
  return (
    <tr
      className={isLast ? "last-known" : undefined}
      onPointerEnter={point}
      onPointerLeave={leave}
      onFocus={point}
      onBlur={leave}
    >
      <Name {...{ location, mac, name, frozen }} />
      <td className="name" title={ssid}>
        <bdi>{node}</bdi>
        {isLast && <small> last known</small>}
      </td>
      <td>
        <span className={`band ${bandClass(band)}`} aria-hidden="true" /> {bandText(band)}
        {channel !== null && <small> ch {channel}</small>}
      </td>
      <td className={isWeak ? "number warn" : "number"}>
        {snrDb === null ? "–" : `${Math.round(snrDb)} dB`}
        {isWeak && <small> weak</small>}
      </td>
      <td className="number" title="Mbit/s to the client / from it">
        {mbpsText(txLinkMbps)} / {mbpsText(rxLinkMbps)}
      </td>
      <td className="number" title="Mbit/s to the client / from it">
        {isLast ? "–" : `${mbpsText(txMbps)} / ${mbpsText(rxMbps)}`}
      </td>
      <td className="number" title={sinceWhen}>
        {since}
      </td>
    </tr>
  );
});

type NameProps = Pick<PicturedClient, "mac" | "name" | "frozen"> & { readonly location: string };

const Name = memo(function Name({ location, mac, name, frozen }: NameProps) {
  return (
    <th scope="row" className="name" title={name === mac ? undefined : `${name} (${mac})`}>
      <ThingLink location={location} id={`client ${mac}`}>
        <bdi>{name}</bdi>
      </ThingLink>
      {frozen && <span className="tag bad">no Internet</span>}
    </th>
  );
});

function sinceText({ since, lastKnownAt }: PicturedClient, at: number): string {
  // It may have gone meanwhile.
  if (lastKnownAt !== null) return "–";
  return since === null ? "–" : durationText(at - Date.parse(since));
}

function whenText({ since }: PicturedClient, at: number): string | undefined {
  return since === null ? undefined : momentText(since, at, "seconds");
}

function bandClass(band: string): string {
  return `band-${/^[256]/.exec(band)?.[0] ?? "none"}`;
}
