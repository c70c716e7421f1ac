/**
 * Tunnels: VPN, IPsec, generic tunnel interfaces, public Wi-Fi.
 */

import {
  boolean,
  enumeration,
  immutable,
  integer,
  map,
  optional,
  set,
  string,
  table,
} from "@opensync-ts/ovsdb/declare";
import { objectStatus } from "./shared-types.ts";
import { unsettable } from "./superset.ts";

const authenticationMode = enumeration("psk", "pubkey", "xauth", "eap-mschapv2");
const negotiationMode = enumeration("main", "aggressive");
const keyExchange = enumeration("ike", "ikev1", "ikev2");
const ipsecProtocol = enumeration("esp", "ah");
const encryptionSuite = enumeration("3des", "aes128", "aes192", "aes256");
const integritySuite = enumeration("sha1", "md5", "sha256");
const diffieHellmanGroup = enumeration("1", "2", "5", "14");

export const vpnTables = {
  /** VPN tunnels and their health. */
  VPN_Tunnel: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 128 }),
      enable: boolean(),
      tunnel_status: optional(enumeration("down", "connecting", "up", "error")),
      healthcheck_enable: boolean(),
      healthcheck_ip: optional(string({ minLength: 1, maxLength: 49 })),
      healthcheck_interval: optional(integer()),
      healthcheck_timeout: optional(integer()),
      healthcheck_src: optional(string({ minLength: 1, maxLength: 49 })),
      healthcheck_status: optional(enumeration("ok", "nok", "na", "error")),
    },
  }),

  /** Parameters of an IPsec tunnel. */
  IPSec_Config: table({
    isRoot: true,
    columns: {
      tunnel_name: string({ minLength: 1, maxLength: 128 }),
      remote_endpoint_id: optional(string({ minLength: 1, maxLength: 256 })),
      remote_endpoint: string({ minLength: 1, maxLength: 256 }),
      local_endpoint_id: optional(string({ minLength: 1, maxLength: 256 })),
      local_endpoint: optional(string({ minLength: 1, maxLength: 49 })),
      remote_subnets: set(string({ minLength: 1, maxLength: 49 }), { max: 32 }),
      local_subnets: set(string({ minLength: 1, maxLength: 49 }), { max: 32 }),
      remote_virt_ip: set(string({ minLength: 1, maxLength: 49 }), { max: 8 }),
      local_virt_ip: set(string({ minLength: 1, maxLength: 49 }), { max: 8 }),
      local_auth_mode: optional(authenticationMode),
      remote_auth_mode: optional(authenticationMode),
      local_auth_mode2: optional(authenticationMode),
      remote_auth_mode2: optional(authenticationMode),
      psk: optional(string({ minLength: 1, maxLength: 256 })),
      xauth_user: optional(string({ minLength: 1, maxLength: 256 })),
      xauth_pass: optional(string({ minLength: 1, maxLength: 256 })),
      eap_id: optional(string({ minLength: 1, maxLength: 256 })),
      eap_secret: optional(string({ minLength: 1, maxLength: 256 })),
      eap_identity: optional(string({ minLength: 1, maxLength: 256 })),
      nego_mode: optional(negotiationMode),
      key_exchange: optional(keyExchange),
      ike_lifetime: optional(integer()),
      lifetime: optional(integer()),
      protocol: optional(ipsecProtocol),
      ike_enc_suite: set(encryptionSuite, { max: 8 }),
      ike_auth_suite: set(integritySuite, { max: 8 }),
      ike_dh_groups: set(diffieHellmanGroup, { max: 8 }),
      esp_enc_suite: set(encryptionSuite, { max: 8 }),
      esp_auth_suite: set(integritySuite, { max: 8 }),
      esp_dh_groups: set(diffieHellmanGroup, { max: 8 }),
      dpd_delay: optional(integer()),
      dpd_timeout: optional(integer()),
      mark: optional(integer()),
      other_config: map(string(), string()),
    },
  }),

  /** Parameters in force of an IPsec tunnel. */
  IPSec_State: table({
    isRoot: true,
    columns: {
      tunnel_name: string({ minLength: 1, maxLength: 128 }),
      remote_endpoint_id: optional(string({ minLength: 1, maxLength: 256 })),
      remote_endpoint: string({ minLength: 1, maxLength: 256 }),
      local_endpoint_id: optional(string({ minLength: 1, maxLength: 256 })),
      local_endpoint: optional(string({ minLength: 1, maxLength: 49 })),
      remote_subnets: set(string({ minLength: 1, maxLength: 49 }), { max: 32 }),
      local_subnets: set(string({ minLength: 1, maxLength: 49 }), { max: 32 }),
      remote_virt_ip: set(string({ minLength: 1, maxLength: 49 }), { max: 8 }),
      local_virt_ip: set(string({ minLength: 1, maxLength: 49 }), { max: 8 }),
      local_auth_mode: optional(authenticationMode),
      remote_auth_mode: optional(authenticationMode),
      local_auth_mode2: optional(authenticationMode),
      remote_auth_mode2: optional(authenticationMode),
      psk: optional(string({ minLength: 1, maxLength: 256 })),
      xauth_user: optional(string({ minLength: 1, maxLength: 256 })),
      xauth_pass: optional(string({ minLength: 1, maxLength: 256 })),
      eap_id: optional(string({ minLength: 1, maxLength: 256 })),
      eap_secret: optional(string({ minLength: 1, maxLength: 256 })),
      eap_identity: optional(string({ minLength: 1, maxLength: 256 })),
      nego_mode: optional(negotiationMode),
      key_exchange: optional(keyExchange),
      ike_lifetime: optional(integer()),
      lifetime: optional(integer()),
      protocol: optional(ipsecProtocol),
      ike_enc_suite: set(encryptionSuite, { max: 8 }),
      ike_auth_suite: set(integritySuite, { max: 8 }),
      ike_dh_groups: set(diffieHellmanGroup, { max: 8 }),
      esp_enc_suite: set(encryptionSuite, { max: 8 }),
      esp_auth_suite: set(integritySuite, { max: 8 }),
      esp_dh_groups: set(diffieHellmanGroup, { max: 8 }),
      dpd_delay: optional(integer()),
      dpd_timeout: optional(integer()),
      mark: optional(integer()),
    },
  }),

  /** Tunnel interfaces of the kernel. */
  Tunnel_Interface: table({
    isRoot: true,
    indexes: [["if_name"]],
    columns: {
      if_name: immutable(string()),
      if_type: unsettable(enumeration("vti", "vti6", "ip6tnl", "ip4gre", "ip4gretap", "ip6gre", "ip6gretap")),
      enable: boolean(),
      local_endpoint_addr: optional(string({ minLength: 1, maxLength: 49 })),
      remote_endpoint_addr: optional(string({ minLength: 1, maxLength: 256 })),
      key: optional(integer()),
      dev_if_name: optional(string()),
      mode: optional(enumeration("any", "ipip6", "ip6ip6")),
      status: optional(objectStatus),
    },
  }),

  /** A public network tunnelled to its operator. */
  Public_Wifi_Config: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      enabled: optional(boolean()),
      vlan_id: optional(integer({ min: 1, max: 4096 })),
      gre_of_port: optional(integer({ min: 1, max: 62279 })),
      gre_endpoint: optional(string({ maxLength: 256 })),
      keepalive_interval: optional(integer({ min: 0, max: 1200 })),
      vif_ifnames: set(string({ maxLength: 64 }), { max: 8 }),
      tunnel_ifname: optional(string({ maxLength: 64 })),
    },
  }),

  /** The public network as it is. */
  Public_Wifi_State: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      gre_tunnel_status: optional(boolean()),
      gre_tunnel_status_msg: optional(string({ maxLength: 256 })),
      gre_endpoint: optional(string({ maxLength: 256 })),
      vlan_id: optional(integer({ min: 1, max: 4096 })),
      keepalive_interval: optional(integer({ min: 1, max: 1200 })),
      enabled: optional(boolean()),
      vif_ifnames: set(string({ maxLength: 64 }), { max: 8 }),
      tunnel_ifname: optional(string({ maxLength: 64 })),
    },
  }),
};
