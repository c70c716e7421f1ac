/**
 * How fast confsync is by itself, on a large device: 8 radios with 16 access points each, each with an ACL of 64. `node
 * bench/confsync.ts`; part of `npm run bench`.
 */

import { RealClock } from "@opensync-ts/base/clock";
import { Log } from "@opensync-ts/base/log";
import { mac } from "@opensync-ts/base/units";
import { channelNumbers, channelOf } from "@opensync-ts/target/channels";
import type { ConfigRequest, RadioDriver, RadioDriverEvents } from "@opensync-ts/target/driver";
import { plainAp } from "@opensync-ts/target/plain-ap";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import type { ApOverrides, Wireless } from "@opensync-ts/wireless/contract";
import { diff } from "@opensync-ts/wireless/diff";
import { buildConfig } from "@opensync-ts/wireless/mutators";
import { OverrideStore } from "@opensync-ts/wireless/overrides";
import { startWireless } from "@opensync-ts/wireless/wireless";
import { type Figure, percentile, printFigures } from "./figures.ts";

const radios = 8;
const vifsPerRadio = 16;
const aclEntries = 64;

export async function benchConfsync(): Promise<readonly Figure[]> {
  const driver = new InstantDriver();
  const clock = new RealClock();
  const wireless = startWireless({ drivers: [driver], clock, log: quiet(clock) });
  try {
    await until(() => wireless.state.vifs.size === radios * vifsPerRadio && wireless.state.idle);
    const runs: number[] = [];
    for (let round = 0; round < 40; round++) {
      driver.requests = 0;
      const start = clock.now();
      reconfigure(wireless, round);
      await settledAgain(wireless);
      runs.push(clock.now() - start);
    }
    const { requests } = driver;
    return [
      { name: "confsync: 128 access points reconfigured, p50", value: percentile(runs.slice(10), 50), unit: "ms" },
      { name: "confsync: requests for it", value: requests, unit: "requests", goal: "1" },
      { name: "confsync: one attribute of one of them, p50", value: await oneAttribute(wireless, clock), unit: "ms" },
      ...benchDiff(wireless),
    ];
  } finally {
    wireless.stop();
  }
}

async function oneAttribute(wireless: Wireless, clock: RealClock): Promise<number> {
  const runs: number[] = [];
  for (let round = 0; round < 100; round++) {
    const start = clock.now();
    wireless.overrides.setVif("wifi0", "wifi0-ap-0", {
      enabled: true,
      ap: { ...intent(0, 0, 1), ssid: `one ${round}` },
    });
    await settledAgain(wireless);
    runs.push(clock.now() - start);
  }
  return percentile(runs.slice(20), 50);
}

/** Building the intent and comparing it, when everything differs and when nothing does. */
function benchDiff({ state }: Wireless): readonly Figure[] {
  const figure = (name: string, round: number | null): Figure => {
    const overrides = new OverrideStore(() => {});
    if (round === null)
      for (const vif of state.vifs.values()) if (vif.type === "ap") overrides.setVif(vif.phy, vif.name, { ap: vif.ap });
    if (round !== null) setAll(overrides, round);
    const runs: number[] = [];
    for (let run = 0; run < 200; run++) {
      const { tree } = buildConfig(state, [overrides]);
      const start = performance.now();
      const { changes } = diff(tree, state);
      runs.push(performance.now() - start);
      if (changes.length !== (round === null ? 0 : radios * vifsPerRadio)) throw new Error(`${changes.length} changes`);
    }
    return { name, value: percentile(runs.slice(50), 50), unit: "ms" };
  };
  return [
    figure("confsync: diff of 128 access points, all equal, p50", null),
    figure("confsync: diff of 128 access points, all different, p50", 1_000),
  ];
}

function reconfigure({ overrides }: Wireless, round: number): void {
  overrides.batch(() => setAll(overrides, round));
}

function setAll(overrides: Pick<OverrideStore, "setVif">, round: number): void {
  for (let radio = 0; radio < radios; radio++) {
    for (let vif = 0; vif < vifsPerRadio; vif++) {
      overrides.setVif(`wifi${radio}`, `wifi${radio}-ap-${vif}`, { enabled: true, ap: intent(radio, vif, round) });
    }
  }
}

