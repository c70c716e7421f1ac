import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { abortRetry, immediateRetries, pluginTimeout, retryBase, retryDoublings, retryPause } from "./limits.ts";
import { advancePipeline } from "./pipeline.ts";
import {
  initialPipeline,
  type Observation,
  type Pipeline,
  type PipelineState,
  type PipelineWrites,
  pipelineStates,
} from "./pipeline-model.ts";
import type { Attempt } from "./wan-config.ts";

const dhcp: Attempt = { plugin: { name: "dhcpv4" }, row: null };
const fixed: Attempt = {
  plugin: {
    name: "static_ipv4",
    address: "192.0.2.7",
    netmask: "255.255.255.0",
    gateway: "192.0.2.1",
    dns: ["192.0.2.53"],
  },
  row: "fixed" as Uuid,
};
const tagged: Attempt = { plugin: { name: "vlan", id: 100, attempts: [dhcp] }, row: "tagged" as Uuid };

const nothing: Observation = {
  now: 1_000,
  chance: 0.5,
  up: false,
  scheme: "none",
  address: null,
  carrier: false,
  bridged: false,
  client: false,
  attempts: [dhcp],
  router: "unknown",
  vlan: null,
};
const up: Observation = { ...nothing, up: true };
const plugged: Observation = { ...up, carrier: true };
const addressed: Observation = { ...plugged, scheme: "dhcp", address: "192.0.2.7" };

function at(state: PipelineState, change: Partial<Pipeline> = {}): Pipeline {
  return { ...initialPipeline, state, enteredAt: 1_000, triedSince: 1_000, attempts: [dhcp], ...change };
}

function written(pipeline: Pipeline, seen: Observation): PipelineWrites {
  const { writes } = advancePipeline(pipeline, seen);
  return {
    uplink: Object.assign({}, ...writes.map(({ uplink }) => uplink)),
    inet: Object.assign({}, ...writes.map(({ inet }) => inet)),
  };
}

/** What each state makes of each event: the state in which the pipeline comes to rest. */
const transitions: {
  readonly [S in PipelineState]: readonly (readonly [what: string, seen: Observation, rest: PipelineState])[];
} = {
  INIT: [
    ["nothing is there", nothing, "IF_ENABLE"],
    ["up already", up, "IF_CARRIER"],
    ["plugged already", plugged, "PLUGIN_RUN"],
    ["in a bridge", { ...plugged, bridged: true }, "FREEZE"],
  ],
  START: [
    ["nothing is there", nothing, "IF_ENABLE"],
    ["in a bridge", { ...up, bridged: true }, "FREEZE"],
  ],
  IF_ENABLE: [
    ["not up yet", nothing, "IF_ENABLE"],
    ["up, with an address of before", { ...up, scheme: "dhcp" }, "IF_ENABLE"],
    ["up", up, "IF_CARRIER"],
    ["in a bridge", { ...up, bridged: true }, "FREEZE"],
  ],
  IF_CARRIER: [
    ["no cable", up, "IF_CARRIER"],
    ["a cable", plugged, "PLUGIN_RUN"],
    ["not up any more", nothing, "IF_ENABLE"],
    ["in a bridge", { ...up, bridged: true }, "FREEZE"],
  ],
  PLUGIN_SCHED: [
    ["something to try", plugged, "PLUGIN_RUN"],
    ["an address is left over", addressed, "IF_IPV4_RESET"],
    ["the cable is pulled", up, "IF_CARRIER"],
    ["a client", { ...plugged, client: true }, "ABORT"],
    ["other attempts", { ...plugged, attempts: [fixed, dhcp] }, "PLUGIN_RUN"],
    ["in a bridge", { ...plugged, bridged: true }, "FREEZE"],
  ],
  IF_IPV4_RESET: [
    ["the address is still there", addressed, "IF_IPV4_RESET"],
    ["the address has gone", plugged, "PLUGIN_RUN"],
    ["the address will not go", { ...addressed, scheme: "static", now: 1_000 + pluginTimeout }, "PLUGIN_RUN"],
    ["the cable is pulled", up, "IF_CARRIER"],
    ["a client", { ...plugged, client: true }, "ABORT"],
    ["in a bridge", { ...plugged, bridged: true }, "FREEZE"],
  ],
  PLUGIN_RUN: [
    ["no result yet", { ...plugged, scheme: "dhcp" }, "PLUGIN_RUN"],
    ["an address", addressed, "IDLE"],
    ["no result in time", { ...plugged, scheme: "dhcp", now: 1_000 + pluginTimeout }, "PLUGIN_SCHED"],
    ["the cable is pulled", up, "IF_CARRIER"],
    ["switched off", { ...nothing, carrier: true }, "IF_ENABLE"],
    ["a client", { ...plugged, client: true }, "ABORT"],
    ["other attempts", { ...plugged, attempts: [fixed] }, "PLUGIN_RUN"],
    ["in a bridge", { ...plugged, bridged: true }, "FREEZE"],
  ],
  IDLE: [
    ["all is well", addressed, "IDLE"],
    ["the address is lost", { ...plugged, scheme: "dhcp" }, "PLUGIN_RUN"],
    ["the cable is pulled", { ...up, scheme: "dhcp" }, "IF_ENABLE"],
    ["a client", { ...addressed, client: true }, "IDLE"],
    ["other attempts", { ...addressed, attempts: [fixed] }, "IF_ENABLE"],
    ["in a bridge", { ...addressed, bridged: true }, "FREEZE"],
  ],
  ABORT: [
    ["too early", { ...plugged, client: true }, "ABORT"],
    ["time to look again", { ...plugged, client: true, now: 50_000 }, "PLUGIN_RUN"],
    ["the client was none", { ...plugged, client: false }, "PLUGIN_RUN"],
    ["the cable is pulled", { ...up, client: true }, "IF_CARRIER"],
    ["in a bridge", { ...plugged, client: true, bridged: true }, "FREEZE"],
  ],
  FREEZE: [
    ["in a bridge", { ...plugged, bridged: true }, "FREEZE"],
    ["the cable is pulled", { ...up, bridged: true }, "FREEZE"],
    ["out of the bridge", plugged, "PLUGIN_RUN"],
  ],
  UNFREEZE: [["out of the bridge", plugged, "PLUGIN_RUN"]],
};

