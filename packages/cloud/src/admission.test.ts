import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Admission, AdmissionRefused, addressOf } from "./admission.ts";

const caller = { address: "10.0.0.7", known: true };
const { signal: never } = new AbortController();

function gate(waiting = 10) {
  const clock = new VirtualClock();
  return { clock, admission: new Admission({ clock, concurrent: 1, waiting, waitMs: 5_000, serveMs: 30_000 }) };
}

describe("admission over time", () => {
  it("lets the next one in when a place is given back, and only once for each place", async () => {
    const { admission } = gate();
    const release = await admission.admit(caller, never);
    const others = [admission.admit(caller, never), admission.admit(caller, never)];
    release();
    release();
    await others[0];
    assert.deepEqual(admission.counters, { admitted: 2, refused: 0, served: 1, waiting: 1 });
  });

  it("sends away who has waited too long", async () => {
    const { clock, admission } = gate();
    await admission.admit(caller, never);
    const late = assert.rejects(admission.admit(caller, never), /has waited for 5 s/);
    await clock.advance(5_000);
    await late;
    assert.equal(admission.counters.waiting, 0);
  });

  it("forgets who goes while it waits", async () => {
    const { admission } = gate();
    const release = await admission.admit(caller, never);
    const gone = new AbortController();
    const left = assert.rejects(admission.admit(caller, gone.signal), /hung up/);
    gone.abort(new Error("hung up"));
    await left;
    release();
    assert.deepEqual(admission.counters, { admitted: 1, refused: 0, served: 0, waiting: 0 });
  });

  it("takes a place back from who never gives it back", async () => {
    const { clock, admission } = gate();
    await admission.admit(caller, never);
    await clock.advance(26_000);
    const next = admission.admit(caller, never);
    await clock.advance(4_000);
    await next;
  });

  it("refuses with a reason when too many wait, and tells who has to go for others", async () => {
    const { admission } = gate(1);
    await admission.admit(caller, never);
    const stranger = assert.rejects(admission.admit({ ...caller, known: false }, never), AdmissionRefused);
    void admission.admit(caller, never);
    await stranger;
    await assert.rejects(admission.admit(caller, never), /too many wait already/);
    assert.equal(admission.counters.refused, 2);
  });
});

describe("the address of a peer", () => {
  for (const [name, address] of [
    ["ssl:10.0.0.7:40312", "10.0.0.7"],
    ["ssl:[2001:db8:1:2:3:4:5:6]:40312", "2001:db8:1:2"],
    ["ssl:[2001:db8::6]:40312", "2001:db8:0:0"],
    ["ssl:[::ffff:10.0.0.7]:40312", "10.0.0.7"],
    ["ssl:[::1]:40312", "0:0:0:0"],
    ["memory", "memory"],
  ] as const) {
    it(`of ${name} is ${address}`, () => assert.equal(addressOf(name), address));
  }
});
