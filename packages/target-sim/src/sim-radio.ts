/** One radio of a simulated device: its phy and vifs, what requests make of them, and what of it is on the air. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import { sameChannel } from "@opensync-ts/target/channels";
import type { PhyRequest, VifRequest, WpsOutcome } from "@opensync-ts/target/driver";
import type { Channel, MldState, PhyState, VifState } from "@opensync-ts/target/radio";
import type { Attempt } from "@opensync-ts/world/access-point";
import { walkTime } from "@opensync-ts/world/push-button";
import type { World } from "@opensync-ts/world/world";
import type { Backhaul } from "./backhaul.ts";
import type { CacDurations } from "./dfs.ts";
import type { FaultSwitch } from "./faults.ts";
import { type RadioModel, vifNames } from "./models.ts";
import type { VifWire } from "./network/vif-wire.ts";
import type { Regulation } from "./regulatory.ts";
import { distortedPhy, distortedVif } from "./report-faults.ts";
import { SimPhy } from "./sim-phy.ts";
import { type ApVif, applyApRequest, bssOf, effectivePower, newVif, type SimVif } from "./sim-vif.ts";

export interface SimRadioOptions {
  readonly model: RadioModel;
  readonly mac: Mac;
  /** One for each of the model's vifs. */
  readonly vifMacs: readonly Mac[];
  readonly mldAddress: (ifName: string) => Mac;
  readonly world: World;
  readonly clock: Clock;
  readonly site: string;
  readonly backhaul: Backhaul;
  readonly regulation: Regulation;
  readonly cac: CacDurations;
  /** Milliseconds from the announcement of a channel switch to the switch. */
  readonly switchDelay: number;
  readonly faults: FaultSwitch;
  readonly admits: (vif: string, attempt: Attempt) => boolean;
  /** Something changed on its own. */
  readonly onChange: () => void;
  readonly onSwitch: (vif: string, channel: Channel) => void;
  readonly onWps: (vif: string, outcome: WpsOutcome) => void;
}

export class SimRadio {
  readonly model: RadioModel;
  readonly phy: SimPhy;
  readonly vifs: ReadonlyMap<string, SimVif>;
  readonly #options: SimRadioOptions;
  /** Push buttons that are pressed, by vif. */
  readonly #buttons = new Map<string, Timer>();
  #silent = false;
  /** A channel switch that is announced and has not happened. */
  #switch: { readonly channel: Channel; readonly timer: Timer } | null = null;

  constructor(options: SimRadioOptions) {
    const { model, mac, vifMacs, clock, regulation, cac, faults } = options;
    this.#options = options;
    this.model = model;
    this.phy = new SimPhy({
      model,
      mac,
      clock,
      regulation,
      cac,
      checksEnd: () => !faults.of(model.phy).endlessCac,
      onChange: () => {
        this.transmit();
        options.onChange();
      },
    });
    this.vifs = new Map(
      vifNames(model).map(({ name, type }, index) => [name, newVif(name, type, vifMacs[index] ?? mac, model)]),
    );
  }

