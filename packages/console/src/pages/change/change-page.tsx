/** The network as its owner changes it: sections of one form, whose edits are looked at, applied, proven and taken back together. */

import { Link, useParams } from "@tanstack/react-router";
import { Failure } from "../../ui/failure.tsx";
import { AddressesSection } from "./addresses-section.tsx";
import { ChangeBar } from "./change-bar.tsx";
import "./change.css";
import { HistorySection } from "./history-section.tsx";
import { ForwardsSection, InternetSection } from "./internet-section.tsx";
import { KeysSection } from "./keys-section.tsx";
import { NetworksSection } from "./networks-section.tsx";
import { NodesSection, RadiosSection } from "./nodes-section.tsx";
import { type SectionId, sectionOf } from "./problems.ts";
import { ProofPanel } from "./proof-panel.tsx";
import { RulesSection } from "./rules-section.tsx";
import { EditingProvider, useEdit } from "./use-edit.ts";

const sections: readonly (readonly [SectionId, string, () => React.ReactNode])[] = [
  ["networks", "Wi-Fi", NetworksSection],
  ["guests", "Guests and keys", KeysSection],
  ["rules", "Rules", RulesSection],
  ["addresses", "Addresses", AddressesSection],
  ["forwards", "Port forwards", ForwardsSection],
  ["internet", "Internet", InternetSection],
  ["nodes", "Nodes", NodesSection],
  ["radios", "Radios", RadiosSection],
  ["history", "History", HistorySection],
];

export function ChangePage() {
  const { location, section = "networks" } = useParams({ strict: false }) as {
    readonly location: string;
    readonly section?: string;
  };
  const [id = "networks", title, Section] = sections.find(([each]) => each === section) ?? sections[0] ?? [];
  const { editing, error } = useEdit(location, id);
  const wrong = new Map<SectionId, number>();
  for (const { path } of editing?.work?.problems ?? []) {
    const at = sectionOf(path);
    if (at) wrong.set(at, (wrong.get(at) ?? 0) + 1);
  }
  return (
    <div className="network-page">
      <h1>Network</h1>
      <nav className="sections" aria-label="Parts of the network">
        {sections.map(([each, label]) => (
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
      {editing && Section && (
        <EditingProvider value={editing}>
          {editing.locked !== undefined && <p className="locked">{editing.locked}</p>}
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
