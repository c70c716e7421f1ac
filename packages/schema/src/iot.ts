/**
 * Bluetooth and Thread.
 */

import {
  boolean,
  enumeration,
  integer,
  map,
  optional,
  reference,
  set,
  string,
  table,
  uuid,
} from "@opensync-ts/ovsdb/declare";
import { unsettable } from "./superset.ts";

const offOn = enumeration("off", "on");
const bluetoothCommand = enumeration("on_boarding", "diagnostic", "locate");

export const iotTables = {
  /** BLE advertising wanted. */
  AW_Bluetooth_Config: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      mode: optional(offOn),
      connectable: optional(boolean()),
      interval_millis: optional(integer()),
      txpower: optional(integer()),
      command: optional(bluetoothCommand),
      payload: optional(string({ maxLength: 18 })),
    },
  }),

  /** BLE advertising in force. */
  AW_Bluetooth_State: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      mode: optional(offOn),
      connectable: optional(boolean()),
      interval_millis: optional(integer()),
      txpower: optional(integer()),
      command: optional(bluetoothCommand),
      payload: optional(string({ maxLength: 18 })),
    },
  }),

  /** iBeacon advertising wanted. */
  BLE_Proximity_Config: table({
    isRoot: true,
    columns: {
      adv_tx_power: integer({ min: -32768, max: 32767 }),
      adv_interval: integer({ min: 20, max: 10240 }),
      ibeacon_enable: boolean(),
      ibeacon_uuid: uuid(),
      ibeacon_major: integer({ min: 1, max: 65534 }),
      ibeacon_minor: set(integer({ min: 1, max: 65534 }), { min: 1, max: 4 }),
      ibeacon_minor_interval: optional(integer({ min: 1, max: 93600 })),
      ibeacon_power: integer({ min: -128, max: 127 }),
    },
  }),

  /** iBeacon advertising in force. */
  BLE_Proximity_State: table({
    isRoot: true,
    columns: {
      adv_tx_power: integer({ min: -32768, max: 32767 }),
      ibeacon_enable: boolean(),
      ibeacon_active: optional(boolean()),
    },
  }),

  /** A Thread border router wanted. */
  Thread_Radio_Config: table({
    isRoot: true,
    columns: {
      enable: boolean(),
      thread_interface: string({ minLength: 1, maxLength: 16 }),
      network_interface: optional(reference("IP_Interface", "weak")),
      dataset: optional(string({ maxLength: 508 })),
      network_name: optional(string({ minLength: 1, maxLength: 16 })),
      pan_id: optional(integer({ min: 0, max: 65535 })),
      ext_pan_id: optional(string({ minLength: 16, maxLength: 16 })),
      network_key: optional(string({ minLength: 32, maxLength: 32 })),
      mesh_local_prefix: optional(string({ minLength: 2, maxLength: 49 })),
      channel: optional(integer({ min: 11, max: 26 })),
      channel_mask: optional(integer({ min: 2048, max: 134215680 })),
      commissioning_psk: optional(string({ minLength: 6, maxLength: 255 })),
      reporting_interval: integer({ min: 0 }),
    },
  }),

  /** A Thread border router as it is. */
  Thread_Radio_State: table({
    isRoot: true,
    columns: {
      enable: boolean(),
      thread_interface: optional(string({ minLength: 1, maxLength: 16 })),
      network_interface: optional(reference("IP_Interface", "weak")),
      eui64: optional(string({ minLength: 16, maxLength: 16 })),
      ext_address: optional(string({ minLength: 16, maxLength: 16 })),
      dataset: optional(string({ maxLength: 508 })),
      network_name: optional(string({ minLength: 1, maxLength: 16 })),
      pan_id: optional(integer({ min: 0, max: 65535 })),
      ext_pan_id: optional(string({ minLength: 16, maxLength: 16 })),
      network_key: optional(string({ minLength: 32, maxLength: 32 })),
      mesh_local_prefix: optional(string({ minLength: 2, maxLength: 49 })),
      channel: optional(integer({ min: 11, max: 26 })),
      channel_mask: optional(integer({ min: 2048, max: 134215680 })),
      pskc: optional(string({ minLength: 32, maxLength: 32 })),
      reporting_interval: integer({ min: 0 }),
      thread_devices: set(reference("Thread_Devices", "weak"), { max: 512 }),
    },
  }),

  /** Devices of the Thread network. */
  Thread_Devices: table({
    isRoot: true,
    indexes: [["ext_address"]],
    columns: {
      ext_address: string({ minLength: 16, maxLength: 16 }),
      rloc16: integer({ min: 0, max: 64511 }),
      role: unsettable(enumeration("disabled", "detached", "child", "router", "leader")),
      ip_addresses: set(string({ minLength: 2, maxLength: 49 })),
      version: optional(integer({ min: 0, max: 255 })),
      vendor_name: optional(string({ minLength: 1, maxLength: 32 })),
      vendor_model: optional(string({ minLength: 1, maxLength: 32 })),
      vendor_sw_version: optional(string({ minLength: 1, maxLength: 16 })),
      thread_stack_version: optional(string({ minLength: 1, maxLength: 64 })),
      full_thread_device: boolean(),
      rx_on_when_idle: boolean(),
      full_network_data: boolean(),
      is_border_router: optional(boolean()),
      links: map(string({ minLength: 4, maxLength: 4 }), integer({ min: 0, max: 3 }), { max: 576 }),
    },
  }),
};
