import { useState } from "react";
import { Button } from "react-aria-components";
import { Failure } from "../../ui/failure.tsx";
import { momentText } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { ChangedLine } from "./changed-line.tsx";
import { RevertForm } from "./revert-form.tsx";
import { stateWords } from "./sentences.ts";
import { useDifferences } from "./use-differences.ts";
import { useCalled, useEditing } from "./use-edit.ts";
import { authorName, datesText, type VersionSummary } from "./versions.ts";

export function HistorySection() {
  const { versions, applied } = useEditing();
  const now = useNow(60_000);
  const [open, setOpen] = useState<{ readonly number: number; readonly kind: "compare" | "revert" }>();
  const toggle = (number: number, kind: "compare" | "revert") =>
    setOpen(open?.number === number && open.kind === kind ? undefined : { number, kind });
  if (versions.length === 0) return <p className="empty">There is no version yet.</p>;
  return (
    <ol className="plain history">
      {versions.map((version) => {
        const { number, author, why, state, createdAt, restores, appliedAt } = version;
        return (
          <li key={number} className="card">
            <div className="row spread">
              <span>
                <strong>Version {number}</strong> {number === applied && <span className="good">in use now</span>}{" "}
                <span className="soft">
                  {stateWords[state]}
                  {restores !== null && `, equals version ${restores}`}
                </span>
                <br />
                <bdi>{authorName(author)}</bdi>, {datesText({ createdAt, appliedAt }, (at) => momentText(at, now))}
                {why && (
                  <>
                    : “<bdi>{why}</bdi>”
                  </>
                )}
              </span>
              <span className="row">
                <Button
                  className="button"
                  aria-expanded={open?.number === number && open.kind === "compare"}
                  onPress={() => toggle(number, "compare")}
                >
                  Compare
                </Button>
                {appliedAt !== null && number !== applied && (
                  <Button
                    className="button"
                    onPress={() => toggle(number, "revert")}
                    aria-label={`Go back … to version ${number}`}
                  >
                    Go back …
                  </Button>
                )}
              </span>
            </div>
            <ChangedLine version={version} />
            {open?.number === number && open.kind === "revert" && (
              <RevertForm to={number} onClose={() => setOpen(undefined)} />
            )}
            {open?.number === number && open.kind === "compare" && <Compare version={version} />}
          </li>
        );
      })}
    </ol>
  );
}

function Compare({ version: { number, basedOn, createdAt } }: { readonly version: VersionSummary }) {
  const { location, versions } = useEditing();
  const [from, setFrom] = useState(basedOn);
  const called = useCalled(Date.parse(createdAt));
  const { found, error } = useDifferences(location, from === 0 ? null : from, number, called);
  return (
    <div className="revert">
      <label>
        Version {number} compared with{" "}
        <select className="input inline" value={from} onChange={(event) => setFrom(Number(event.target.value))}>
          <option value={0}>nothing</option>
          {versions
            .filter((version) => version.number !== number)
            .map((version) => (
              <option key={version.number} value={version.number}>
                version {version.number}
              </option>
            ))}
        </select>
      </label>
      <Failure error={error} />
      {found?.length === 0 && <p>They are the same.</p>}
      <ul className="words">
        {found?.map(({ path, words }) => (
          <li key={`${path} ${words}`}>
            <bdi>{words}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
