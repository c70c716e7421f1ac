/** MANAGER_WANO_IFACE_LIST: the interfaces that may lead to the Internet, `NAME[:TYPE]` each. */

import { UserError } from "@opensync-ts/base/errors";
import { quote } from "../nm/quote.ts";

export interface WanInterface {
  readonly name: string;
  readonly type: "eth" | "unmanaged";
}

/** Throws a `UserError` for another type, or an interface that is named twice. */
export function parseInterfaceList(entries: readonly string[]): readonly WanInterface[] {
  const interfaces = entries.map((entry): WanInterface => {
    const [name = "", type = "eth", ...rest] = entry.split(":");
    if (name === "" || rest.length > 0 || (type !== "eth" && type !== "unmanaged")) {
      throw new UserError(
        `MANAGER_WANO_IFACE_LIST: ${quote(entry)} is not NAME, NAME:eth or NAME:unmanaged; correct the profile`,
      );
    }
    return { name, type };
  });
  const twice = interfaces.find(({ name }, index) => interfaces.findIndex((other) => other.name === name) !== index);
  if (twice) throw new UserError(`MANAGER_WANO_IFACE_LIST: ${quote(twice.name)} is named twice; correct the profile`);
  return interfaces;
}
