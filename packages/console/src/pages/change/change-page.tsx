/** The network as its owner changes it: sections of one form, whose edits are looked at, applied, proven and taken back together. */

import { Link, useParams } from "@tanstack/react-router";
import { useRef } from "react";
import { Button } from "react-aria-components";
import { Failure } from "../../ui/failure.tsx";
import { useChosenInSight } from "../../ui/in-sight.ts";
import { useAt } from "../../ui/use-at.ts";
import { AddressesSection } from "./addresses-section.tsx";
import { ChangeBar } from "./change-bar.tsx";
import "./change.css";
import { HistorySection } from "./history-section.tsx";
import { ForwardsSection, InternetSection } from "./internet-section.tsx";
import { KeysSection } from "./keys-section.tsx";
import { NetworksSection } from "./networks-section.tsx";
import { NodesSection } from "./nodes-section.tsx";
import { type SectionId, sectionOf } from "./problems.ts";
import { ProofPanel } from "./proof-panel.tsx";
import { RadiosSection } from "./radios-section.tsx";
import { RulesSection } from "./rules-section.tsx";
import { type SectionName, sectionNames } from "./sections.ts";
import { EditingProvider, useEdit } from "./use-edit.ts";

const sections: Readonly<Record<SectionId, () => React.ReactNode>> = {
  networks: NetworksSection,
  guests: KeysSection,
  rules: RulesSection,
  addresses: AddressesSection,
  forwards: ForwardsSection,
  internet: InternetSection,
  nodes: NodesSection,
  radios: RadiosSection,
  history: HistorySection,
};

const [first] = sectionNames as readonly [SectionName, ...SectionName[]];

export function ChangePage() {
  const { location, section = "networks" } = useParams({ strict: false }) as {
    readonly location: string;
    readonly section?: string;
  };
  const { id, label: title } = sectionNames.find((each) => each.id === section) ?? first;
  const { editing, error } = useEdit(location, id);
  const { atMs, show } = useAt();
  const Section = sections[id];
  const row = useRef<HTMLElement>(null);
  useChosenInSight(row, id);
  const wrong = new Map<SectionId, number>();
  for (const { path } of editing?.work?.problems ?? []) {
    const at = sectionOf(path);
    if (at) wrong.set(at, (wrong.get(at) ?? 0) + 1);
  }
  return (
    <div className="network-page">
      <h1>Network</h1>
      <nav ref={row} className="sections" aria-label="Parts of the network">
        {sectionNames.map(({ id: each, label }) => (
          <Link
            key={each}
            to={"/l/$location/network/$section" as "/l/$location"}
            params={{ location, section: each } as { location: string }}
            search={true}
            className={each === id ? "active" : ""}
            aria-current={each === id ? "page" : undefined}
          >
            {label}
            {wrong.has(each) && <span className="count"> {wrong.get(each)} wrong</span>}
          </Link>
        ))}
      </nav>
      <Failure error={error} />
      {!editing && !error && <p className="empty">Reading …</p>}
      {editing && (
        <EditingProvider value={editing}>
          {editing.locked !== undefined && (
            <p className="locked">
              {editing.locked}{" "}
              {atMs !== undefined && (
                <Button className="button" onPress={() => show(undefined)}>
                  Back to now
                </Button>
              )}
            </p>
          )}
          <ChangeBar />
          <ProofPanel />
          <section className="change" aria-label={title}>
            <Section />
          </section>
        </EditingProvider>
      )}
    </div>
  );
}
