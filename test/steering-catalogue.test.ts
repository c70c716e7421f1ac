/**
 * Behaviours of deployed steering that have a name. Each is kept by a test that carries the name in its title; where the
 * deployed behaviour differs from what is meant, by one of what is meant.
 */

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";

const family = (prefix: string, ...names: readonly string[]) => names.map((name) => `${prefix}${name}`);

const catalogue: readonly string[] = [
  ...family("ow_steer_bm_", "attr_helpers", "case1", "case2", "case3", "is_band_cap_5ghz_only"),
  ...family("ow_steer_bm_stats_", "probe", "connect", "connect_snr", "disconnect", "disconnect_snr"),
  ...family("ow_steer_bm_stats_", "force_kick", "sticky_kick_2g", "sticky_kick_bottom_2g", "steering_kick_2g"),
  "ow_steer_policy_ut_methods",
  ...family("ow_steer_policy_stack_ut_", "sorting_policies_1", "sorting_policies_2", "lifecycle"),
  "ow_steer_policy_bss_filter_ut_typical_case",
  ...family("ow_steer_policy_pre_assoc_ut_always_", "success_steer", "backoff_no_connect"),
  ...family("ow_steer_policy_pre_assoc_ut_always_backoff_connect_", "blocked_vif", "preferred_vif"),
  ...family("ow_steer_policy_pre_assoc_ut_threshold_snr_", "success_steer", "enter_backoff"),
  "ow_steer_policy_pre_assoc_ut_dormant_when_connected_to_desired_band",
  ...family("ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_", "blocked", "preferred", "blocked_auth_after_probe"),
  ...family("ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_blocked_auth_only", "", "_negative", "_bypass_failed"),
  ...family("ow_steer_policy_pre_assoc_ut_", "add_remove_local_bssids", "prevent_blocking_last_candidate"),
  ...family("ow_steer_policy_snr_xing_ut_", "levels", "candidates"),
  ...family("ow_steer_policy_force_kick_", "successful_ut", "timeout_ut", "disconnected_sta_ut"),
  ...family("ow_steer_policy_btm_response_ut_", "with_preferences", "without_preferences"),
  ...family("ow_steer_candidate_list_ut_", "lifecycle", "metric"),
  ...family("ow_steer_executor_", "call", "mutate", "action_deauth_tx_frame"),
  "ow_steer_local_neigh_ut_typical_usage",
  ...family("osw_btm_ut_", "build_frame", "send_single_btm", "resp_parse", "resp_parse_mbo"),
  ...family("osw_rrm_meas_ut_", "build_frame", "send_single_meas", "process_rrm_report"),
  ...family("osw_rrm_ut_", "build_multi_req_frame", "build_single_req_frame", "typical_usage"),
  ...family("osw_rrm_", "process_empty_report", "process_multi_report", "bcn_meas_rpt_cache_lifetime"),
  ...family("osw_throttle_ut_rate_limit_", "simple", "complex"),
  ...family("osw_token_ut_", "gen_seq", "gen_free_seq", "gen_wraparound_err_free", "gen_wraparound_free", "ref_drop"),
  ...family("osw_defer_vif_down_test_", "1", "2", "3"),
  ...family("osw_sta_assoc_test_", "mlo", "mlo_cross", "nonmlo_overlap", "nonmlo_overlap_stale_disappear"),
  ...family("osw_sta_assoc_test_", "global", "reconnect_timestamp", "vif_reconfig", "vif_config_after_sta"),
  "osw_bss_map_ut_lifecycle",
  "osw_sta_idle_test",
];

const root = join(import.meta.dirname, "..");
const files = globSync(["packages/*/src/**/*.test.ts", "test/*.test.ts"], { cwd: root }).filter(
  (file) => basename(file) !== basename(import.meta.filename),
);

/** Names by where they are in a title: of a test, or of a case in a table of tests. */
function namesIn(file: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  const isCall = /\bit(?:\.\w+)?\(\s*$|\btitle:\s*$|\b\w+:\s*$|,\s*$|\[\s*$/;
  return [...text.matchAll(/(["'`])((?:\\.|(?!\1)[^\\\n])*)\1/g)].flatMap(({ 2: title = "", index }) => {
    if (!isCall.test(text.slice(Math.max(0, index - 40), index))) return [];
    return title.match(/\b(?:ow_steer|osw)_\w+/g) ?? [];
  });
}

describe("the catalogue of steering's behaviours", () => {
  const found = new Map<string, string[]>();
  for (const file of files) for (const name of namesIn(file)) found.set(name, [...(found.get(name) ?? []), file]);

  it("has each name once", () => {
    assert.equal(new Set(catalogue).size, catalogue.length);
    assert.equal(catalogue.length, 80);
  });

  for (const name of catalogue)
    it(`has a test of ${name}`, () => assert.ok(found.has(name), `no test has ${name} in its title`));

  it("has every name that a title has", () => {
    const named = [...found.keys()].filter((name) => /_ut_|_test(_|$)|_ut$|^ow_steer_bm_/.test(name));
    assert.deepEqual(
      named.filter((name) => !catalogue.includes(name)),
      [],
    );
  });
});