describe("a WAN interface", () => {
  for (const state of pipelineStates) {
    for (const [what, seen, rest] of transitions[state]) {
      it(`${state}, ${what}: ${rest}`, () => {
        const told = state === "ABORT" ? { clientTold: true, retryAt: 50_000 } : {};
        assert.equal(advancePipeline(at(state, told), seen).pipeline.state, rest);
      });
    }
  }

  it("is announced without a link, asked to be up, then to ask for an address", () => {
    assert.deepEqual(written(initialPipeline, nothing), {
      uplink: { has_L2: false, has_L3: null, eth_client: null },
      inet: {
        enabled: true,
        network: true,
        NAT: true,
        ip_assign_scheme: "none",
        inet_addr: null,
        netmask: null,
        gateway: null,
        dns: {},
      },
    });
    const { uplink, inet } = written(at("IF_CARRIER"), plugged);
    assert.deepEqual([uplink, inet?.ip_assign_scheme], [{ has_L2: true }, "dhcp"]);
    assert.deepEqual(written(at("PLUGIN_RUN"), addressed).uplink, {
      has_L2: true,
      has_L3: true,
      loop: false,
      eth_client: null,
    });
  });

  it("says that there is no layer 3 only when everything has failed", () => {
    const attempts = [fixed, dhcp];
    const late = { ...plugged, attempts, now: 1_000 + pluginTimeout };
    const first = advancePipeline(at("PLUGIN_RUN", { attempts }), late);
    assert.deepEqual([first.pipeline.next, first.pipeline.exhausted, first.pipeline.failed], [1, false, [fixed.row]]);
    assert.ok(first.writes.every(({ uplink }) => uplink?.has_L3 === undefined));
    const second = advancePipeline(first.pipeline, { ...late, scheme: "dhcp", now: late.now + pluginTimeout });
    assert.deepEqual([second.pipeline.exhausted, second.writes.at(-1)?.uplink], [true, { has_L3: false }]);
  });

  it("goes on to DHCP as soon as the router of a static address is silent", () => {
    const attempts = [fixed, dhcp];
    const seen = { ...plugged, attempts, scheme: "static", address: "192.0.2.7" } as const;
    const running = at("PLUGIN_RUN", { attempts });
    assert.equal(advancePipeline(running, { ...seen, router: "unknown" }).pipeline.state, "PLUGIN_RUN");
    assert.equal(advancePipeline(running, { ...seen, router: "answers" }).pipeline.state, "IDLE");
    const silent = advancePipeline(running, { ...seen, router: "silent" });
    assert.deepEqual([silent.pipeline.state, silent.pipeline.next], ["IF_IPV4_RESET", 1]);
  });

  it("is used through its VLAN, and has no layer 3 of its own then", () => {
    const running = at("PLUGIN_RUN", { attempts: [tagged] });
    const seen = { ...plugged, attempts: [tagged] };
    assert.equal(advancePipeline(running, { ...seen, vlan: "trying" }).pipeline.state, "PLUGIN_RUN");
    assert.equal(written(running, { ...seen, vlan: "up" }).uplink?.has_L3, null);
    assert.deepEqual(advancePipeline(running, { ...seen, vlan: "failed" }).pipeline.failed, [tagged.row]);
    // All that is tried on the VLAN has its time.
    assert.equal(advancePipeline(running, { ...seen, vlan: "trying" }).wakeAt, 1_000 + 2 * pluginTimeout);
  });

  it("takes an address that comes late", () => {
    const waiting = at("PLUGIN_SCHED", { exhausted: true, retryAt: 9_000 });
    assert.equal(advancePipeline(waiting, { ...plugged, scheme: "dhcp" }).pipeline.state, "PLUGIN_SCHED");
    const found = advancePipeline(waiting, addressed);
    assert.deepEqual([found.pipeline.state, found.pipeline.exhausted], ["IDLE", false]);
  });

  it("tries again a moment later for five minutes, then ever more rarely, up to 96 s", () => {
    const delays = (now: number, retries: number) =>
      [0, 1].map((chance) => {
        const failed = at("PLUGIN_SCHED", { next: 1, retries: retries - 1 });
        const { pipeline } = advancePipeline(failed, { ...plugged, scheme: "dhcp", now, chance });
        return (pipeline.retryAt ?? 0) - now;
      });
    assert.deepEqual(delays(1_000, 1), [...retryPause]);
    const later = 1_000 + immediateRetries;
    assert.deepEqual(delays(later, 1), [retryBase, 2 * retryBase]);
    const longest = retryBase * 2 ** retryDoublings;
    for (const retries of [retryDoublings, 99]) assert.deepEqual(delays(later, retries), [longest / 2, longest]);
  });

  it("does not give DHCP up between two tries where nothing else is tried", () => {
    const waiting = at("PLUGIN_SCHED", { exhausted: true, retryAt: 2_000 });
    const again = advancePipeline(waiting, { ...plugged, scheme: "dhcp", now: 2_000 });
    assert.deepEqual([again.pipeline.state, again.writes], ["PLUGIN_RUN", []]);
  });

  it("with an Ethernet client is no uplink, and is looked at again in 48 to 96 s", () => {
    for (const chance of [0, 1]) {
      const found = advancePipeline(at("PLUGIN_RUN"), { ...plugged, client: true, chance });
      assert.equal(found.wakeAt, 1_000 + abortRetry[chance as 0 | 1]);
      const { uplink, inet } = written(at("PLUGIN_RUN"), { ...plugged, client: true, chance });
      assert.deepEqual(uplink, { has_L3: false, eth_client: true, loop: false });
      assert.deepEqual([inet?.NAT, inet?.ip_assign_scheme], [false, "none"]);
    }
  });

  it("goes on being told as a client's port while it is looked at again, and is put off again", () => {
    const client = { ...plugged, client: true };
    const aborted = at("ABORT", { clientTold: true, retryAt: 50_000 });
    const again = advancePipeline(aborted, { ...client, now: 50_000 });
    assert.ok(again.writes.every(({ uplink }) => uplink?.eth_client === undefined && uplink?.has_L2 !== false));
    const over = advancePipeline(again.pipeline, { ...client, scheme: "dhcp", now: 50_000 + pluginTimeout });
    assert.deepEqual([over.pipeline.state, over.writes.at(-1)?.uplink], ["ABORT", { has_L3: false }]);
  });

  it("loses NAT and addresses in a bridge where it was no uplink; one that is in use keeps what it has", () => {
    const bridged = { ...plugged, bridged: true };
    assert.deepEqual(written(at("PLUGIN_RUN"), bridged).inet?.NAT, false);
    assert.deepEqual(written(at("IDLE", { hadL3: true }), { ...addressed, bridged: true }), {
      uplink: { has_L2: true },
      inet: {},
    });
  });

  it("that is to be in a bridge and lost its cable is on layer 3 again once it has an address of its own, if it ever was", () => {
    const bridged = { ...plugged, bridged: true };
    const regained = { ...addressed, bridged: true };
    for (const hadL3 of [true, false]) {
      const pulled = advancePipeline(at("FREEZE", { carrier: true, hadL3 }), { ...up, bridged: true }).pipeline;
      const plain = advancePipeline(pulled, bridged).pipeline;
      const { writes, pipeline } = advancePipeline(plain, regained);
      const told = { has_L2: true, has_L3: true, loop: false, eth_client: null };
      assert.deepEqual(writes, hadL3 ? [{ uplink: told }] : []);
      assert.deepEqual(advancePipeline(pipeline, regained).writes, [], "once");
    }
  });

  it("tells the cable of a port that is in a bridge, and nothing twice", () => {
    const frozen = at("FREEZE", { carrier: true });
    const pulled = advancePipeline(frozen, { ...up, bridged: true });
    assert.deepEqual(pulled.writes, [{ uplink: { has_L2: false, has_L3: null, eth_client: null } }]);
    assert.deepEqual(advancePipeline(pulled.pipeline, { ...up, bridged: true }).writes, []);
    assert.deepEqual(advancePipeline(pulled.pipeline, { ...plugged, bridged: true }).writes, [
      { uplink: { has_L2: true } },
    ]);
  });
});
