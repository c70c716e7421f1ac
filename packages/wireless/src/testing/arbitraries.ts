/** Random radios, in any state, and random intent about them: every attribute of the model, all bands, all kinds of vif. */

import { channelNumbers, channelOf, isDfs } from "@opensync-ts/target/channels";
import { noRates, openWpa, plainMode } from "@opensync-ts/target/plain-ap";
import {
  type ApAttributes,
  type Band,
  type Channel,
  legacyRates,
  type Passpoint,
  type PhyCapabilities,
  type PhyState,
  type StaNetwork,
  type StaVifState,
  type VifState,
  type Wpa,
} from "@opensync-ts/target/radio";
import fc from "fast-check";
import { apAttributeNames } from "../ap-attributes.ts";
import type { ApOverrides, Overrides, PhyOverrides, VifOverrides } from "../contract.ts";
import { ap, apVif, linkDown, macNumber, phyState, staVif, wpa2, wpa3 } from "./fixtures.ts";

/** What is there, and what is wanted of it. */
export interface Scenario {
  readonly phys: readonly PhyState[];
  readonly vifs: readonly VifState[];
  readonly phyOpinions: ReadonlyMap<string, PhyOverrides>;
  /** By vif. */
  readonly vifOpinions: ReadonlyMap<string, { readonly phy: string; readonly opinion: VifOverrides }>;
}

export function wish(overrides: Overrides, { phyOpinions, vifOpinions }: Scenario): void {
  overrides.batch(() => {
    for (const [phy, opinion] of phyOpinions) overrides.setPhy(phy, opinion);
    for (const [vif, { phy, opinion }] of vifOpinions) overrides.setVif(phy, vif, opinion);
  });
}

const macs = fc.integer({ min: 0, max: 20 }).map((n) => macNumber(n));
const secret = fc.constantFrom("12345678", "abcdefgh", "correct horse");
const hexKey = fc.constantFrom("", "0".repeat(64), "f".repeat(64));
const rates = fc.uniqueArray(fc.constantFrom(...legacyRates), { maxLength: 4 });
const rate = fc.option(fc.constantFrom(...legacyRates), { nil: null });
const servers = fc.array(
  fc.record({ server: fc.constantFrom("10.0.0.1", "10.0.0.2", "::1"), port: fc.constantFrom(1812, 1813), secret }),
  { maxLength: 3 },
);
const securities: readonly Wpa[] = [
  wpa2,
  wpa3,
  openWpa,
  { ...wpa2, groupRekey: 600 },
  { ...wpa2, akm: ["psk", "sae"], pmf: "optional" },
  { ...wpa2, wpa: true, pairwise: ["ccmp", "tkip"] },
  { ...wpa3, akm: ["ft_sae", "sae"], pairwise: ["gcmp256"], beaconProtection: true },
  { ...wpa2, akm: ["eap", "ft_eap"] },
];

const passpoint: fc.Arbitrary<Passpoint> = fc
  .record({
    hs20: fc.boolean(),
    hessid: fc.constantFrom("", "02:00:00:00:00:09"),
    osen: fc.boolean(),
    venueGroup: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
    ppsMoId: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
    naiRealms: fc.array(fc.constantFrom("a.example", "b.example"), { maxLength: 2 }),
    networkAuthTypes: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
  })
  .map((some) => ({
    osuSsid: "",
    advWanStatus: false,
    advWanSymmetric: false,
    advWanAtCapacity: false,
    asra: false,
    accessNetworkType: null,
    venueType: null,
    anqpDomainId: null,
    termsTimestamp: null,
    termsFilename: "",
    anqpElement: "",
    domainNames: [],
    roamingConsortiums: [],
    operatorFriendlyNames: [],
    venueNames: [],
    venueUrls: [],
    cellularNetworks: [],
    ...some,
  }));

const flag = fc.boolean();

const modeFlags = Object.keys(plainMode) as (keyof typeof plainMode)[];

/** Some of the flags of a mode. */
const mode = fc.dictionary(fc.constantFrom(...modeFlags), flag, { maxKeys: 5 });

