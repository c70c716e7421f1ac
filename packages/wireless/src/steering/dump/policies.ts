/** What each policy of a station is set to and remembers, with the labels that deployed devices have. */

import type { Mac } from "@opensync-ts/base/units";
import type { Preference } from "../candidates.ts";
import { steeringLimits } from "../limits.ts";
import type { StationSnapshot } from "../model.ts";
import { forceKickPolicy } from "../policies/force-kick.ts";
import type { PolicyName } from "../policy-names.ts";
import { field, fields, type Tree, type Value } from "./lines.ts";
import type { DumpedStation } from "./objects.ts";

type Described = (station: DumpedStation) => readonly Tree[];

export const policyTrees: Readonly<Record<PolicyName, Described>> = {
  bss_filter: ({ snapshot }) => filter({ excluded: "OUT_OF_SCOPE", bssids: snapshot.members }),
  disarm: ({ snapshot }) => filter({ excluded: snapshot.disarmed || snapshot.backhaul ? "AVAILABLE" : null }),
  chan_cap: ({ snapshot: { channels } }) => [
    channels.listed.length > 0
      ? ["freqs:", ...channels.listed.map((frequency) => `- ${frequency}MHz`)]
      : "freqs: (none)",
  ],
  defer_vif_down_deny: ({ snapshot }) =>
    deferred(snapshot, "HARD_BLOCKED", ({ leaving, vif }) => leaving || vif === null),
  defer_vif_down_allow: ({ snapshot }) =>
    deferred(snapshot, "AVAILABLE", ({ leaving, vif }) => !leaving && vif !== null),
  cs_kick_filter({ state }) {
    const { forceKick } = state.policies;
    if (forceKick.phase !== "enforce" || forceKickPolicy(forceKick) !== "cs_kick_filter") return filter({});
    const { target, from } = forceKick;
    return target === null
      ? filter({ included: "HARD_BLOCKED", bssids: from })
      : filter({ included: "AVAILABLE", excluded: "HARD_BLOCKED", bssids: [target] });
  },
  cs_allow_filter(station) {
    const { until, seen } = station.state.policies.clientSteering;
    if (until === null || seen.mode !== "home") return filter({});
    return filter({ included: "AVAILABLE", bssids: decidedBy(station, "cs_allow_filter") });
  },
  force_kick({ state, explanation }) {
    const { phase, until } = state.policies.forceKick;
    return fields({ config: phase === "idle" ? null : "(set)", enforce_timer: remaining(until, explanation.at) });
  },
  cs_deny_filter(station) {
    const { until, seen } = station.state.policies.clientSteering;
    if (until === null || seen.mode === "off") return filter({});
    return seen.mode === "home"
      ? filter({ excluded: "SOFT_BLOCKED" })
      : filter({ included: "SOFT_BLOCKED", bssids: decidedBy(station, "cs_deny_filter") });
  },
  snr_xing_lwm: (station) => crossing(station, "lwm"),
  hwm_2g: (station) => highWaterMark(station),
  snr_xing_bottom_lwm: (station) => crossing(station, "bottom_lwm"),
  pre_assoc: (station) => preAssociation(station),
  btm_response({ state }) {
    const { list, refusals } = state.policies.btmResponse;
    const named = list?.bssids ?? [];
    return [
      [
        "response neighbors:",
        ...named.map((bssid): Tree => ["neighbor:", ...fields({ bssid, preference: "none" })]),
        ...refusals.map(({ bssid }): Tree => ["neighbor:", ...fields({ bssid, preference: "out-of-scope" })]),
      ],
    ];
  },
};

export function preferenceText(preference: Preference): string {
  return preference.toLowerCase().replaceAll("_", "-");
}

interface Filter {
  readonly included?: Preference | null;
  readonly excluded?: Preference | null;
  readonly bssids?: readonly Mac[];
}

function filter({ included = null, excluded = null, bssids = [] }: Filter): readonly Tree[] {
  const side = (label: string, preference: Preference | null): Tree => [
    label,
    ...fields({ override: preference !== null, preference: preferenceText(preference ?? "NONE") }),
  ];
  return [
    side("included_preference:", included),
    side("excluded_preference:", excluded),
    bssids.length > 0 ? ["bssids:", ...bssids.map((bssid) => `- ${bssid}`)] : "bssids: (none)",
  ];
}

function deferred(
  { bsses, members }: StationSnapshot,
  preference: Preference,
  test: (bss: StationSnapshot["bsses"][number]) => boolean,
): readonly Tree[] {
  const own = bsses.filter(({ bssid }) => members.includes(bssid));
  if (!own.some(({ leaving }) => leaving)) return filter({});
  return filter({ included: preference, bssids: own.filter(test).map(({ bssid }) => bssid) });
}

function decidedBy({ explanation }: DumpedStation, policy: PolicyName): readonly Mac[] {
  return explanation.candidates.filter(({ by }) => by === policy).map(({ bssid }) => bssid);
}

