/** Ctrl-K or ⌘K: finds any page, node and client by its name, address or letters of it. */

import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import {
  Autocomplete,
  Dialog,
  Input,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  TextField,
} from "react-aria-components";
import { useAsk } from "../api/ask.ts";
import { locationPages } from "../pages/pages.ts";
import { tabs } from "../pages/tabs.ts";
import { type Findable, found, keyWords } from "./find.ts";
import { useFocusAfter } from "./focus-after.ts";
import { keptSearch } from "./kept-search.ts";
import { useTyped } from "./use-typed.ts";

export interface CommandPaletteProps {
  readonly isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

interface Entry extends Findable {
  go(): void;
}

/** As many as fit a screen. */
const shown = 12;

const kinds = { page: "page", part: "", node: "node", client: "client", location: "location", action: "" } as const;

export function CommandPalette({ isOpen, onOpenChange }: CommandPaletteProps) {
  const { went } = useFocusAfter(isOpen);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      onOpenChange(!isOpen);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isOpen, onOpenChange]);
  return (
    <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="palette">
        <Dialog aria-label="Find a page, node or client">
          <Finder
            onDone={() => {
              went();
              onOpenChange(false);
            }}
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Finder({ onDone }: { onDone(): void }) {
  const [typed, setTyped] = useState("");
  const entries = useEntries(useTyped(typed.trim()));
  const hits = useMemo(() => found(entries, typed, shown), [entries, typed]);
  const go = (key: string | number) => {
    onDone();
    hits.find(({ id }) => id === key)?.go();
  };
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped}>
      {/* No search field: that would take Escape for itself, to empty it. Escape closes, whatever is typed. */}
      <TextField aria-label="Name or address" autoFocus>
        <Input className="input" placeholder="Name or address" />
      </TextField>
      <ListBox
        className="hits"
        aria-label="Found"
        items={hits}
        selectionMode="none"
        onAction={go}
        renderEmptyState={() => <p className="empty">Nothing found. Try a part of a name or an address.</p>}
      >
        {({ id, label, detail, kind }) => (
          <ListBoxItem id={id} textValue={[label, detail, kinds[kind]].join(" ")} className="item">
            <bdi>{label}</bdi>{" "}
            <span className="detail">
              {detail} <em>{kinds[kind]}</em>
            </span>
          </ListBoxItem>
        )}
      </ListBox>
    </Autocomplete>
  );
}

/** Pages, nodes and clients of the location one is in, and locations: all, or where there are too many those that are called like `words`. */
function useEntries(words: string): readonly Entry[] {
  const { location } = useParams({ strict: false });
  const navigate = useNavigate();
  const here = { enabled: location !== undefined };
  const nodes = useAsk("GET /locations/:location/nodes", { params: { location: location ?? "" } }, here);
  const devices = useAsk("GET /locations/:location/devices", { params: { location: location ?? "" } }, here);
  const place = useAsk("GET /locations/:location", { params: { location: location ?? "" } }, here);
  const isSimulated = place.data?.simulated ?? false;
  const some = useAsk("GET /locations", {});
  const areMore = some.data !== undefined && some.data.next !== null;
  const called = useAsk(
    "GET /locations",
    { query: { find: words, limit: shown } },
    { enabled: areMore && words !== "", keepLast: true },
  );
  const locations = areMore && words !== "" ? called.data : some.data;
  return useMemo(() => {
    const to =
      (path: string, search: object = {}) =>
      () =>
        void navigate({ to: path, search: (now: object) => ({ ...keptSearch(now), ...search }) } as never);
    const base = `/l/${encodeURIComponent(location ?? "")}`;
    const pages =
      location === undefined
        ? []
        : locationPages.filter(
            ({ label, isOfSimulation = false }) => label !== undefined && (isSimulated || !isOfSimulation),
          );
    return [
      ...pages.map(({ path, label = "", words = "" }) => ({
        id: `page ${path}`,
        kind: "page" as const,
        label,
        detail: "",
        words,
        go: to(base + path),
      })),
      ...(nodes.data?.items ?? []).map(({ id, role, model }) => ({
        id: `node ${id}`,
        kind: "node" as const,
        label: id,
        detail: [role, model].filter(Boolean).join(" · "),
        go: to(`${base}/nodes/${encodeURIComponent(id)}`),
      })),
      ...(devices.data?.items ?? []).map(({ mac, name, now }) => ({
        id: `client ${mac}`,
        kind: "client" as const,
        label: name,
        detail: [name === mac ? null : mac, now?.address].filter(Boolean).join(" · "),
        words: keyWords(now?.key ?? null),
        go: to(`${base}/clients/${encodeURIComponent(mac)}`),
      })),
      ...(location === undefined ? [] : tabs).map(({ to: path, search, label, page, words }) => ({
        id: `part ${path} ${JSON.stringify(search)}`,
        kind: "part" as const,
        label,
        detail: page,
        words,
        go: to(base + path, search),
      })),
      ...(locations?.items ?? []).map(({ id, name }) => ({
        id: `location ${id}`,
        kind: "location" as const,
        label: name,
        detail: "",
        go: to(`/l/${encodeURIComponent(id)}`),
      })),
    ];
  }, [location, navigate, isSimulated, nodes.data, devices.data, locations]);
}