const anyRates = fc.record({
  supported: rates,
  basic: rates,
  beacon: fc.oneof(
    fc.constant(null),
    fc.constantFrom(...legacyRates).map((one) => ({ kind: "abg" as const, rate: one })),
    fc.record({
      kind: fc.constantFrom("ht" as const, "vht" as const, "he" as const),
      mcs: fc.integer({ max: 7, min: 0 }),
    }),
  ),
  mcast: rate,
  mgmt: rate,
});

/** All but the channel, which is the band's, and what is merged member by member. */
const attributes: {
  readonly [Name in Exclude<keyof ApAttributes, "channel" | "mode">]: fc.Arbitrary<ApAttributes[Name]>;
} = {
  bridge: fc.constantFrom("br-home", "br-guest", ""),
  beaconInterval: fc.constantFrom(100, 200),
  isolated: flag,
  ssidHidden: flag,
  mcast2ucast: flag,
  aclPolicy: fc.constantFrom("none", "allow", "deny"),
  acl: fc.array(macs, { maxLength: 8 }),
  ssid: fc.constantFrom("home", "guest", "Ünïcode ☃", ""),
  wpa: fc.constantFrom(...securities),
  psks: fc.array(fc.record({ keyId: fc.integer({ min: 0, max: 5 }), psk: secret }), { maxLength: 4 }),
  rates: fc.oneof(fc.constant(noRates), anyRates),
  nasIdentifier: fc.constantFrom("", "nas"),
  radius: servers,
  accounting: servers,
  passpoint: fc.option(passpoint, { nil: null }),
  ftEncrKey: hexKey,
  ftOverDs: flag,
  ftPmkR1Push: flag,
  ftPskGenerateLocal: flag,
  ftPmkR0KeyLifetime: fc.constantFrom(0, 3600),
  ftPmkR1MaxKeyLifetime: fc.constantFrom(0, 3600),
  ftMobilityDomain: fc.constantFrom(0, 0xaabb),
  neighbors: fc.array(
    fc.record({
      bssid: macs,
      bssidInfo: fc.constantFrom(0, 0x8f),
      opClass: fc.constantFrom(81, 128),
      channel: fc.constantFrom(1, 36),
      phyType: fc.constantFrom(7, 9),
    }),
    { maxLength: 3 },
  ),
  ftNeighbors: fc.array(fc.record({ bssid: macs, nasIdentifier: fc.constantFrom("a", "b"), key: hexKey }), {
    maxLength: 2,
  }),
  wpsCredentials: fc.array(secret, { maxLength: 2 }),
  wpsPbc: flag,
  multiAp: fc.constantFrom("none", "fronthaul_bss", "backhaul_bss", "fronthaul_backhaul_bss"),
  mbssMode: fc.constantFrom("none", "tx_vap", "non_tx_vap"),
  mbssGroup: fc.constantFrom(0, 1),
  mbo: flag,
  oce: flag,
  oceMinRssi: fc.constantFrom(null, -70, -80),
  oceRetryDelay: fc.constantFrom(0, 5),
  maxSta: fc.constantFrom(0, 32),
};

/** A few attributes of all there are: enough to meet each other, few enough to be fast. */
function someAttributes(channels: fc.Arbitrary<Channel>): fc.Arbitrary<Partial<ApAttributes>> {
  const names = fc.uniqueArray(
    fc.constantFrom("channel" as const, ...(Object.keys(attributes) as (keyof typeof attributes)[])),
    {
      maxLength: 9,
    },
  );
  return names.chain((chosen) =>
    fc.record(
      Object.fromEntries(
        chosen.map((name) => [name, name === "channel" ? channels : attributes[name]] as const),
      ) as Record<string, fc.Arbitrary<unknown>>,
    ),
  ) as fc.Arbitrary<Partial<ApAttributes>>;
}