  apply(request: PhyRequest): void {
    const { phy } = this;
    let moved = false;
    if (request.enabled !== undefined) phy.enabled = request.enabled;
    if (request.txChainmask !== undefined) phy.useChains(request.txChainmask);
    if (request.radar !== undefined) phy.detectRadar(request.radar);
    if (request.radarNextChannel !== undefined) phy.radarNextChannel = request.radarNextChannel;
    if (request.regDomain !== undefined) moved = phy.moveTo(request.regDomain);
    if (request.zeroWaitDfs !== undefined) phy.useZeroWait(request.zeroWaitDfs);
    if (moved) this.#dropSwitch();
    let announced = false;
    for (const vifRequest of request.vifs) {
      const vif = this.vifs.get(vifRequest.name);
      if (vif && this.#applyVif(vif, vifRequest)) announced = vifRequest.ap?.csaRequired ?? false;
    }
    this.transmit(announced);
  }

  /** Brings what is on the air in line with the settings. `announced`: a change of channel was told in advance. */
  transmit(announced = false): void {
    if (this.#silent) return;
    const { phy, model } = this;
    const { world, site, faults, backhaul, admits } = this.#options;
    const aps = [...this.vifs.values()].filter((vif) => vif.type === "ap");
    // An access point without a name cannot beacon.
    const wanted = new Set(
      aps.filter((vif) => phy.enabled && vif.enabled && vif.ap.ssid !== "" && !faults.of(model.phy, vif.name).neverUp),
    );
    const allowed = phy.mayTransmit(wanted.size > 0);
    for (const vif of aps) {
      if (!allowed || !wanted.has(vif)) {
        this.#silence(vif);
        this.#releaseButton(vif);
      } else {
        vif.onAir = true;
        world.putBss(
          bssOf(vif, phy, site, this.#mldOf(vif.name)?.addr ?? null, (attempt) => admits(vif.name, attempt)),
          { announced },
        );
      }
    }
    for (const vif of this.vifs.values()) {
      if (vif.type === "sta") backhaul.run(vif, phy.enabled && vif.enabled, model);
    }
  }

  /** Whether the radio can leave its channel for a scan of `vif`. */
  mayScan(vif: string): boolean {
    const { phy } = this;
    return phy.enabled && !phy.checking && !this.#silent && this.vifs.get(vif)?.enabled === true;
  }

  /** dBm, of its loudest access point; null: none is on the air. */
  get powerOnAir(): number | null {
    const onAir = [...this.vifs.values()].filter((vif) => vif.type === "ap" && vif.onAir);
    return onAir.length === 0 ? null : Math.max(...onAir.map((vif) => effectivePower(vif, this.phy.abilities)));
  }

  /** Radar on a 20 MHz channel (its centre, MHz). */
  hearRadar(frequency: number): void {
    if (this.phy.hearRadar(frequency)) this.#dropSwitch();
    this.transmit();
  }

  /** A button has done its work, or has met two clients at once. */
  buttonDone(bssid: Mac, outcome: WpsOutcome): void {
    for (const vif of this.vifs.values()) {
      if (vif.mac === bssid && vif.type === "ap" && vif.ap.wpsPbc) this.#endButton(vif, outcome);
    }
  }

  faultsChanged(): void {
    this.phy.faultsChanged();
    this.transmit();
  }

  /** The device, or its driver, is off. */
  close(): void {
    this.#dropSwitch();
    this.phy.stop();
    for (const timer of this.#buttons.values()) timer.cancel();
    this.#buttons.clear();
    this.silence();
  }

  /** Takes everything off the air until `wake`. */
  silence(): void {
    this.#silent = true;
    for (const vif of this.vifs.values()) {
      if (vif.type === "ap") this.#silence(vif);
      if (vif.type === "sta") this.#options.backhaul.run(vif, false, this.model);
    }
  }

  wake(): void {
    this.#silent = false;
    this.transmit();
  }

  /** The state as it would be reported now, faults included. */
  phyState(): PhyState {
    return distortedPhy(this.phy.state(), this.#options.faults.of(this.model.phy));
  }

  vifState(name: string): VifState | null {
    const vif = this.vifs.get(name);
    return vif ? distortedVif(this.#trueState(vif), this.#options.faults.of(this.model.phy, name)) : null;
  }

  /** Its vifs as the network sees them. */
  wires(): readonly VifWire[] {
    return [...this.vifs.values()].map((vif) => this.#wire(vif));
  }

  #wire(vif: SimVif): VifWire {
    const { name, mac, type } = vif;
    const plain = { name, mac, type, parent: null, isolated: false, bridgeable: true, of: null };
    switch (vif.type) {
      case "ap":
        return { ...plain, up: vif.onAir, bridge: vif.ap.bridge, isolated: vif.ap.isolated };
      case "sta": {
        const { link } = this.#options.backhaul.state(vif);
        const up = link.status === "connected" && vif.enabled;
        return { ...plain, up, parent: up ? link.bssid : null, bridge: link.bridge, bridgeable: link.multiAp };
      }
      case "ap_vlan": {
        const parent = this.vifs.get(vif.of);
        const bridge = parent?.type === "ap" ? parent.ap.bridge : "";
        return { ...plain, up: this.#backhaulStations(vif.of).length > 0, bridge, of: vif.of };
      }
    }
  }

  #trueState(vif: SimVif): VifState {
    const { phy } = this;
    const { backhaul } = this.#options;
    const active = vif.type === "ap" ? vif.onAir : vif.enabled && phy.enabled;
    const common = {
      name: vif.name,
      phy: this.model.phy,
      mac: vif.mac,
      status: active ? ("enabled" as const) : ("disabled" as const),
      // Automatic power becomes a figure only once something is transmitted.
      txPower: vif.txPower === 0 && !active ? 0 : effectivePower(vif, phy.abilities),
    };
    const mld = this.#mldOf(vif.name);
    switch (vif.type) {
      case "ap":
        return { ...common, type: "ap", ap: { ...vif.ap, channel: phy.channel, mld } };
      case "sta":
        return { ...common, type: "sta", sta: { ...backhaul.state(vif), mld } };
      case "ap_vlan":
        return { ...common, type: "ap_vlan", stations: active ? this.#backhaulStations(vif.of) : [] };
    }
  }

  #mldOf(vif: string): MldState | null {
    const ifName = this.model.mlds?.[vif]?.ifName;
    return ifName === undefined ? null : { addr: this.#options.mldAddress(ifName), ifName };
  }

  /** Stations of an access point that are other devices of ours. */
  #backhaulStations(ap: string): readonly Mac[] {
    const bssid = this.vifs.get(ap)?.mac;
    if (bssid === undefined) return [];
    const backhaul = this.#options.world.stations(bssid).filter(({ client }) => client.device.site !== null);
    return backhaul.map(({ client }) => client.device.mac).sort();
  }

  /** Returns whether the channel has changed. */
  #applyVif(vif: SimVif, request: VifRequest): boolean {
    const { phy, model } = this;
    const { backhaul } = this.#options;
    if (request.enabled !== undefined) vif.enabled = request.enabled;
    if (request.txPower !== undefined) vif.txPower = Math.min(request.txPower, model.maxTxPower);
    if (vif.type === "sta" && request.sta) backhaul.request(vif, request.sta);
    if (vif.type !== "ap" || !request.ap) return false;
    const faults = this.#options.faults.of(model.phy, vif.name);
    const before = vif.ap;
    vif.ap = applyApRequest(before, request.ap, { model, abilities: phy.abilities }, faults);
    this.#turnButton(vif, before.wpsPbc);
    const { channel, csaRequired = false } = request.ap;
    if (!channel || [...faults.unsupported, ...(model.unsupported ?? [])].includes("channel")) return false;
    return this.#moveTo(channel, csaRequired);
  }

  /** Goes to another channel: at once, after it has been announced, or after it has been checked in the background. */
  #moveTo(channel: Channel, announced: boolean): boolean {
    const { phy } = this;
    const { clock, switchDelay } = this.#options;
    if (this.#switch && sameChannel(this.#switch.channel, channel)) return false;
    this.#dropSwitch();
    const onAir = [...this.vifs.values()].filter((vif) => vif.type === "ap" && vif.onAir);
    if (onAir.length > 0 && phy.canPrepare(channel) && !sameChannel(channel, phy.channel)) {
      phy.prepare(channel, () => {
        if (this.#moveTo(channel, true)) this.transmit(true);
        this.#options.onChange();
      });
      return false;
    }
    if (!announced || onAir.length === 0 || sameChannel(channel, phy.channel) || !phy.accepts(channel)) {
      return phy.tune(channel);
    }
    for (const { name } of onAir) this.#options.onSwitch(name, channel);
    if (switchDelay === 0) return phy.tune(channel);
    const timer = clock.setTimer(switchDelay, () => {
      this.#switch = null;
      if (phy.tune(channel)) this.transmit(true);
      this.#options.onChange();
    });
    this.#switch = { channel, timer };
    return false;
  }

  #dropSwitch(): void {
    this.#switch?.timer.cancel();
    this.#switch = null;
  }

  /** A button that is pressed starts its two minutes; without WPS, or off the air, there is none to press. */
  #turnButton(vif: ApVif, was: boolean): void {
    const { clock } = this.#options;
    if (!vif.ap.mode.wps || !vif.ap.wpsPbc) this.#releaseButton(vif);
    if (!vif.ap.wpsPbc || was) return;
    this.#buttons.set(
      vif.name,
      clock.setTimer(walkTime, () => this.#endButton(vif, "pbc_timeout")),
    );
  }

  #releaseButton(vif: ApVif): void {
    this.#buttons.get(vif.name)?.cancel();
    this.#buttons.delete(vif.name);
    if (vif.ap.wpsPbc) vif.ap = { ...vif.ap, wpsPbc: false };
  }

  #endButton(vif: ApVif, outcome: WpsOutcome): void {
    this.#releaseButton(vif);
    this.transmit();
    this.#options.onWps(vif.name, outcome);
    this.#options.onChange();
  }

  #silence(vif: ApVif): void {
    if (!vif.onAir) return;
    vif.onAir = false;
    this.#options.world.removeBss(vif.mac);
  }
}
