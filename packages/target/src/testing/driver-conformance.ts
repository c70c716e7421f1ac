/**
 * What every radio driver must keep to, as tests that any driver can run: `driverConformance` registers them with
 * `node:test`. They know the driver only by its contract (`driver.ts`). For tests only.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { type Mac, type Mhz, mac } from "@opensync-ts/base/units";
import { readBeacon } from "../beacon-channel.ts";
import type { ConfigRequest, HeardBss, PhyRequest, RadioDriver, StatisticsReport, VifRequest } from "../driver.ts";
import type { ApAttributeName, ApAttributes, VifState } from "../radio.ts";
import { ContractWatch } from "./contract-watch.ts";
import { sampleAttributes } from "./sample-attributes.ts";

/** A driver in a state in which it can be tested: with a radio that is on, and an access point on it. */
export interface DriverUnderTest {
  /** Not started yet. */
  readonly driver: RadioDriver;
  /** An access point that can be switched on and off, and its radio. */
  readonly phy: string;
  readonly ap: string;
  /** Lets everything happen that is under way. */
  settle(): Promise<void>;
  close(): void | Promise<void>;
  /** A network of somebody else that a scan of its channel hears; the phy lists the channel. */
  readonly neighbour?: { readonly bssid: Mac; readonly control: Mhz };
  /** Brings a station to the access point, which is on with the given network; resolves when it is associated. */
  readonly connectStation?: (network: { readonly ssid: string; readonly psk: string }) => Promise<Mac>;
}

export interface ConformanceOptions {
  readonly name: string;
  readonly make: () => DriverUnderTest | Promise<DriverUnderTest>;
  readonly capabilities?: {
    /** Attributes of access points that the driver does not set or report; it states them in its capabilities. */
    readonly unsupported?: readonly ApAttributeName[];
  };
}

const nobody = mac("02:00:5e:00:00:01");

