/** Policies by name, and on whose behalf they move clients. */

/** In order of importance: the first to decide on a candidate has decided. */
export const policyNames = [
  "bss_filter",
  "disarm",
  "chan_cap",
  "defer_vif_down_deny",
  "defer_vif_down_allow",
  "cs_kick_filter",
  "cs_allow_filter",
  "force_kick",
  "cs_deny_filter",
  "snr_xing_lwm",
  "hwm_2g",
  "snr_xing_bottom_lwm",
  "pre_assoc",
  "btm_response",
] as const;

export type PolicyName = (typeof policyNames)[number];

/** Why a client is moved, as steering reports tell it. */
export type KickSource = "steering" | "sticky" | "speculative" | "directed" | "vif_down";
