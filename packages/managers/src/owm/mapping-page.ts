/** The mapping tables as Markdown, for `docs/confsync.md`. */

import { apMapping } from "./ap-mapping.ts";
import { type Attribute, attributeLabel, type LeftOut } from "./mapping.ts";
import { passpointColumns } from "./passpoint.ts";
import { radioConfigLeftOut, radioMapping, radioStateLeftOut } from "./radio-mapping.ts";
import { staMapping } from "./sta-mapping.ts";
import { apVlanMapping, vifConfigLeftOut, vifMapping, vifStateLeftOut } from "./vif-mapping.ts";

interface Line {
  readonly config: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly state: readonly string[];
  readonly note: string;
}

export function mappingTables(): string {
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(" ");
  const table = (config: string, state: string, lines: readonly Line[]) =>
    [
      `| \`${config}\` | attribute | \`${state}\` | |`,
      "|---|---|---|---|",
      ...lines.map((line) =>
        tableRow([code(line.config), code(labelsOf(line.attributes)), code(line.state), line.note]),
      ),
    ].join("\n");
  const leftOut = (columns: LeftOut<unknown>) =>
    [
      "| column | why |",
      "|---|---|",
      ...reasons(columns).map(([names, reason]) => tableRow([code(names), reason])),
    ].join("\n");
  return [
    "### Radios",
    table("Wifi_Radio_Config", "Wifi_Radio_State", radioMapping),
    "### Every vif",
    table("Wifi_VIF_Config", "Wifi_VIF_State", vifMapping),
    "### Access points",
    table("Wifi_VIF_Config", "Wifi_VIF_State", apMapping),
    `Of a \`Passpoint_Config\` row: ${code(passpointColumns)}.`,
    "### Stations",
    table("Wifi_VIF_Config", "Wifi_VIF_State", staMapping),
    "### AP_VLANs",
    table("Wifi_VIF_Config", "Wifi_VIF_State", apVlanMapping),
    "### Not applied, on purpose",
    "`Wifi_Radio_Config`:",
    leftOut(radioConfigLeftOut),
    "`Wifi_VIF_Config`:",
    leftOut(vifConfigLeftOut),
    "### Not reported, on purpose",
    "`Wifi_Radio_State`:",
    leftOut(radioStateLeftOut),
    "`Wifi_VIF_State`:",
    leftOut(vifStateLeftOut),
  ].join("\n\n");
}

function labelsOf(attributes: readonly Attribute[]): readonly string[] {
  return [...new Set(attributes.map(attributeLabel))];
}

/** Columns that share a reason stand together. */
function reasons(columns: Readonly<Record<string, string | undefined>>): readonly (readonly [string[], string])[] {
  const byReason = Map.groupBy(Object.keys(columns), (column) => columns[column] ?? "");
  return [...byReason].map(([reason, names]) => [names, reason]);
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
