/** What goes over a node's connection, and what it publishes: the newest first, each opened on demand. */

import { useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { logTimeText } from "../../ui/time.ts";
import { bytesText } from "../../ui/words.ts";
import { FilterField } from "./filter-field.tsx";
import { FollowBox } from "./follow-box.tsx";
import { prettyText, type Tail } from "./tail.ts";
import { useTail } from "./use-tail.ts";
import { useView } from "./use-view.ts";

interface PartProps {
  readonly location: string;
  readonly node: string;
}

const shownEntries = 150;

export function MessagesPart(params: PartProps) {
  const [isFollowing, setFollowing] = useState(true);
  const tail = useTail("GET /locations/:location/nodes/:node/messages", params, isFollowing);
  return (
    <section aria-label="Messages">
      <p className="soft">
        What the cloud and the node say to each other in OVSDB (JSON-RPC), from the moment you began to look. Secrets
        are masked.
      </p>
      <Failure error={tail.error} />
      <Entries
        tail={tail.data}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        empty="Nothing yet. The node says something when it changes, at the latest every half minute."
        words={({ direction, method, kind, id, isCut }) => ({
          title: method ?? (kind === "unknown" ? "too long to be shown" : "?"),
          what: `${direction === "sent" ? "→ to the node" : "← from the node"}, ${kind}${id === null ? "" : ` ${id}`}`,
          note: isCut ? "It goes on; only its beginning is kept." : undefined,
          isBad: kind === "error",
        })}
      />
    </section>
  );
}

export function ReportsPart(params: PartProps) {
  const [isFollowing, setFollowing] = useState(true);
  const tail = useTail("GET /locations/:location/nodes/:node/reports", params, isFollowing);
  return (
    <section aria-label="Reports">
      <p className="soft">
        What the node publishes over MQTT, decoded, from the moment you began to look. The last 20 are kept while you
        do.
      </p>
      <Failure error={tail.error} />
      <Entries
        tail={tail.data}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        empty="Nothing yet. It appears as the node publishes it. How often that is, stands in its table Wifi_Stats_Config."
        words={({ kind, topic, text }) => ({
          title: kind,
          what: topic,
          note: text === null ? "Not decoded, or too long to be kept." : undefined,
          isBad: false,
        })}
      />
    </section>
  );
}

interface AnyEntry {
  readonly number: number;
  readonly at: string;
  readonly bytes: number;
  readonly text: string | null;
}

interface EntryWords {
  readonly title: string;
  readonly what: string;
  readonly note: string | undefined;
  readonly isBad: boolean;
}

interface EntriesProps<T extends AnyEntry> {
  readonly tail: Tail<T> | undefined;
  readonly isFollowing: boolean;
  onFollow(isFollowing: boolean): void;
  readonly empty: string;
  words(entry: T): EntryWords;
}

function Entries<T extends AnyEntry>({ tail, isFollowing, onFollow, empty, words }: EntriesProps<T>) {
  const [typed, setTyped] = useState(useView().view.filter);
  const needle = typed.trim().toLowerCase();
  const found = (tail?.items ?? []).filter((entry) => {
    const { title, what } = words(entry);
    return needle === "" || `${title} ${what} ${entry.text ?? ""}`.toLowerCase().includes(needle);
  });
  const shown = found.slice(-shownEntries).reverse();
  return (
    <>
      <div className="list-tools">
        <FilterField label="Only lines that contain" value={typed} onChange={setTyped} />
        <FollowBox isFollowing={isFollowing} onChange={onFollow} />
      </div>
      <p className="soft count">
        {tail
          ? `${tail.items.length} kept${tail.lost > 0 ? `, ${tail.lost} older ones are gone` : ""}${
              needle === "" ? "" : `; ${found.length} found`
            }${found.length > shown.length ? `; the newest ${shownEntries} are shown` : ""}`
          : "Listening …"}
      </p>
      {tail && tail.items.length === 0 && <p className="empty">{empty}</p>}
      {tail && tail.items.length > 0 && found.length === 0 && <p className="empty">None has that.</p>}
      <ol className="entries">
        {shown.map((entry) => (
          <EntryLine key={`${tail?.log} ${entry.number}`} entry={entry} words={words(entry)} />
        ))}
      </ol>
    </>
  );
}

function EntryLine({ entry: { at, bytes, text }, words }: { readonly entry: AnyEntry; readonly words: EntryWords }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <time dateTime={at}>{logTimeText(at)}</time>{" "}
          <bdi className={words.isBad ? "bad title" : "title"}>{words.title}</bdi>{" "}
          <bdi className="soft">{words.what}</bdi> <span className="soft size">{bytesText(bytes)}</span>
        </summary>
        {words.note !== undefined && <p className="soft note">{words.note}</p>}
        {isOpen && text !== null && (
          <pre className="json" dir="ltr">
            {prettyText(text)}
          </pre>
        )}
      </details>
    </li>
  );
}
