/**
 * The OpenSync database: release 7.0's schema, declared once. Row types are inferred from it, the RFC 7047 JSON is
 * generated from it (`schema-json.ts`). Where it accepts more than the release does, `superset.ts` says how and
 * docs/deviations.md why.
 */

import { database, type RowOf, type TableName, type WriteOf } from "@opensync-ts/ovsdb/declare";
import { addressingTables } from "./addressing.ts";
import { cellularTables } from "./cellular.ts";
import { dppTables } from "./dpp.ts";
import { firewallTables } from "./firewall.ts";
import { flowTables } from "./flow.ts";
import { iotTables } from "./iot.ts";
import { locationTables } from "./location.ts";
import { multicastTables } from "./multicast.ts";
import { networkTables } from "./network.ts";
import { nodeTables } from "./node.ts";
import { openvswitchTables } from "./openvswitch.ts";
import { passpointTables } from "./passpoint.ts";
import { qosTables } from "./qos.ts";
import { statisticsTables } from "./statistics.ts";
import { steeringTables } from "./steering.ts";
import { vpnTables } from "./vpn.ts";
import { wifiTables } from "./wifi.ts";

export const openSync = database({
  name: "Open_vSwitch",
  version: "7.11.420",
  tables: {
    ...wifiTables,
    ...steeringTables,
    ...passpointTables,
    ...dppTables,
    ...locationTables,
    ...statisticsTables,
    ...networkTables,
    ...addressingTables,
    ...multicastTables,
    ...firewallTables,
    ...qosTables,
    ...flowTables,
    ...nodeTables,
    ...cellularTables,
    ...iotTables,
    ...vpnTables,
    ...openvswitchTables,
  },
});

export type OpenSync = typeof openSync;

export type OpenSyncTable = TableName<OpenSync>;

/** A row as it is read, e.g. `Row<"Wifi_VIF_State">`. */
export type Row<T extends OpenSyncTable> = RowOf<OpenSync, T>;

/** A row as it is written: columns left out are not touched. */
export type Write<T extends OpenSyncTable> = WriteOf<OpenSync, T>;
