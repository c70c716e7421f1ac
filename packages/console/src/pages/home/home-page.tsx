import { useNavigate, useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Button, Input, SearchField } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { found } from "../../ui/find.ts";
import { keptSearch } from "../../ui/kept-search.ts";
import { durationText, momentText } from "../../ui/time.ts";
import { useAt } from "../../ui/use-at.ts";
import { useNow } from "../../ui/use-now.ts";
import { Alerts } from "./alert-list.tsx";
import { ClientTable } from "./client-table.tsx";
import { descriptionOf } from "./description.ts";
import { graphOf, legendOf } from "./graph.ts";
import { type LineLook, unknownLook, weakLook } from "./line-looks.ts";
import { NodeTable } from "./node-table.tsx";
import type { Picture } from "./picture.ts";
import { pathOf } from "./thing-path.ts";
import { Topology } from "./topology.tsx";
import "./home.css";

const liveMs = 5_000;
const settlingMs = 90_000;
/** As many clients as a picture has. */
const mostFound = 512;

/** What the home is like: who hangs on what, and how all of it is. */
export function HomePage() {
  const { location = "" } = useParams({ strict: false });
  const { at, atMs, show } = useAt();
  const now = useNow(liveMs);
  // What has just happened is in the store a little later.
  const isRecent = atMs !== undefined && now - atMs < settlingMs;
  const asked = { params: { location }, query: at === undefined ? {} : { at } };
  const { data, error } = useAsk("GET /locations/:location/picture", asked, {
    keepLast: true,
    ...(at === undefined || isRecent ? { everyMs: liveMs } : {}),
  });
  return (
    <>
      <h1>Home</h1>
      {at !== undefined && (
        <p className="as-it-was" role="status">
          As it was at {momentText(at, now, "seconds")}. {data && unknownText(data)}{" "}
          <Button className="button small" onPress={() => show(undefined)}>
            Back to now
          </Button>
        </p>
      )}
      <Failure error={error} />
      {!data && !error && <p className="empty">Looking at the home …</p>}
      {data && at === undefined && data.unknown.length > 0 && <p className="hint">{unknownText(data)}</p>}
      {data && <Pictured location={location} picture={data} at={atMs} />}
    </>
  );
}

function Pictured({ location, picture, at }: { location: string; picture: Picture; at: number | undefined }) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const graph = useMemo(() => graphOf(picture, folded), [picture, folded]);
  const hits = useMemo(() => findClients(picture, typed), [picture, typed]);
  const shown = hits ? picture.clients.filter(({ mac }) => hits.has(`client ${mac}`)) : picture.clients;
  const open = (id: string) => {
    const to = pathOf(location, id);
    if (to !== null) void navigate({ to, search: keptSearch } as never);
  };
  const fold = (node: string) =>
    setFolded((now) => (now.has(node) ? new Set([...now].filter((id) => id !== node)) : new Set([...now, node])));
  const isFolded = folded.size > 0;
  const foldAll = () => setFolded(isFolded ? new Set() : new Set(picture.nodes.map(({ id }) => id)));
  if (picture.nodes.length === 0) {
    return (
      <p className="empty">
        There are no nodes here
        {picture.from === "now" ? " yet. Add one under Network, Nodes." : " at that time."}
      </p>
    );
  }
  return (
    <div className="home">
      <section className="map" aria-label="Map">
        <div className="map-bar">
          <SearchField className="finder" aria-label="Find a client in the map" value={typed} onChange={setTyped}>
            <Input className="input" placeholder="Find a client here" />
          </SearchField>
          <span className="soft" role="status">
            {hits && `${hits.size} of ${picture.clients.length}`}
          </span>
          {picture.clients.length > 0 && (
            <Button className="button" onPress={foldAll}>
              {isFolded ? "Show clients" : "Hide clients"}
            </Button>
          )}
        </div>
        <Topology
          key={location}
          {...{ location, graph, found: hits, selected: pointed }}
          onOpen={open}
          onFold={fold}
          onSelect={setPointed}
          description={descriptionOf(picture)}
        />
        <Legend {...legendOf(graph)} />
      </section>
      <section className="beside">
        <Alerts location={location} at={at} />
        <h2>Nodes</h2>
        <NodeTable {...{ location, picture, folded }} onFold={fold} onPoint={setPointed} />
      </section>
      <section className="below">
        <h2>
          Clients (
          {shown.length === picture.clients.length ? shown.length : `${shown.length} of ${picture.clients.length}`})
        </h2>
        {picture.truncated && <p className="hint">There are more clients than are shown here.</p>}
        {picture.clients.length === 0 ? (
          <p className="empty">{noClients(picture)}</p>
        ) : shown.length === 0 ? (
          <p className="empty">No client found. Try a part of a name or an address.</p>
        ) : (
          <ClientTable {...{ location, clients: shown, at: Date.parse(picture.at) }} onPoint={setPointed} />
        )}
      </section>
    </div>
  );
}

function Legend({ hasUnknown, hasUnknownKind, hasLastKnown }: ReturnType<typeof legendOf>) {
  return (
    <ul className="legend" aria-label="Meaning of the lines">
      <li>
        <span className="key band-2" /> 2.4 GHz
      </li>
      <li>
        <span className="key band-5" /> 5 GHz
      </li>
      <li>
        <span className="key band-6" /> 6 GHz
      </li>
      <li>
        <span className="key wire" /> cable
      </li>
      <li>
        <LineKey look={weakLook} /> weak
      </li>
      {hasUnknownKind && (
        <li>
          <span className="key unknown" /> cable or Wi-Fi: not known
        </li>
      )}
      {hasUnknown && (
        <li>
          <LineKey look={unknownLook} /> not known; with ×: not there
        </li>
      )}
      {hasLastKnown && (
        <li>
          <span className="hollow" /> hollow: where it was known last
        </li>
      )}
      <li className="soft">thicker: faster</li>
    </ul>
  );
}

/** As the map draws it. */
function LineKey({ look: { dashes, sign } }: { readonly look: LineLook }) {
  return (
    <svg className="line-key" viewBox="0 0 44 16" aria-hidden="true">
      <line x1={2} x2={42} y1={8} y2={8} strokeDasharray={dashes.join(" ")} />
      {sign !== null && (
        <>
          <circle cx={22} cy={8} r={7} />
          <text x={22} y={12.5}>
            {sign}
          </text>
        </>
      )}
    </svg>
  );
}

/** Null: nothing is looked for. */
function findClients({ clients }: Picture, typed: string): ReadonlySet<string> | null {
  if (typed.trim() === "") return null;
  const items = clients.map(({ mac, name, node, ssid }) => ({
    ...{ id: `client ${mac}`, label: name, detail: `${mac} ${node} ${ssid}`, kind: "client" as const },
  }));
  return new Set(found(items, typed, mostFound).map(({ id }) => id));
}

function unknownText({ unknown, from, stepSeconds }: Picture): string {
  const averages =
    from === "averages" && stepSeconds !== null ? `Figures are averages of ${durationText(stepSeconds * 1000)}. ` : "";
  return unknown.length === 0 ? averages : `${averages}Not known: ${unknown.join("; ")}.`;
}

function noClients({ from }: Picture): string {
  if (from === "now") return "Nobody is connected.";
  return from === "nothing" ? "It is not known who was connected." : "Nobody was connected.";
}