export function driverConformance({ name, make, capabilities = {} }: ConformanceOptions): void {
  const { unsupported = [] } = capabilities;

  /** A started driver and somebody who asks for all that changes. */
  async function started() {
    const device = await make();
    const watch = new ContractWatch(device.driver);
    watch.start();
    await device.settle();
    const request = async (vif: Omit<VifRequest, "name">, phy: Partial<PhyRequest> = {}) => {
      device.driver.requestConfig({ phys: [{ name: device.phy, ...phy, vifs: [{ name: device.ap, ...vif }] }] });
      await device.settle();
    };
    const ap = () => {
      const state = watch.vif(device.phy, device.ap);
      assert.ok(state?.type === "ap", `${device.ap} is reported as an access point`);
      return state;
    };
    return { ...device, watch, request, ap };
  }

  async function withDriver(test: (device: Awaited<ReturnType<typeof started>>) => Promise<void>) {
    const device = await started();
    try {
      await test(device);
      assert.deepEqual(device.watch.breaches, [], "the contract is kept throughout");
    } finally {
      device.driver.stop();
      await device.close();
    }
  }

  describe(`${name}: announcing`, () => {
    it("tells of every phy and vif when it is started, and a phy no later than its vifs", () =>
      withDriver(async ({ watch, phy, ap }) => {
        assert.ok(watch.phys.get(phy), `${phy} is announced and reported`);
        assert.equal(ap().phy, phy);
        for (const state of watch.vifs.values()) if (state) assert.ok(watch.phys.has(state.phy), state.phy);
      }));

    it("says nothing before it is started, and nothing after it is stopped", async () => {
      const device = await make();
      const watch = new ContractWatch(device.driver);
      await device.settle();
      assert.deepEqual(watch.log, []);
      watch.start();
      await device.settle();
      device.driver.requestPhyState(device.phy);
      device.driver.requestVifState(device.phy, device.ap);
      device.driver.stop();
      const before = watch.log.length;
      await device.settle();
      assert.equal(watch.log.length, before);
      device.driver.stop();
      await device.close();
    });

    it("tells all again to whoever starts it again", async () => {
      const device = await make();
      const first = new ContractWatch(device.driver);
      first.start();
      await device.settle();
      device.driver.stop();
      const second = new ContractWatch(device.driver);
      second.start();
      await device.settle();
      assert.deepEqual([...second.phys.keys()].sort(), [...first.phys.keys()].sort());
      assert.deepEqual([...second.vifs.keys()].sort(), [...first.vifs.keys()].sort());
      assert.ok(isDeepStrictEqual(second.vif(device.phy, device.ap), first.vif(device.phy, device.ap)));
      device.driver.stop();
      await device.close();
    });
  });

  describe(`${name}: reporting`, () => {
    it("answers each question with one report about what was asked", () =>
      withDriver(async ({ driver, watch, phy, ap, settle }) => {
        const vif = ap().name;
        watch.log.length = 0;
        driver.requestPhyState(phy);
        driver.requestVifState(phy, vif);
        await settle();
        assert.deepEqual(watch.log.toSorted(), [`phyState ${phy}`, `vifState ${phy}/${vif}`].sort());
        assert.equal(watch.phys.get(phy)?.name, phy);
        assert.deepEqual([ap().name, ap().phy], [vif, phy]);
      }));

    it("reports nothing that nobody asked for", () =>
      withDriver(async ({ watch, request, ap }) => {
        watch.asks = false;
        watch.log.length = 0;
        await request({ ap: { isolated: !ap().ap.isolated } });
        await request({ enabled: false });
        const reports = watch.log.filter((line) => /State/.test(line));
        assert.deepEqual(reports, []);
        watch.asks = true;
      }));

    it("reports null for a phy, vif or station that there is not", () =>
      withDriver(async ({ driver, watch, phy, ap, settle }) => {
        const vif = ap().name;
        driver.requestPhyState("no-such-phy");
        driver.requestVifState("no-such-phy", "no-such-vif");
        driver.requestVifState(phy, "no-such-vif");
        driver.requestStationState(phy, vif, nobody);
        await settle();
        assert.equal(watch.phys.get("no-such-phy"), null);
        assert.equal(watch.vif("no-such-phy", "no-such-vif"), null);
        assert.equal(watch.vif(phy, "no-such-vif"), null);
        assert.equal(watch.stations.get(`${phy}/${vif}/${nobody}`), null);
      }));

    it("reports in the model's normal form: lists sorted, each entry once, addresses in lower case", () =>
      withDriver(async ({ request, ap, watch }) => {
        await request({ enabled: true, ap: { ...sampleAttributes, channel: ap().ap.channel } });
        for (const state of watch.vifs.values()) if (state?.type === "ap") assertNormal(state);
      }));
  });

  describe(`${name}: configuring`, () => {
    it("switches an access point on and off, and reports it so", () =>
      withDriver(async ({ request, ap }) => {
        await request({ enabled: true, ap: { ssid: "conformance" } });
        assert.equal(ap().status, "enabled");
        await request({ enabled: false });
        assert.equal(ap().status, "disabled");
      }));

    for (const attribute of Object.keys(sampleAttributes) as ApAttributeName[]) {
      if (unsupported.includes(attribute) || attribute === "channel") continue;
      it(`applies ${attribute}, says that the vif changed, and reports it as asked`, () =>
        withDriver(async ({ request, ap, watch, phy }) => {
          const prepared = preparation[attribute] ?? {};
          await request({ enabled: true, ap: { ssid: "conformance", ...prepared } });
          const before = ap();
          const asked = sampleFor(attribute, before);
          watch.log.length = 0;
          await request({ ap: { [attribute]: asked } });
          assert.deepEqual(ap().ap[attribute], asked);
          const changed = !isDeepStrictEqual(before.ap[attribute], asked);
          const line = `vifChanged ${phy}/${before.name}`;
          // To tell of a change that is none is allowed: nobody is misled by being asked to look.
          if (changed) assert.ok(watch.log.includes(line), "the change is told");
        }));

      it(`leaves every other attribute alone when it is asked for ${attribute}`, () =>
        withDriver(async ({ request, ap }) => {
          const prepared = preparation[attribute] ?? {};
          await request({ enabled: true, ap: { ssid: "conformance", ...prepared } });
          const before = ap().ap;
          await request({ ap: { [attribute]: sampleFor(attribute, ap()) } });
          const after = ap().ap;
          for (const other of Object.keys(sampleAttributes) as ApAttributeName[]) {
            if (other !== attribute) assert.deepEqual(after[other], before[other], other);
          }
        }));
    }

    it("moves to a channel that it lists", () =>
      withDriver(async ({ request, ap, watch, phy }) => {
        await request({ enabled: true, ap: { ssid: "conformance" } });
        const from = ap().ap.channel;
        const states = watch.phys.get(phy)?.channelStates ?? [];
        const target = states.find(({ control, dfs }) => dfs === "non_dfs" && control !== from?.control);
        if (!target) return;
        const { control } = target;
        const channel = { control, width: 20, center0: control, center1: 0, puncture: 0 } as const;
        await request({ ap: { channel, csaRequired: true } });
        assert.deepEqual(ap().ap.channel, channel);
      }));

    it("changes nothing when it is asked for what is", () =>
      withDriver(async ({ request, ap }) => {
        await request({ enabled: true, ap: { ...sampleAttributes, channel: ap().ap.channel } });
        const before = ap();
        const asked = Object.fromEntries(
          Object.keys(sampleAttributes).map((key) => [key, before.ap[key as ApAttributeName]]),
        );
        await request({ enabled: before.status === "enabled", ap: asked });
        assert.deepEqual(ap(), before);
      }));

    it("gives the last word to the last of several requests", () =>
      withDriver(async ({ driver, phy, ap, settle }) => {
        const vif = ap().name;
        for (const ssid of ["first", "second", "third"]) {
          driver.requestConfig({ phys: [{ name: phy, vifs: [{ name: vif, enabled: true, ap: { ssid } }] }] });
        }
        await settle();
        assert.equal(ap().ap.ssid, "third");
      }));

    it("takes no harm from phys, vifs and stations that there are not", () =>
      withDriver(async ({ driver, phy, ap, watch, settle }) => {
        const before = ap();
        const vifs: readonly VifRequest[] = [{ name: "no-such-vif", enabled: true, ap: { ssid: "nobody" } }];
        const request: ConfigRequest = {
          phys: [
            { name: "no-such-phy", enabled: true, vifs },
            { name: phy, vifs },
          ],
        };
        driver.requestConfig(request);
        driver.requestDeauth("no-such-phy", "no-such-vif", nobody, 1);
        driver.requestDeauth(phy, before.name, nobody, 1);
        driver.requestStationDelete?.(phy, before.name, nobody);
        await settle();
        assert.deepEqual(ap(), before);
        assert.ok(!watch.phys.has("no-such-phy") && watch.vif(phy, "no-such-vif") === undefined);
      }));
  });

  describe(`${name}: optional operations, where it has them`, () => {
    it("answers a request for statistics with one report about that phy", () =>
      withDriver(async ({ driver, phy, watch, settle }) => {
        if (!driver.requestStatistics) return;
        driver.requestStatistics({ phy, stations: true, survey: true, temperature: true, bsses: true });
        await settle();
        const reports: readonly StatisticsReport[] = watch.statistics.filter(({ pushed = false }) => !pushed);
        assert.deepEqual(
          reports.map((report) => report.phy),
          [phy],
        );
        const { temperature = 0, bsses = [] } = reports[0] ?? {};
        assert.ok(Number.isFinite(temperature), `${temperature} degrees`);
        for (const bss of bsses) assertSoundBss(bss);
      }));

    it("adds nothing to an answer that was not asked for", () =>
      withDriver(async ({ driver, phy, watch, settle }) => {
        if (!driver.requestStatistics) return;
        driver.requestStatistics({ phy, stations: false, survey: false });
        await settle();
        const [report] = watch.statistics;
        const { stations, survey, temperature, bsses } = report ?? {};
        assert.deepEqual([stations, survey, temperature, bsses], [[], [], undefined, undefined]);
      }));

    it("tells what a scan has heard before it is completed, and nothing that contradicts itself", () =>
      withDriver(async ({ driver, phy, ap, request, watch, settle, neighbour }) => {
        if (!driver.requestScan) return;
        await request({ enabled: true, ap: { ssid: "conformance" } });
        const { name: vif } = ap();
        const listed = (watch.phys.get(phy)?.channelStates ?? []).slice(0, 2).map(({ control }) => control);
        const channels = neighbour ? [neighbour.control] : listed;
        watch.log.length = 0;
        driver.requestScan(phy, vif, { channels, dwell: 20, passive: true });
        await settle();
        assert.equal(watch.log.at(-1), `scanCompleted ${phy}/${vif} done`);
        const heard = watch.scanResults.flatMap(({ bsses }) => bsses);
        for (const results of watch.scanResults) assert.deepEqual([results.phy, results.vif], [phy, vif]);
        for (const bss of heard) {
          assertSoundBss(bss);
          assert.ok(bss.control === undefined || channels.includes(bss.control), bss.bssid);
        }
        if (neighbour) assert.ok(heard.some(({ bssid }) => bssid === neighbour.bssid));
      }));

    it("breaks a scan off with its vif, and says so", () =>
      withDriver(async ({ driver, phy, ap, request, watch }) => {
        if (!driver.requestScan) return;
        await request({ enabled: true, ap: { ssid: "conformance" } });
        const { name: vif } = ap();
        const channels = (watch.phys.get(phy)?.channelStates ?? []).slice(0, 2).map(({ control }) => control);
        watch.log.length = 0;
        driver.requestScan(phy, vif, { channels, dwell: 5_000, passive: true });
        await request({ enabled: false });
        assert.deepEqual(
          watch.log.filter((line) => line.startsWith("scan")),
          [`scanCompleted ${phy}/${vif} aborted`],
        );
      }));

    it("fails a scan of channels that it does not list, and of phys and vifs that there are not", () =>
      withDriver(async ({ driver, phy, ap, request, watch, settle }) => {
        if (!driver.requestScan) return;
        await request({ enabled: true, ap: { ssid: "conformance" } });
        const { name: vif } = ap();
        const [{ control = 0 } = {}] = watch.phys.get(phy)?.channelStates ?? [];
        watch.log.length = 0;
        driver.requestScan(phy, vif, { channels: [1], dwell: 20, passive: true });
        driver.requestScan(phy, "no-such-vif", { channels: [control], dwell: 20, passive: true });
        await settle();
        const outcomes = watch.log.filter((line) => line.startsWith("scanCompleted")).sort();
        assert.deepEqual(outcomes, [`scanCompleted ${phy}/${vif} failed`, `scanCompleted ${phy}/no-such-vif failed`]);
      }));

    it("answers every scan, and refuses a second one on the same vif", () =>
      withDriver(async ({ driver, phy, ap, request, watch, settle }) => {
        if (!driver.requestScan) return;
        await request({ enabled: true, ap: { ssid: "conformance" } });
        const { name: vif } = ap();
        const channels = (watch.phys.get(phy)?.channelStates ?? []).slice(0, 2).map(({ control }) => control);
        watch.log.length = 0;
        for (let i = 0; i < 2; i++) driver.requestScan(phy, vif, { channels, dwell: 20, passive: true });
        await settle();
        const outcomes = watch.log.filter((line) => line.startsWith("scanCompleted")).sort();
        assert.deepEqual(outcomes, [`scanCompleted ${phy}/${vif} done`, `scanCompleted ${phy}/${vif} failed`]);
      }));

    it("answers every frame with its token, also one that cannot be sent", () =>
      withDriver(async ({ driver, phy, ap, watch, settle }) => {
        if (!driver.transmitFrame) return;
        const frame = new Uint8Array(30);
        driver.transmitFrame({ phy, vif: ap().name, frame, token: 7 });
        driver.transmitFrame({ phy: "no-such-phy", vif: "no-such-vif", frame, token: 8 });
        await settle();
        const answers = watch.log.filter((line) => line.startsWith("frameTransmitted"));
        assert.ok(answers.some((line) => line.startsWith("frameTransmitted 7 ")));
        assert.ok(answers.includes("frameTransmitted 8 failed"));
      }));
  });

  describe(`${name}: stations, where it can be given one`, () => {
    const network = { ssid: "conformance", psk: "conformance-key" };
    const secured: Partial<ApAttributes> = {
      ssid: network.ssid,
      wpa: { ...sampleAttributes.wpa, akm: ["psk"], pairwise: ["ccmp"], pmf: "disabled" },
      psks: [{ keyId: 3, psk: network.psk }],
    };

    it("tells when they come, reports them with the key they used, and tells when they are sent away", () =>
      withDriver(async ({ driver, phy, ap, request, watch, connectStation, settle }) => {
        if (!connectStation) return;
        await request({ enabled: true, ap: secured });
        const { name: vif } = ap();
        const station = await connectStation(network);
        await settle();
        const state = watch.stations.get(`${phy}/${vif}/${station}`);
        assert.deepEqual([state?.mac, state?.vif, state?.phy, state?.keyId], [station, vif, phy, 3]);
        watch.log.length = 0;
        driver.requestDeauth(phy, vif, station, 3);
        await settle();
        assert.ok(watch.log.includes(`stationChanged ${phy}/${vif}/${station}`));
      }));

    it("tells the next listener of those that are there", () =>
      withDriver(async ({ driver, phy, ap, request, connectStation, settle }) => {
        if (!connectStation) return;
        await request({ enabled: true, ap: secured });
        const { name: vif } = ap();
        const station = await connectStation(network);
        await settle();
        driver.stop();
        const next = new ContractWatch(driver);
        next.start();
        await settle();
        assert.equal(next.stations.get(`${phy}/${vif}/${station}`)?.mac, station);
      }));
  });

  /** What of an attribute this radio can do: a generation that it does not offer cannot be asked of it. */
  function sampleFor(attribute: ApAttributeName, { ap: { mode } }: Extract<VifState, { type: "ap" }>) {
    if (attribute !== "mode") return sampleAttributes[attribute];
    const { ht, vht, he, eht } = mode;
    return { ...sampleAttributes.mode, ht, vht, he, eht };
  }
}

