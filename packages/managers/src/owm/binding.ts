/**
 * Which configuration row speaks for which radio and vif. A vif row acts only through a radio row that refers to it
 * (`Wifi_Radio_Config.vif_configs`) and whose `if_name` is the phy that the driver has the vif on. Where rows compete,
 * the choice is the same whatever the order in which they came, and told as a problem.
 */

import type { Problem } from "./problems.ts";
import type { RadioConfig, VifConfig } from "./rows.ts";

export interface Binding {
  /** By phy name. */
  readonly radios: ReadonlyMap<string, RadioConfig>;
  /** By vif name, all there is a row for. */
  readonly vifs: ReadonlyMap<string, BoundVif>;
  readonly problems: readonly Problem[];
}

export interface BoundVif {
  readonly row: VifConfig;
  /** The radio through which the row acts; `null`: it does not. */
  readonly radio: RadioConfig | null;
}

interface Candidate extends BoundVif {
  readonly problems: readonly Problem[];
}

/** `phyOf`: the phy that a driver reports a vif on, where one does. */
export function bind(
  radioRows: Iterable<RadioConfig>,
  vifRows: Iterable<VifConfig>,
  phyOf: (vif: string) => string | undefined,
): Binding {
  const problems: Problem[] = [];
  const radios = radiosByName(radioRows, problems);

  const candidates = new Map<string, Candidate[]>();
  for (const row of vifRows) {
    const own: Problem[] = [];
    const bound = { row, radio: radioOf(row, radios, phyOf(row.if_name), own), problems: own };
    const others = candidates.get(row.if_name);
    if (others) others.push(bound);
    else candidates.set(row.if_name, [bound]);
  }

  const vifs = new Map<string, BoundVif>();
  for (const name of [...candidates.keys()].sort()) {
    const [first, ...others] = (candidates.get(name) ?? []).sort(effectiveFirst);
    if (first) {
      vifs.set(name, { row: first.row, radio: first.radio });
      // Of the others it is said that they are too many, which is all there is to mend: what else they lack would read
      // as if it were of the row in use.
      problems.push(...first.problems);
    }
    for (const { row } of others) {
      const reason = `another row has this if_name (${first?.row._uuid}) and is used; delete one of them`;
      problems.push({ table: "Wifi_VIF_Config", row: name, column: "_uuid", value: row._uuid, reason });
    }
  }
  return { radios, vifs, problems };
}

function radiosByName(rows: Iterable<RadioConfig>, problems: Problem[]): Map<string, RadioConfig> {
  const radios = new Map<string, RadioConfig>();
  for (const row of [...rows].sort(byUuid)) {
    const report = (column: string, value: string, reason: string) =>
      problems.push({ table: "Wifi_Radio_Config", row: row.if_name ?? "", column, value, reason });
    if (!row.if_name) report("_uuid", row._uuid, "if_name is not set; the row is not applied");
    else if (radios.has(row.if_name))
      report(
        "_uuid",
        row._uuid,
        `another row has this if_name (${radios.get(row.if_name)?._uuid}) and is used; delete one of them`,
      );
    else radios.set(row.if_name, row);
  }
  return new Map([...radios].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function radioOf(
  row: VifConfig,
  radios: ReadonlyMap<string, RadioConfig>,
  phy: string | undefined,
  problems: Problem[],
): RadioConfig | null {
  const report = (column: string, value: string, reason: string, inert?: { readonly inert: true }) =>
    problems.push({ table: "Wifi_VIF_Config", row: row.if_name, column, value, reason, ...inert });
  const referring = [...radios.values()].filter((radio) => radio.vif_configs.includes(row._uuid));
  const chosen = referring.find((radio) => radio.if_name === phy) ?? referring[0];
  if (referring.length > 1) {
    const names = referring.map(({ if_name }) => if_name).join(", ");
    report(
      "_uuid",
      row._uuid,
      `referred to by several radios (vif_configs of ${names}); ${chosen?.if_name}'s reference is used`,
    );
  }
  if (!chosen) {
    const reason = "no Wifi_Radio_Config row refers to it (vif_configs); the row has no effect";
    report("_uuid", row._uuid, reason, { inert: true });
    return null;
  }
  if (phy !== undefined && phy !== chosen.if_name) {
    const reason = `phy_name mismatch: bound to ${chosen.if_name}, but it is on ${phy}; the row has no effect`;
    report("if_name", row.if_name, reason, { inert: true });
    return null;
  }
  return chosen;
}

function effectiveFirst(a: BoundVif, b: BoundVif): number {
  const rank = Number(b.radio !== null) - Number(a.radio !== null);
  return rank !== 0 ? rank : byUuid(a.row, b.row);
}

function byUuid(a: { readonly _uuid: string }, b: { readonly _uuid: string }): number {
  return a._uuid < b._uuid ? -1 : a._uuid > b._uuid ? 1 : 0;
}
