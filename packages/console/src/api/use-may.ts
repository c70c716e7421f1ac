import type { Role } from "@opensync-ts/cloud/api/contract/roles";
import { useAt } from "../ui/use-at.ts";
import { useAsk } from "./ask.ts";
import { type May, mayOf } from "./may.ts";

/**
 * Whether a change that needs `role` may be made now: `isDisabled={!may.allowed}`, and `may.reason` beside it. In the past that the
 * time bar shows nothing may be changed.
 */
export function useMay(role: Role, { onCloud = false }: { readonly onCloud?: boolean } = {}): May {
  const { data: me } = useAsk("GET /session", {});
  const { at } = useAt();
  return mayOf({ me, role, onCloud, isPast: at !== undefined });
}
