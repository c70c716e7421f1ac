/**
 * One WAN interface on its way to an uplink: a state machine without effects.
 *
 * | state      | the interface                                                   |
 * |------------|-----------------------------------------------------------------|
 * | INIT       | is announced as an uplink without a link                        |
 * | IF_ENABLE  | has been asked to be up; its state does not show it yet         |
 * | IF_CARRIER | is up and waits for a cable                                     |
 * | PLUGIN_RUN | has a cable and asks for an address (dhcpv4)                    |
 * | IDLE       | has an address: it can be used                                  |
 */

export type PipelineState = "INIT" | "IF_ENABLE" | "IF_CARRIER" | "PLUGIN_RUN" | "IDLE";

export interface Pipeline {
  readonly state: PipelineState;
  /** When PLUGIN_RUN was entered (clock, ms). */
  readonly pluginStartedAt: number;
  /** The plug-in had its time without an address. */
  readonly exhausted: boolean;
}

export interface Observation {
  readonly now: number;
  /** `Wifi_Inet_State` shows the interface enabled, with its network up. */
  readonly up: boolean;
  /** `Wifi_Master_State.port_state` is active. */
  readonly carrier: boolean;
  /** `Wifi_Inet_State.inet_addr` is an address. */
  readonly addressed: boolean;
}

/** Columns to write; null clears one. */
export interface PipelineWrites {
  readonly inet?: { readonly ip_assign_scheme: "none" | "dhcp"; readonly enable: boolean };
  readonly uplink?: { readonly has_L2?: boolean; readonly has_L3?: boolean | null; readonly loop?: boolean };
}

export interface PipelineStep {
  readonly pipeline: Pipeline;
  /** In this order. */
  readonly writes: readonly PipelineWrites[];
  /** Clock time at which to look again; null: on a change only. */
  readonly wakeAt: number | null;
}

/** A plug-in that has no result by then has failed, ms (MANAGER_WANO_PLUGIN_TIMEOUT). */
export const pluginTimeoutMs = 15_000;

export const initialPipeline: Pipeline = { state: "INIT", pluginStartedAt: 0, exhausted: false };

export function advancePipeline(pipeline: Pipeline, seen: Observation): PipelineStep {
  const writes: PipelineWrites[] = [];
  let current = pipeline;
  for (;;) {
    const next = advanceOnce(current, seen);
    if (!next) break;
    writes.push(...next.writes);
    current = next.pipeline;
  }
  const waiting = current.state === "PLUGIN_RUN" && !current.exhausted;
  return { pipeline: current, writes, wakeAt: waiting ? current.pluginStartedAt + pluginTimeoutMs : null };
}

type Advance = Omit<PipelineStep, "wakeAt">;

/** Undefined: nothing more to do with what is seen. */
function advanceOnce(pipeline: Pipeline, seen: Observation): Advance | undefined {
  switch (pipeline.state) {
    case "INIT":
      return to("IF_ENABLE", seen, {
        uplink: { has_L2: false, has_L3: null },
        inet: { enable: true, ip_assign_scheme: "none" },
      });
    case "IF_ENABLE":
      return seen.up ? to("IF_CARRIER", seen) : undefined;
    case "IF_CARRIER":
      if (!seen.up) return to("INIT", seen);
      if (!seen.carrier) return undefined;
      return to("PLUGIN_RUN", seen, { uplink: { has_L2: true }, inet: { enable: false, ip_assign_scheme: "dhcp" } });
    case "PLUGIN_RUN":
      if (!seen.carrier || !seen.up) return to("INIT", seen);
      if (seen.addressed) return to("IDLE", seen, { uplink: { has_L2: true, has_L3: true, loop: false } });
      if (pipeline.exhausted || seen.now < pipeline.pluginStartedAt + pluginTimeoutMs) return undefined;
      // The DHCP client goes on asking; an address that comes late is as good.
      return { pipeline: { ...pipeline, exhausted: true }, writes: [{ uplink: { has_L3: false } }] };
    case "IDLE":
      if (!seen.carrier || !seen.up) return to("INIT", seen);
      return seen.addressed ? undefined : to("PLUGIN_RUN", seen, { uplink: { has_L3: null } });
  }
}

function to(state: PipelineState, seen: Observation, writes?: PipelineWrites): Advance {
  return {
    pipeline: { state, pluginStartedAt: seen.now, exhausted: false },
    writes: writes ? [writes] : [],
  };
}
