import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Device } from "../clients/client-list.ts";
import { isHalfHeard, isOfNow, isUncompared, isUnheard, placeKey, withoutPlaces } from "./one-moment.ts";
import type { Explanation } from "./why-there.ts";

const spot = (node: string, band: string) => ({ bssid: `${node} ${band}`, node, band, channel: 36 });
const on = (...spots: readonly ReturnType<typeof spot>[]) => ({ on: [...spots] });

type Now = NonNullable<Device["now"]>;

function here(band: string, more: Partial<Now> = {}): Now {
  const figures = { snr: 50, rxLinkMbps: 193, txLinkMbps: 193, rxMbps: 0, txMbps: 0, connectedSeconds: 8 };
  return { node: "gateway", band, lastKnownAt: null, ...figures, ...more } as Now;
}

const unheard = {
  ...{ snr: null, rxLinkMbps: null, txLinkMbps: null, rxMbps: null, txMbps: null, connectedSeconds: null },
};

describe("what is told of a client as of one moment", () => {
  it("is of another one where places are compared with another than it is on", () => {
    assert.equal(isOfNow(here("2.4G"), on(spot("gateway", "2.4G"))), true);
    assert.equal(isOfNow(here("2.4G"), on(spot("gateway", "5G"))), false, "it was there before the hold");
    assert.equal(isOfNow(here("2.4G"), on(spot("extender", "2.4G"))), false);
    assert.equal(isOfNow(here("2.4G"), on()), false, "nor is it where the cloud sees it nowhere yet");
    assert.equal(isOfNow(here("5GL"), on(spot("gateway", "5G"))), true, "5 GHz may be two bands");
    assert.equal(isOfNow(here("2.4G"), on(spot("gateway", "5G"), spot("gateway", "2.4G"))), true, "it has two links");
  });

  it("is of no other one while nothing is compared", () => {
    const before = on(spot("gateway", "5G"));
    assert.equal(isOfNow(null, before), true);
    assert.equal(isOfNow(here("2.4G", { lastKnownAt: "2026-08-01T17:00:00Z" }), before), true);
    assert.equal(isOfNow(here("2.4G"), undefined), true);
  });

  it("is asked again where it has come and the cloud knew nothing of it before", () => {
    assert.equal(isUncompared(here("2.4G"), undefined), true);
    assert.equal(isUncompared(here("2.4G"), on()), true);
    assert.equal(isUncompared(here("2.4G"), on(spot("gateway", "2.4G"))), false);
    assert.equal(isUncompared(null, undefined), false);
    assert.equal(isUncompared(here("2.4G", { lastKnownAt: "2026-08-01T17:00:00Z" }), undefined), false);
  });

  it("is not heard yet until its node reports", () => {
    assert.equal(isUnheard(here("2.4G", unheard)), true);
    assert.equal(isUnheard(here("2.4G", { ...unheard, connectedSeconds: 3 })), false);
    assert.equal(isUnheard(here("2.4G", { ...unheard, lastKnownAt: "2026-08-01T17:00:00Z" })), false);
    assert.equal(isUnheard(null), false);
  });

  it("is asked again where only one of the answers has heard of it there", () => {
    const present = (snrDb: number | null, heardBy = "link") =>
      ({ candidates: [{ isPresent: true, snrDb, heardBy }] }) as unknown as Pick<Explanation, "candidates">;
    assert.equal(isHalfHeard(here("2.4G"), present(50)), false);
    assert.equal(isHalfHeard(here("2.4G"), present(null)), true);
    assert.equal(isHalfHeard(here("2.4G"), present(50, "earlier")), true, "that was when it was there before");
    assert.equal(isHalfHeard(here("2.4G", unheard), present(50)), true);
    assert.equal(isHalfHeard(here("2.4G", unheard), present(null)), false);
    assert.equal(isHalfHeard(here("2.4G"), { candidates: [] }), false);
  });

  it("is another one as soon as either answer has another place", () => {
    const [low, high] = [on(spot("gateway", "2.4G")), on(spot("gateway", "5G"))];
    const key = placeKey(here("5G"), high);
    assert.equal(placeKey(here("5G", { snr: 40 }), high), key);
    assert.notEqual(placeKey(here("2.4G"), high), key);
    assert.notEqual(placeKey(here("5G"), low), key);
  });

  it("compares nothing with where it was", () => {
    const before = { candidates: [{}], decision: { kind: "move", why: null }, mode: "on" } as unknown as Explanation;
    assert.deepEqual(withoutPlaces(before), { mode: "on", candidates: [], decision: { kind: "stay", why: null } });
  });
});
