/** After a version was applied: what each node shows of it, codes of the keys that came with it, and the way back. */

import { useState } from "react";
import { Button } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { workMarks } from "../../ui/marks.ts";
import { useNow } from "../../ui/use-now.ts";
import { keyName } from "./edits.ts";
import { JoinCode } from "./join-code.tsx";
import { PlannedLines } from "./planned-rows.tsx";
import { followedWords, hasWorked, nodeProof, proofSummary, rowProofs } from "./proof-words.ts";
import { RevertForm } from "./revert-form.tsx";
import { useDifferences } from "./use-differences.ts";
import { useCalled, useEditing } from "./use-edit.ts";
import { heldBefore } from "./versions.ts";
import { edits, type Stage } from "./work-store.ts";

type Applied = Extract<Stage, { kind: "applied" }>;

/** Events bring news at once; this is for those that are missed. */
const askEveryMs = 2_000;

export function ProofPanel() {
  const { stage, locked, section } = useEditing();
  const isHere = stage.kind === "applied" && stage.section === section && locked === undefined;
  return isHere ? <Proof stage={stage} /> : null;
}

function Proof({ stage: { version, planned, keys } }: { readonly stage: Applied }) {
  const { location, versions, doc, work } = useEditing();
  const [isReverting, setReverting] = useState(false);
  const every = { everyMs: askEveryMs };
  const place = useAsk("GET /locations/:location", { params: { location } }, every);
  const nodes = useAsk("GET /locations/:location/nodes", { params: { location } }, every);
  const own = versions.find(({ number }) => number === version);
  const given = place.data?.live?.version ?? null;
  const proofs = (nodes.data?.items ?? []).map((node) => ({ node, ...nodeProof(node, given, version) }));
  const took = own?.provenAt && own.appliedAt ? Date.parse(own.provenAt) - Date.parse(own.appliedAt) : null;
  const before = heldBefore(versions, version);
  const wasProven = Boolean(own?.provenAt) || place.data?.proven === version;
  const followed = followedWords(version, given, wasProven);
  const works = hasWorked(proofs, wasProven);
  // What the change means for radios is said as long as it is so.
  const { notes } = useDifferences(location, before ?? null, version, useCalled(useNow(60_000)));
  const codes = doc.networks.flatMap((network) =>
    network.security.keys.flatMap((entry) => {
      const name = keyName(network.ssid, entry.id);
      const psk = work?.typed.get(name);
      return keys.includes(name) && psk !== undefined ? [{ network, entry, psk, name }] : [];
    }),
  );
  return (
    <section className="card proof" aria-label={`Version ${version}, applied`}>
      <header>
        <h2>
          <span className={works ? "good" : "soft"} aria-hidden="true">
            {works ? "✓" : "…"}
          </span>{" "}
          Version {version} is applied
        </h2>
        <Button className="button" onPress={() => edits.change(location, { stage: { kind: "editing" } })}>
          Close
        </Button>
      </header>
      <p role="status" className={works ? "good" : ""}>
        {followed ?? (nodes.data ? proofSummary(proofs, wasProven, took) : "Asking the nodes …")}
      </p>
      <ul className="plain" hidden={followed !== undefined}>
        {proofs.map(({ node, state, words }) => (
          <li key={node.id}>
            <span
              className={{ proven: "good", failed: "bad", working: "soft", waiting: "warn" }[state]}
              aria-hidden="true"
            >
              {workMarks[state]}
            </span>{" "}
            <strong>
              <bdi>{node.id}</bdi>
            </strong>
            : <bdi>{words}</bdi>
            <NodeRows node={node.id} planned={planned.find((each) => each.node === node.id)} />
          </li>
        ))}
      </ul>
      {notes && followed === undefined && <PlannedLines lines={[...(works ? [] : notes.radar), ...notes.left]} />}
      {codes.map(({ network, entry, psk, name }) => (
        <div key={name}>
          <h3>
            Join with this code: <bdi>{entry.label ?? network.ssid}</bdi>
          </h3>
          {!works && followed === undefined && <p className="hint">It works as soon as the nodes above show it.</p>}
          <JoinCode ssid={network.ssid} psk={psk} hidden={network.hidden} />
        </div>
      ))}
      {before !== undefined &&
        followed === undefined &&
        (isReverting ? (
          <RevertForm to={before} onClose={() => setReverting(false)} />
        ) : (
          <Button className="button" onPress={() => setReverting(true)}>
            Take it back …
          </Button>
        ))}
    </section>
  );
}

function NodeRows({
  node,
  planned,
}: {
  readonly node: string;
  readonly planned: Applied["planned"][number] | undefined;
}) {
  const { location } = useEditing();
  const { data } = useAsk(
    "GET /locations/:location/nodes/:node",
    { params: { location, node } },
    { everyMs: askEveryMs },
  );
  const rows = rowProofs(planned, data?.rows ?? []);
  if (!data || rows.length === 0) return null;
  return (
    <details>
      <summary>
        For engineers: {rows.length} {rows.length === 1 ? "row" : "rows"}
      </summary>
      <ul>
        {rows.map(({ id, words }) => (
          <li key={id}>
            <code>{id}</code> <bdi>{words}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}