function channelsOf(band: Band): fc.Arbitrary<Channel> {
  const all = channelNumbers[band].flatMap((number) =>
    ([20, 40, 80, 160] as const).flatMap((width) => channelOf({ band, number, width }) ?? []),
  );
  return fc.constantFrom(...all);
}

const network: fc.Arbitrary<StaNetwork> = fc.record({
  ssid: fc.constantFrom("up", "other"),
  bssid: fc.constantFrom(null, macNumber(1), macNumber(2)),
  psk: secret,
  wpa: fc.constantFrom(...securities),
  bridge: fc.constantFrom("", "br-wan"),
  multiAp: flag,
  priority: fc.constantFrom(0, 1),
});

const networks = fc.uniqueArray(network, { maxLength: 3, selector: ({ ssid, bssid }) => `${ssid} ${bssid}` });

const staState: fc.Arbitrary<StaVifState> = fc
  .record({
    status: fc.constantFrom("connected", "connecting", "disconnected", "unknown"),
    networks,
    linked: fc.option(network, { nil: null }),
    saysWpa: flag,
    mld: fc.boolean(),
  } as const)
  .map(({ status, networks: known, linked, saysWpa, mld }) => ({
    networks: known,
    mld: mld ? { addr: macNumber(99), ifName: "mld0" } : null,
    link: { ...linkDown, ...linked, wpa: saysWpa ? (linked?.wpa ?? null) : null, status },
  }));

function capabilities(band: Band): fc.Arbitrary<PhyCapabilities> {
  const most = fc.integer({ min: 0, max: 4 });
  return fc
    .record(
      {
        unsupported: fc.uniqueArray(fc.constantFrom(...apAttributeNames), { maxLength: 4 }),
        rates: fc.uniqueArray(fc.constantFrom(...legacyRates), { minLength: 1 }),
        neighborLimit: most,
        radiusLimit: most,
        aclLimit: most,
        pskLimit: most,
        maxTxPower: fc.integer({ min: 10, max: 30 }),
        chains: fc.constantFrom(1, 2, 4),
        widths: fc.constantFrom([20], [20, 40], [20, 40, 80, 160]) as fc.Arbitrary<PhyCapabilities["widths"] & object>,
        modes: fc.constantFrom([], ["ht"], ["ht", "vht", "he"]) as fc.Arbitrary<PhyCapabilities["modes"] & object>,
      },
      { requiredKeys: [] },
    )
    .map((some) => ({ band, ...some }));
}

const dfsStates = ["cac_possible", "cac_completed", "nol"] as const;

function phyOf(name: string, band: Band): fc.Arbitrary<PhyState> {
  return fc
    .record({
      enabled: fc.boolean(),
      txChainmask: fc.constantFrom(0, 1, 3),
      radar: fc.constantFrom("unsupported", "enabled", "disabled"),
      zeroWaitDfs: fc.constantFrom("unsupported", "disable", "precac"),
      punctureSupported: flag,
      capabilities: capabilities(band),
      dfs: fc.array(fc.constantFrom(...dfsStates), { minLength: 4, maxLength: 4 }),
    } as const)
    .map(({ dfs, ...over }) => {
      const plain = phyState(name, { band });
      const channelStates = plain.channelStates.map((state, index) => ({
        ...state,
        dfs: isDfs(state.control) ? (dfs[index % dfs.length] ?? "nol") : state.dfs,
      }));
      return { ...plain, channelStates, ...over };
    });
}

const phyOpinion = (band: Band): fc.Arbitrary<PhyOverrides> =>
  fc.record(
    {
      enabled: fc.boolean(),
      txChainmask: fc.constantFrom(1, 2, 3, 7),
      radar: fc.constantFrom("enabled", "disabled"),
      zeroWaitDfs: fc.constantFrom("disable", "precac"),
      regDomain: fc
        .constantFrom("US", "DE")
        .map((country) => ({ country, isoNumber: 1, revision: 0, dfs: "etsi" as const })),
      txPower: fc.integer({ min: 1, max: 30 }),
      ap: apOpinion(band),
    } as const,
    { requiredKeys: [] },
  );

