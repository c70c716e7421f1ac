/**
 * `Wifi_VIF_Config` → what OWM asks of a vif, by the tables in `ap-mapping.ts` and `sta-mapping.ts`. A column that is unset
 * is no opinion, with these exceptions, which are always replaced by what the row says, even if that is nothing: ACL,
 * PSKs, neighbours, RADIUS servers and Passpoint of an AP, networks of a STA.
 */

import type { ApOverrides, VifOverrides } from "@opensync-ts/wireless/contract";
import { type ApAsking, apMapping } from "./ap-mapping.ts";
import { apSecurityOf } from "./ap-security.ts";
import { mergeApOverrides } from "./merge-overrides.ts";
import type { Mapped, Problem } from "./problems.ts";
import type { VifConfig } from "./rows.ts";
import { staNetworks } from "./sta-config.ts";
import type { ReportVif, VifContext } from "./vif-context.ts";
import { vifMapping } from "./vif-mapping.ts";

/** What a row that is bound to a radio asks for; `null`: nothing at all. */
export function vifOverrides(row: VifConfig, context: VifContext): Mapped<VifOverrides | null> {
  const problems: Problem[] = [];
  const report: ReportVif = (column, value, reason) =>
    problems.push({ table: "Wifi_VIF_Config", row: row.if_name, column, value, reason });

  const type = effectiveType(row, context, report);
  if (type === null) return { value: null, problems };
  const enabled: VifOverrides = Object.assign({}, ...vifMapping.map(({ apply }) => apply?.(row, context)));
  switch (type) {
    case "ap": {
      const { ap, unsafe } = apOverrides(row, context, report, problems);
      return { value: { ...enabled, ...(unsafe && !context.secured && { enabled: false }), ap }, problems };
    }
    case "sta": {
      const networks = staNetworks(row, context, report, problems);
      return { value: { ...enabled, ...(networks && { sta: { networks } }) }, problems };
    }
    case "ap_vlan":
      return { value: enabled, problems };
  }
}

/** All that `vifOverrides` looks at, rows that are referred to by the row itself (see `Memo`). */
export function vifInputs(row: VifConfig, { radio, band, type, secured, references }: VifContext): readonly unknown[] {
  const { radius, passpoints, credentials, neighbors } = references;
  const servers = [row.primary_radius, ...row.secondary_radius, row.primary_accounting, ...row.secondary_accounting];
  return [
    row,
    radio,
    band,
    type,
    secured,
    ...servers.map((uuid) => uuid && radius.get(uuid)),
    row.passpoint_config && passpoints.get(row.passpoint_config),
    ...row.credential_configs.map((uuid) => credentials.get(uuid)),
    ...(neighbors.get(row.if_name) ?? []),
  ];
}

/** The vif disabled: what removing its row asks for. An AP_VLAN is then left to itself. */
export function overridesOfRemoved(type: VifContext["type"]): VifOverrides | null {
  return type === "ap_vlan" ? null : { enabled: false };
}

/** The type is the driver's to say: a row cannot change it, only speak of another. */
function effectiveType(row: VifConfig, { type }: VifContext, report: ReportVif): VifContext["type"] {
  if (row.mode === null) return type;
  if (row.mode === "monitor") {
    report("mode", row.mode, "not supported (ap, sta or ap_vlan); the row is not applied");
    return null;
  }
  if (type !== null && type !== row.mode) {
    report("mode", row.mode, `the interface is of type ${type}; the row is not applied`);
    return null;
  }
  return row.mode;
}

/** `unsafe`: the row asks for security that nobody can make sense of; an open AP is not what was meant. */
function apOverrides(
  row: VifConfig,
  context: VifContext,
  report: ReportVif,
  problems: Problem[],
): { readonly ap: ApOverrides; readonly unsafe: boolean } {
  const reportOther = (problem: Problem) => problems.push(problem);
  const security = apSecurityOf(row, reportOther);
  const asking: ApAsking = { ...context, row, security, report, reportOther };
  return { ap: mergeApOverrides(apMapping.map(({ apply }) => apply?.(row, asking) ?? {})), unsafe: security.unsafe };
}