/** Another one each round, in nearly every attribute that is set. */
function intent(radio: number, vif: number, round: number): ApOverrides {
  return {
    ssid: `network ${vif} of ${round}`,
    bridge: "br-home",
    aclPolicy: "deny",
    acl: Array.from({ length: aclEntries }, (_, entry) => address(radio, vif, (entry + round) % 0x10000)),
    psks: [{ keyId: 0, psk: `passphrase ${round}` }],
    wpa: { rsn: true, akm: ["psk"], pairwise: ["ccmp"], groupRekey: 600 + (round % 2) },
    isolated: round % 2 === 0,
    mode: { rrmNeighborReport: round % 2 === 0, wnmBssTransition: true },
  };
}

async function settledAgain({ confsync }: Wireless): Promise<void> {
  await new Promise<void>((resolve) => {
    const unsubscribe = confsync.events.on("transition", ({ to }) => {
      if (to !== "IDLE") return;
      unsubscribe();
      resolve();
    });
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function quiet(clock: RealClock): Log {
  return Log.create({
    name: "OW",
    sink: () => {},
    wallTime: () => clock.wallTime(),
    levels: { base: "WARNING", modules: new Map() },
  });
}

function address(...parts: readonly [number, number, number]) {
  const [radio, vif, rest] = parts;
  const byte = (value: number) => (value & 0xff).toString(16).padStart(2, "0");
  return mac(`02:00:${byte(radio)}:${byte(vif)}:${byte(rest >> 8)}:${byte(rest)}`);
}

/** Does at once what it is asked, and reports it on the next turn. */
class InstantDriver implements RadioDriver {
  readonly name = "instant";
  requests = 0;
  readonly #phys = new Map<string, PhyState>();
  readonly #vifs = new Map<string, VifState>();
  #events: RadioDriverEvents | null = null;

  constructor() {
    for (let radio = 0; radio < radios; radio++) {
      const name = `wifi${radio}`;
      this.#phys.set(name, phyOf(name, radio));
      for (let vif = 0; vif < vifsPerRadio; vif++) {
        const state = vifOf(name, `${name}-ap-${vif}`, address(radio, vif, 0xffff));
        this.#vifs.set(state.name, state);
      }
    }
  }

  start(events: RadioDriverEvents): void {
    this.#events = events;
    for (const phy of this.#phys.keys()) events.phyChanged(phy);
    for (const { phy, name } of this.#vifs.values()) events.vifChanged(phy, name);
  }

  stop(): void {
    this.#events = null;
  }

  requestPhyState(phy: string): void {
    setImmediate(() => this.#events?.phyState(phy, this.#phys.get(phy) ?? null));
  }

  requestVifState(phy: string, vif: string): void {
    setImmediate(() => this.#events?.vifState(phy, vif, this.#vifs.get(vif) ?? null));
  }

  requestStationState(): void {}

  requestDeauth(): void {}

  requestConfig(request: ConfigRequest): void {
    this.requests++;
    for (const { vifs } of request.phys) {
      for (const { name, enabled, ap } of vifs) {
        const vif = this.#vifs.get(name);
        if (vif?.type !== "ap") continue;
        const status = enabled === undefined ? vif.status : enabled ? "enabled" : "disabled";
        const { csaRequired: _, ...attributes } = ap ?? {};
        this.#vifs.set(name, { ...vif, status, ap: { ...vif.ap, ...attributes } });
        this.#events?.vifChanged(vif.phy, name);
      }
    }
  }
}

function phyOf(name: string, radio: number): PhyState {
  return {
    name,
    mac: address(radio, 0xff, 0),
    enabled: true,
    txChainmask: 0xf,
    radar: "unsupported",
    radarNextChannel: null,
    regDomain: null,
    zeroWaitDfs: "unsupported",
    channelStates: channelNumbers["2.4G"].flatMap((number) => {
      const channel = channelOf({ band: "2.4G", number, width: 20 });
      return channel ? [{ control: channel.control, dfs: "non_dfs" as const, nolRemaining: 0 }] : [];
    }),
    punctureSupported: false,
    capabilities: { band: "2.4G", aclLimit: 256, pskLimit: 8, widths: [20, 40], chains: 4 },
  };
}

function vifOf(phy: string, name: string, bssid: PhyState["mac"]): VifState {
  const channel = channelOf({ band: "2.4G", number: 6, width: 20 });
  return {
    name,
    phy,
    mac: bssid,
    status: "enabled",
    txPower: 20,
    type: "ap",
    ap: { ...plainAp, channel, ssid: "before", mld: null },
  };
}

if (import.meta.main) printFigures(await benchConfsync());