function apOpinion(band: Band): fc.Arbitrary<ApOverrides> {
  return fc.tuple(someAttributes(channelsOf(band)), fc.option(mode, { nil: undefined })).map(([some, flags]) => ({
    ...some,
    ...(flags && { mode: flags }),
  }));
}

interface PartialScenario {
  readonly phy: PhyState;
  readonly vifs: readonly VifState[];
  readonly opinion: PhyOverrides | null;
  readonly vifOpinions: readonly (readonly [string, VifOverrides])[];
}

const statuses = ["enabled", "disabled", "broken"] as const;

function radio(name: string, band: Band): fc.Arbitrary<PartialScenario> {
  const common = { status: fc.constantFrom(...statuses), txPower: fc.integer({ min: 0, max: 30 }) };
  const accessPoint = fc
    .record({
      ...common,
      over: someAttributes(channelsOf(band)),
      flags: mode,
      opinion: fc.option(opinionOnAp(band), { nil: null }),
    })
    .map(({ over, flags, opinion, ...vif }) => (id: number) => {
      const plain = { ...ap, channel: channelOf({ band, number: channelNumbers[band][0] ?? 1, width: 20 }) };
      const state = apVif(name, `${name}-ap-${id}`, { ...plain, mode: { ...ap.mode, ...flags }, ...over }, vif);
      return { state, opinion };
    });
  const opinionOnSta = fc.record({ enabled: fc.boolean(), sta: fc.record({ networks }) }, { requiredKeys: [] });
  const uplink = fc
    .record({ ...common, sta: staState, opinion: fc.option(opinionOnSta, { nil: null }) })
    .map(({ sta, opinion, ...vif }) => (id: number) => ({
      state: staVif(name, `${name}-sta-${id}`, sta, vif),
      opinion,
    }));
  const vlan = fc
    .record({ ...common, opinion: fc.option(fc.record({ enabled: flag }), { nil: null }) })
    .map(({ opinion, ...vif }) => (id: number) => {
      const { type: _type, ...rest } = apVif(name, `${name}-vlan-${id}`, {}, vif) as Extract<VifState, { type: "ap" }>;
      const { ap: _ap, ...bare } = rest;
      return { state: { ...bare, type: "ap_vlan", stations: [] } satisfies VifState, opinion };
    });
  const anyVif = fc.oneof(
    { weight: 6, arbitrary: accessPoint },
    { weight: 2, arbitrary: uplink },
    { weight: 1, arbitrary: vlan },
  );
  return fc
    .record({
      phy: phyOf(name, band),
      vifs: fc.array(anyVif, { maxLength: 3 }),
      opinion: fc.option(phyOpinion(band), { nil: null }),
    })
    .map(({ phy, vifs, opinion }) => {
      const made = vifs.map((make, index) => make(index));
      return {
        phy,
        vifs: made.map(({ state }) => state),
        opinion,
        vifOpinions: made.flatMap(({ state, opinion: own }) => (own ? [[state.name, own] as const] : [])),
      };
    });
}

function opinionOnAp(band: Band): fc.Arbitrary<VifOverrides> {
  return fc.record({ enabled: fc.boolean(), ap: apOpinion(band) }, { requiredKeys: [] });
}

export const scenario: fc.Arbitrary<Scenario> = fc
  .tuple(
    radio("wifi0", "2.4G"),
    fc.option(radio("wifi1", "5G"), { nil: null }),
    fc.option(radio("wifi2", "6G"), { nil: null }),
  )
  .map((all) => {
    const radios = all.filter((one) => one !== null);
    return {
      phys: radios.map(({ phy }) => phy),
      vifs: radios.flatMap(({ vifs }) => vifs),
      phyOpinions: new Map(radios.flatMap(({ phy, opinion }) => (opinion ? [[phy.name, opinion] as const] : []))),
      vifOpinions: new Map(
        radios.flatMap(({ phy, vifOpinions }) =>
          vifOpinions.map(([vif, opinion]) => [vif, { phy: phy.name, opinion }] as const),
        ),
      ),
    };
  });