function crossing({ snapshot, settings, state }: DumpedStation, mode: "lwm" | "bottom_lwm"): readonly Tree[] {
  const isLwm = mode === "lwm";
  const { level, kick } = isLwm ? state.policies.lwm : state.policies.bottomLwm;
  const { ppdusPerMinute, links } = snapshot;
  const own = snapshot.bsses.filter(
    ({ bssid, vif, band }) => vif !== null && snapshot.members.includes(bssid) && (isLwm || band === "2.4G"),
  );
  return [
    [
      "links:",
      field("count", links.length),
      ...links.map(({ bssid, address, snr }): Tree => {
        return ["link:", ...fields({ bssid, addr: address, snr: snr === null ? "unknown" : `${snr} dB` })];
      }),
    ],
    ...fields({ btm: snapshot.btm, rrm: snapshot.rrm }),
    field("idle", ppdusPerMinute !== null && ppdusPerMinute < steeringLimits.idlePpdusPerMinute),
    ...fields({
      level: level.toLowerCase(),
      latched: yesNo(kick.phase === "backoff"),
      enforcing: yesNo(kick.phase === "enforce"),
    }),
    [
      "config:",
      own.length > 0 ? ["bssids:", ...own.map(({ bssid }) => `- ${bssid}`)] : "bssids: (none)",
      ...fields({ mode, snr: isLwm ? settings.lwm : settings.bottomLwm }),
    ],
  ];
}

function highWaterMark({ snapshot, settings, state }: DumpedStation): readonly Tree[] {
  const { phase, from, failures, recheck } = state.policies.hwm;
  const own = snapshot.bsses.filter(({ bssid }) => snapshot.members.includes(bssid));
  const isTarget = (bss: (typeof own)[number]) => bss.vif !== null && bss.band !== "2.4G";
  const list = (label: string, bsses: typeof own): Tree =>
    bsses.length > 0 ? [`${label}:`, ...bsses.map(({ bssid }) => `- ${bssid}`)] : `${label}: (none)`;
  return [
    ...fields({ state: phase, backoff: armed(phase === "backoff"), enforce: armed(phase === "enforce") }),
    ...fields({ backoff_pow: failures, no_alternatives: recheck }),
    [
      "sta_infos:",
      ...snapshot.links.map(({ vif, bssid, snr }): Tree => {
        return ["sta_info:", ...fields({ vif_name: vif, bssid, snr, enforced: from.includes(bssid) })];
      }),
    ],
    [
      "config:",
      list(
        "from_bssids",
        own.filter((bss) => !isTarget(bss)),
      ),
      list("to_bssids", own.filter(isTarget)),
      ...fields({ mode: "block from_bssids when above", threshold_snr: settings.hwm ?? "not set" }),
      ...fields({ backoff_exp_base: settings.backoffBase, enforce_duration_seconds: steeringLimits.attempt / 1_000 }),
      ...fields({ backoff_duration_seconds: settings.backoff / 1_000 }),
    ],
  ];
}

function preAssociation({ snapshot, settings, state, explanation }: DumpedStation): readonly Tree[] {
  const { plan, phase, rejects, until, backoffs } = state.policies.preAssoc;
  const left = (wanted: typeof phase): Value => remaining(phase === wanted ? until : null, explanation.at);
  const local = snapshot.bsses.filter(({ bssid, vif }) => vif !== null && snapshot.members.includes(bssid));
  const condition: readonly Tree[] =
    plan === null
      ? []
      : [
          ...(plan.maxRejects > 0
            ? [
                [
                  "counter:",
                  ...fields({ reject_limit: plan.maxRejects, reject_timeout_sec: settings.rejectsTimeout / 1_000 }),
                ] as Tree,
              ]
            : []),
          ...(plan.timeout > 0 ? [["timer:", field("reject_timeout_msec", plan.timeout)] as Tree] : []),
        ];
  return [
    plan === null
      ? "config: (nil)"
      : [
          "config:",
          ...fields({ backoff_timeout_sec: settings.backoff / 1_000, backoff_exp_base: settings.backoffBase }),
          ["reject_condition:", ...condition],
          field("backoff_condition", plan.hwm === null ? "none" : `threshold snr ${plan.hwm}`),
        ],
    field("local_bssids_count", local.length),
    ["local_bssids:", ...local.map(({ bssid, band }): Tree => ["bss:", ...fields({ bssid, band })])],
    ["vstate:", ...fields({ reject_cnt: rejects, reject_timer: left("rejecting"), backoff_timer: left("backoff") })],
    ["pstate:", ...fields({ active_link_cnt: snapshot.links.length, backoff_connect_cnt: backoffs })],
  ];
}

function remaining(until: number | null, now: number): string {
  return until === null ? "inactive" : `${(Math.max(0, until - now) / 1_000).toFixed(2)} sec remaining`;
}

function armed(is: boolean): string {
  return is ? "armed" : "disarmed";
}

function yesNo(is: boolean): string {
  return is ? "yes" : "no";
}
