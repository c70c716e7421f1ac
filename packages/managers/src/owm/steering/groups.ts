/** `Band_Steering_Config`: each row a group of access points between which clients are steered. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { SteeringGroup } from "@opensync-ts/wireless/steering/steering";
import type { Problem } from "../problems.ts";

export type GroupRow = Row<"Band_Steering_Config">;

export interface ReadGroups {
  readonly groups: readonly SteeringGroup[];
  readonly problems: readonly Problem[];
}

/** A disputed access point is the larger group's, as one without others steers nobody; of equals the same row has it each time. */
export function readGroups(rows: Iterable<GroupRow>): ReadGroups {
  const groups: SteeringGroup[] = [];
  const problems: Problem[] = [];
  const owners = new Map<string, string>();
  for (const row of [...rows].sort((a, b) => size(b) - size(a) || (a._uuid < b._uuid ? -1 : 1))) {
    const named = [...row.ifnames.keys()].sort();
    const pair = [row.if_name_2g, row.if_name_5g].filter((name) => name !== null);
    const tell = (column: string, value: string, reason: string) =>
      problems.push({ table: "Band_Steering_Config", row: nameOf(row), column, value, reason });
    if (named.length > 0 && pair.length > 0) {
      tell(
        "ifnames",
        named.join(" "),
        "set besides if_name_2g or if_name_5g; use one of the two; the row has no effect",
      );
      continue;
    }
    const all = [...new Set([...named, ...pair])];
    if (all.length === 0) {
      tell("ifnames", "", "no access points (nor if_name_2g, if_name_5g); the row has no effect");
      continue;
    }
    const vifs = all.filter((vif) => {
      const owner = owners.get(vif);
      if (owner === undefined) owners.set(vif, row._uuid);
      else tell("ifnames", vif, `belongs to group ${owner} already, and stays there`);
      return owner === undefined;
    });
    groups.push({ id: row._uuid, vifs });
  }
  return { groups, problems };
}

function size({ ifnames, if_name_2g, if_name_5g }: GroupRow): number {
  return ifnames.size + [if_name_2g, if_name_5g].filter((name) => name !== null).length;
}

export function nameOf({ _uuid, ifnames, if_name_2g, if_name_5g }: GroupRow): string {
  const vifs = [...[...ifnames.keys()].sort(), if_name_2g, if_name_5g].filter((name) => name !== null);
  return vifs.length > 0 ? vifs.join(" ") : _uuid;
}