/** What has to be so before an attribute can be asked for. */
const preparation: Partial<Record<ApAttributeName, Partial<ApAttributes>>> = {
  wpsPbc: { mode: { ...sampleAttributes.mode, wps: true } },
};

/** What a driver says besides the elements agrees with them. */
function assertSoundBss({ bssid, snr, control, width, center0, center1, ssid, ies }: HeardBss): void {
  assert.match(bssid, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
  assert.ok(Number.isFinite(snr) && snr >= 0, `${bssid}: ${snr} dB`);
  assert.ok(ssid === undefined || ssid.length <= 32, bssid);
  if (!ies) return;
  const said = readBeacon(ies, control);
  if (ssid) assert.deepEqual(said.ssid ?? new Uint8Array(0), ssid, bssid);
  if (!said.channel) return;
  const { control: primary, width: widest, center0: first, center1: second } = said.channel;
  assert.deepEqual(
    [control ?? primary, width ?? widest, center0 ?? first, center1 ?? second],
    [primary, widest, first, second],
    bssid,
  );
}

function assertNormal({ name, mac: address, ap }: Extract<VifState, { type: "ap" }>): void {
  const sorted = <T>(items: readonly T[], key: (item: T) => string | number) =>
    items.every((item, index) => index === 0 || key(items[index - 1] as T) < key(item));
  assert.match(address, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, name);
  for (const list of [ap.acl, ap.wpa.akm, ap.wpa.pairwise, ap.wpsCredentials] as readonly (readonly string[])[]) {
    assert.ok(
      sorted(list, (item) => item),
      name,
    );
  }
  assert.ok(
    sorted(ap.psks, ({ keyId }) => keyId),
    name,
  );
  for (const list of [ap.neighbors, ap.ftNeighbors] as readonly (readonly { readonly bssid: Mac }[])[]) {
    assert.ok(
      sorted(list, ({ bssid }) => bssid),
      name,
    );
  }
  for (const list of [ap.rates.supported, ap.rates.basic]) {
    assert.ok(
      sorted(list, (rate) => rate),
      name,
    );
  }
}
