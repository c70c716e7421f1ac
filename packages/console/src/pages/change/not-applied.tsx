import type { Key, Network } from "./doc.ts";
import { isKeyHeld } from "./key-held.ts";
import { useEditing, useVersion } from "./use-edit.ts";

/** Says of a key that what stands beside it is to be so, and is not yet. */
export function NotApplied({ network, entry }: { readonly network: Network; readonly entry: Key }) {
  const { location, work, versions, applied, locked } = useEditing();
  const isDraft = versions[0]?.state === "draft";
  const holds = useVersion(location, isDraft ? (applied ?? undefined) : undefined);
  const held = isDraft ? holds.data?.document : work?.base;
  const isNone = isDraft && applied === null;
  if (locked !== undefined || (!isNone && (!held || isKeyHeld(held, network, entry)))) return null;
  return <strong className="warn"> (not applied yet)</strong>;
}
