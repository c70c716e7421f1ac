/** Column types that several domains share. */

import { enumeration } from "@opensync-ts/ovsdb/declare";

/** How a manager fared with an object that the cloud asked for. */
export const objectStatus = enumeration("disabled", "enabled", "error");

/** Whether the manager could apply a row. */
export const outcome = enumeration("success", "error");

export const interfaceType = enumeration(
  "bridge",
  "eth",
  "vif",
  "gre",
  "gre6",
  "vlan",
  "pppoe",
  "softwds",
  "tap",
  "lte",
  "tunnel",
  "unmanaged",
);

/** A radio band; tri-band boards split 5 GHz into a lower (`5GL`) and an upper (`5GU`) half. */
export const frequencyBand = enumeration("2.4G", "5G", "5GL", "5GU", "6G");

/** A channel width, in the names of 802.11n whatever the standard. */
export const channelWidth = enumeration(
  "HT20",
  "HT2040",
  "HT40",
  "HT40+",
  "HT40-",
  "HT80",
  "HT160",
  "HT80+80",
  "HT320",
);
