/** Parts of pages that have an address of their own, for the finder. Pure. */

import { sectionNames } from "./change/sections.ts";
import { parts } from "./workbench/view.ts";

export interface Tab {
  /** Below `/l/LOCATION`. */
  readonly to: string;
  readonly search: Readonly<Record<string, string>>;
  readonly label: string;
  /** The page that it is on. */
  readonly page: string;
  /** By what else people look for it. */
  readonly words: string;
}

const workbenchWords = {
  tables: ["Tables", "OVSDB rows columns edit schema"],
  messages: ["Messages", "JSON-RPC transactions session log"],
  reports: ["Reports", "MQTT statistics protobuf telemetry"],
  checks: ["Checks", "doctor certificate clock schema dump"],
} as const;

export const tabs: readonly Tab[] = [
  ...sectionNames.map(({ id, label, words }) => ({
    ...{ to: `/network/${id}`, search: {}, label, page: "Network", words },
  })),
  ...parts.map((part) => {
    const [label, words] = workbenchWords[part];
    return { to: "/workbench", search: { part }, label, page: "Workbench", words };
  }),
];
