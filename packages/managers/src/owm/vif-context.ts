/** What the mapping of a `Wifi_VIF_Config` row needs beside the row. */

import type { CredentialConfig, RadioConfig, VifConfig } from "./rows.ts";

export interface VifContext {
  readonly radio: RadioConfig;
  /** What the driver says the vif is; `null` while it says nothing. */
  readonly type: "ap" | "sta" | "ap_vlan" | null;
  /** The driver holds security for this AP. */
  readonly secured: boolean;
  /** The rows that `credential_configs` refers to. */
  readonly credentials: readonly CredentialConfig[];
}

export type ReportVif = (column: keyof VifConfig & string, value: string, reason: string) => void;
