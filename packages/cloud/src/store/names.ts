/** Names that people give to tenants and locations. */

import { StoreRefusal } from "./errors.ts";

export function checkName(name: string): void {
  if (/^[^\p{Cc}]{1,128}$/u.test(name) && name.trim() === name) return;
  throw new StoreRefusal(
    "invalid",
    "name: is not usable; give 1 to 128 characters without line breaks or spaces around",
  );
}
