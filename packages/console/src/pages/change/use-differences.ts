/** What one version changes of another, in the words of the form. */

import { useAsk } from "../../api/ask.ts";
import { type Difference, differences } from "./differences.ts";
import { pathFrom } from "./lists.ts";
import { withChangedSecrets } from "./merge.ts";
import { type RadioNotes, radioNotes } from "./radio-words.ts";
import type { Called } from "./sentences.ts";
import { emptyDocument, useVersion } from "./use-edit.ts";

/** `from` null: there is none yet. `found`, `notes` undefined: it is being read, or `error` says why not. */
export function useDifferences(location: string, from: number | null, to: number, called: Called) {
  const query = { from: from ?? 0, to };
  const diff = useAsk("GET /locations/:location/diff", { params: { location }, query });
  const before = useVersion(location, from ?? undefined);
  const after = useVersion(location, to);
  const changes = diff.data?.changes;
  let found: readonly Difference[] | undefined;
  let notes: RadioNotes | undefined;
  if (changes && after.data && (from === null || before.data)) {
    const next = after.data.document;
    // Of a question that is not asked there may be an answer to another one.
    const old = (from === null ? undefined : before.data?.document) ?? emptyDocument(next.name);
    // Secrets are shown by neither, so the cloud says which have changed.
    const paths = changes.map(({ path }) => pathFrom(path));
    found = differences(old, withChangedSecrets(next, paths), called);
    notes = radioNotes(old, next);
  }
  return { found, notes, changes, error: diff.error ?? before.error ?? after.error };
}
