/** What the mapping of a `Wifi_VIF_Config` row needs beside the row. */

import type { Band } from "@opensync-ts/target/radio";
import type { RadioConfig, References, VifConfig } from "./rows.ts";

export interface VifContext {
  readonly radio: RadioConfig;
  /** Of that radio. */
  readonly band: Band;
  /** What the driver says the vif is; `null` while it says nothing. */
  readonly type: "ap" | "sta" | "ap_vlan" | null;
  /** The driver holds security for this AP. */
  readonly secured: boolean;
  readonly references: References;
}

export type ReportVif = (column: keyof VifConfig & string, value: string, reason: string) => void;
