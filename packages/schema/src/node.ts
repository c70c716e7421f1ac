/**
 * The node itself: identity, settings, services, logs, objects, certificates, LEDs.
 */

import {
  boolean,
  enumeration,
  ephemeral,
  integer,
  map,
  optional,
  set,
  string,
  table,
} from "@opensync-ts/ovsdb/declare";
import { unsettable } from "./superset.ts";

export const nodeTables = {
  /** The node: identity, versions, redirector and manager address, MQTT, firmware upgrade. One row. */
  AWLAN_Node: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      id: optional(string()),
      model: optional(string()),
      revision: string(),
      serial_number: optional(string()),
      sku_number: optional(string()),
      redirector_addr: string(),
      manager_addr: string(),
      led_config: map(string(), string()),
      mqtt_settings: map(string(), string()),
      mqtt_topics: map(string(), string({ maxLength: 128 })),
      mqtt_headers: map(string(), string()),
      platform_version: string(),
      firmware_version: string(),
      ovs_version: string(),
      firmware_url: string({ maxLength: 256 }),
      firmware_pass: string({ maxLength: 256 }),
      upgrade_timer: integer(),
      upgrade_dl_timer: integer(),
      upgrade_status: integer(),
      device_mode: optional(enumeration("cloud", "monitor", "battery", "custom")),
      factory_reset: optional(boolean()),
      version_matrix: map(string(), string()),
      min_backoff: integer(),
      max_backoff: integer(),
      vendor_name: optional(string({ maxLength: 64 })),
      vendor_part_number: optional(string({ maxLength: 64 })),
      vendor_manufacturer: optional(string({ maxLength: 64 })),
      vendor_factory: optional(string({ maxLength: 64 })),
      vendor_mfg_date: optional(string({ maxLength: 16 })),
      boot_time: optional(integer({ min: 1, max: 4294967295 })),
      pm_update_cert: optional(string({ maxLength: 256 })),
    },
  }),

  /** Settings of managers, by module and key. */
  Node_Config: table({
    isRoot: true,
    columns: {
      persist: optional(boolean()),
      module: string({ minLength: 1, maxLength: 32 }),
      key: string({ minLength: 1, maxLength: 64 }),
      value: string({ minLength: 1, maxLength: 1024 }),
    },
  }),

  /** What managers report about themselves, by module and key. */
  Node_State: table({
    isRoot: true,
    columns: {
      persist: optional(boolean()),
      module: string({ minLength: 1, maxLength: 32 }),
      key: string({ minLength: 1, maxLength: 64 }),
      value: string({ minLength: 1, maxLength: 1024 }),
    },
  }),

  /** Managers and services that DM runs. */
  Node_Services: table({
    isRoot: true,
    columns: {
      service: string({ minLength: 1, maxLength: 128 }),
      enable: optional(boolean()),
      status: optional(enumeration("enabled", "disabled", "error")),
      other_config: map(string(), string({ maxLength: 64 })),
    },
  }),

  /** Why the node rebooted, once per boot. */
  Reboot_Status: table({
    isRoot: true,
    columns: {
      count: integer({ min: 0 }),
      type: unsettable(
        enumeration(
          "UNKNOWN",
          "COLD_BOOT",
          "POWER_CYCLE",
          "WATCHDOG",
          "CRASH",
          "USER",
          "DEVICE",
          "HEALTH_CHECK",
          "UPGRADE",
          "THERMAL",
          "CLOUD",
        ),
      ),
      reason: string({ maxLength: 128 }),
    },
  }),

  /** Log severity per process, e.g. `OW` at `Trace`. */
  AW_Debug: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      name: string({ maxLength: 16 }),
      log_severity: string({ maxLength: 128 }),
    },
  }),

  /** A request to pull logs. */
  AW_LM_Config: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      name: string({ maxLength: 16 }),
      periodicity: optional(enumeration("hourly", "daily", "weekly")),
      upload_location: optional(string({ maxLength: 10240 })),
      upload_token: optional(string({ maxLength: 64 })),
    },
  }),

  /** Counts log pulls. */
  AW_LM_State: table({
    isRoot: true,
    columns: {
      name: string({ maxLength: 16 }),
      log_trigger: integer(),
    },
  }),

  /** Time-event log settings. */
  TELOG_Config: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      mqtt_topic: optional(string({ minLength: 1, maxLength: 256 })),
      mqtt_qos: optional(integer({ min: 0, max: 2 })),
      report_interval: optional(integer({ min: 1, max: 3600 })),
      log_severity: optional(string({ maxLength: 128 })),
      other_config: map(string(), string(), { max: 16 }),
    },
  }),

  /** Alarms raised by vendor software. */
  Alarms: table({
    isRoot: true,
    columns: {
      code: string(),
      timestamp: integer(),
      source: string(),
      add_info: string(),
    },
  }),

  /** LED states that ask to be shown; per LED the lowest `priority` number wins. */
  LED_Config: table({
    isRoot: true,
    indexes: [["name", "position"]],
    columns: {
      name: unsettable(
        enumeration(
          "idle",
          "error",
          "connected",
          "connecting",
          "connectfail",
          "wps",
          "optimize",
          "locate",
          "hwerror",
          "thermal",
          "btconnectable",
          "btconnecting",
          "btconnected",
          "btconnectfail",
          "upgrading",
          "upgraded",
          "upgradefail",
          "hwtest",
          "iotalarm",
          "cloud",
        ),
      ),
      priority: integer(),
      position: integer({ min: 0, max: 255 }),
      pattern: string(),
    },
  }),

  /** Objects (signature sets, apps) to install. */
  Object_Store_Config: table({
    isRoot: true,
    columns: {
      name: string({ maxLength: 64 }),
      version: string({ minLength: 1, maxLength: 16 }),
      dl_url: optional(string({ maxLength: 10240 })),
      dl_timeout: optional(integer()),
    },
  }),

  /** Objects installed, and how the installation went. */
  Object_Store_State: table({
    isRoot: true,
    columns: {
      name: string({ maxLength: 64 }),
      version: string({ minLength: 1, maxLength: 16 }),
      status: optional(
        enumeration(
          "install-failed",
          "install-done",
          "download-started",
          "download-failed",
          "download-done",
          "load-failed",
          "active",
          "error",
          "obsolete",
        ),
      ),
      fw_integrated: optional(boolean()),
    },
  }),

  /** Which version of an object its users shall take. */
  OMS_Config: table({
    isRoot: true,
    columns: {
      object_name: string({ minLength: 1, maxLength: 128 }),
      version: string({ minLength: 1, maxLength: 128 }),
      other_config: map(string(), string({ maxLength: 128 })),
    },
  }),

  /** Certificates to enrol and renew. */
  PKI_Config: table({
    isRoot: true,
    indexes: [["label"]],
    columns: {
      label: string({ maxLength: 64 }),
      server_url: string({ maxLength: 400 }),
      auth_method: string({ maxLength: 20 }),
      auth_config: map(string({ maxLength: 64 }), string({ maxLength: 512 })),
      renew: optional(boolean()),
      status: ephemeral(
        optional(
          enumeration(
            "enrolling",
            "overdue",
            "expired",
            "success",
            "error_timeout",
            "error_enroll",
            "error_cert",
            "error_device",
          ),
        ),
      ),
      os_persist: boolean(),
    },
  }),

  /** A reverse SSH tunnel for support. */
  RevSSH: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      server_host: string({ minLength: 1, maxLength: 256 }),
      server_port: optional(integer({ min: 0 })),
      server_user: string({ minLength: 1, maxLength: 256 }),
      server_pubkey: set(string({ minLength: 1, maxLength: 2048 }), { min: 1, max: 4 }),
      tunnel_remote_bind_addr: optional(string({ minLength: 1, maxLength: 49 })),
      tunnel_remote_bind_port: integer({ min: 0 }),
      tunnel_local_addr: optional(string({ minLength: 1, maxLength: 49 })),
      tunnel_local_port: optional(integer({ min: 0 })),
      session_max_time: optional(integer({ min: 0 })),
      idle_timeout: optional(integer({ min: 0 })),
      node_gen_key_type: optional(enumeration("rsa", "ecdsa", "ed25519")),
      node_gen_key_bits: optional(integer({ min: 256 })),
      other_config: map(string(), string({ maxLength: 128 })),
      node_pubkey: optional(string({ minLength: 1, maxLength: 2048 })),
      tunnel_status: optional(
        enumeration(
          "unknown",
          "init_error",
          "connect_failure",
          "preauth_failure",
          "auth_failure",
          "connecting",
          "remote_fwd_failure",
          "established",
          "active",
          "disconnected_idle",
          "disconnected_maxtime",
          "disconnected",
        ),
      ),
      log_last_err_msg: optional(string({ minLength: 1, maxLength: 256 })),
    },
  }),
};
