import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { Log, LogRing } from "@opensync-ts/base/log";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { AclPolicy, StationState, VifState } from "@opensync-ts/target/radio";
import type { WirelessStateEvents } from "@opensync-ts/wireless/contract";
import { type Acl, AclKick, bans } from "./acl-kick.ts";
import { kickGrace, kickPause, maxKicks } from "./limits.ts";
import { apVif, station } from "./testing/rows.ts";

const phone = mac("02:00:00:00:0a:01");
const laptop = mac("02:00:00:00:0a:02");
const vif = "home-ap-50";

/** An AP with stations; being deauthenticated, they leave, unless they are stubborn. */
class Home {
  readonly clock = new VirtualClock();
  readonly events = new Emitter<WirelessStateEvents>();
  readonly vifs = new Map<string, VifState>([[vif, apVif()]]);
  readonly stations = new Map<string, Map<Mac, StationState>>([[vif, new Map()]]);
  /** `second station reason`. */
  readonly deauths: string[] = [];
  readonly log = new LogRing(2_000);
  stubborn = false;
  readonly kick = new AclKick({
    clock: this.clock,
    log: Log.create({ name: "OW", sink: this.log.sink, wallTime: () => this.clock.wallTime() }),
    state: this,
    deauth: (_phy, _vif, gone, reason) => {
      this.deauths.push(`${this.clock.now() / 1_000} ${gone} ${reason}`);
      if (!this.stubborn) this.stations.get(vif)?.delete(gone);
    },
  });

  join(...macs: readonly Mac[]): void {
    for (const joined of macs) {
      const state = station({ mac: joined });
      this.stations.get(vif)?.set(joined, state);
      this.events.emit("station", { mac: joined, vif, old: null, new: state });
    }
  }

  configure(policy: AclPolicy, ...macs: readonly Mac[]): void {
    this.kick.configured(new Map<string, Acl>([[vif, { policy, macs: new Set(macs) }]]));
  }

  /** The driver has taken up this ACL. */
  enforce(aclPolicy: AclPolicy, ...acl: readonly Mac[]): void {
    const old = this.vifs.get(vif) ?? null;
    const now = apVif({}, { aclPolicy, acl });
    this.vifs.set(vif, now);
    this.events.emit("vif", { name: vif, phy: "wifi1", old, new: now });
  }
}

describe("an ACL", () => {
  it("bans the listed, all but the listed, or nobody", () => {
    const macs = new Set([phone]);
    const table = (["deny", "allow", "none"] as const).map((policy) =>
      [phone, laptop].map((each) => bans({ policy, macs }, each)),
    );
    assert.deepEqual(table, [
      [true, false],
      [false, true],
      [false, false],
    ]);
  });
});

describe("stations that the configured ACL bans", () => {
  let home = new Home();
  afterEach(() => {
    home.kick.stop();
    home = new Home();
  });

  it("are deauthenticated when the list changes, once the driver keeps them out", async () => {
    home.join(phone, laptop);
    home.configure("deny", phone);
    await home.clock.advance(100);
    assert.deepEqual(home.deauths, []);
    home.enforce("deny", phone);
    await home.clock.advance(60_000);
    assert.deepEqual(home.deauths, [`0.1 ${phone} 1`]);
    assert.match(home.log.records()[0]?.text ?? "", /ow: acl_kick: home-ap-50: 02:00:00:00:0a:01: banned/);
  });

  it("are those missing from an allow list, too", async () => {
    home.join(phone, laptop);
    home.configure("allow", phone);
    home.enforce("allow", phone);
    await home.clock.advance(60_000);
    assert.deepEqual(home.deauths, [`0 ${laptop} 1`]);
  });

  it("are deauthenticated when they appear", async () => {
    home.configure("deny", phone);
    home.enforce("deny", phone);
    await home.clock.advance(1_000);
    home.join(laptop, phone);
    await home.clock.advance(0);
    assert.deepEqual(home.deauths, [`1 ${phone} 1`]);
  });

  it("do not wait for ever for a driver that does not take up the list", async () => {
    home.join(phone);
    home.configure("deny", phone);
    await home.clock.advance(60_000);
    assert.deepEqual(home.deauths, [`${kickGrace / 1_000} ${phone} 1`]);
  });

  it("are left alone for a while when they come back", async () => {
    home.enforce("deny", phone);
    home.configure("deny", phone);
    home.join(phone);
    await home.clock.advance(1_000);
    home.join(phone);
    await home.clock.advance(1_000);
    assert.equal(home.deauths.length, 1);
    await home.clock.advance(kickPause);
    assert.deepEqual(home.deauths, [`0 ${phone} 1`, `${kickPause / 1_000} ${phone} 1`]);
    await home.clock.advance(600_000);
    assert.equal(home.deauths.length, 2);
  });

  it("that do not go are asked again, a pause in between", async () => {
    home.stubborn = true;
    home.enforce("deny", phone);
    home.configure("deny", phone);
    home.join(phone);
    await home.clock.advance(3 * kickPause);
    assert.equal(home.deauths.length, 4);
  });

  it("are spared when the ban is lifted before their turn", async () => {
    home.join(phone);
    home.configure("deny", phone);
    await home.clock.advance(kickGrace / 2);
    home.configure("none", phone);
    await home.clock.advance(60_000);
    assert.deepEqual(home.deauths, []);
  });

  it("are not those that only the driver's list has: steering put them there", async () => {
    home.join(phone);
    home.configure("none");
    home.enforce("deny", phone);
    await home.clock.advance(60_000);
    assert.deepEqual(home.deauths, []);
  });

  it("are dealt with so many at a time", async () => {
    const crowd = Array.from({ length: maxKicks + 10 }, (_, n) =>
      mac(`02:00:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`),
    );
    home.enforce("allow");
    home.configure("allow");
    home.join(...crowd);
    await home.clock.advance(0);
    assert.equal(home.deauths.length, maxKicks);
    await home.clock.advance(kickPause);
    assert.equal(home.deauths.length, crowd.length);
  });

  it("are no concern any more when it is stopped", async () => {
    home.join(phone);
    home.configure("deny", phone);
    home.kick.stop();
    home.enforce("deny", phone);
    await home.clock.advance(60_000);
    assert.deepEqual(home.deauths, []);
  });
});
