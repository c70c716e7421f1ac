import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Band } from "@opensync-ts/telemetry/names";
import * as limits from "../limits.ts";
import { type Followed, follow, type Movement, pass, type Sighting } from "./follow-client.ts";

const second = 1000;
const minute = 60 * second;

/** Plays sightings and says what came of them. Times are in seconds. */
function play(...sightings: readonly (Partial<Sighting> & { node?: string; band?: Band })[]) {
  let state: Followed | undefined;
  const movements: Movement[] = [];
  for (const { node = "gw", band = "5G", ...rest } of sightings) {
    const sighting: Sighting = {
      place: { node, band, ssid: "Home" },
      at: 0,
      connected: true,
      multiLink: false,
      connectedAt: null,
      disconnectedAt: null,
      durationMs: minute,
      ...rest,
    };
    const followup = follow(state, sighting);
    state = followup.state;
    movements.push(...followup.movements);
  }
  return { state, told: movements.map(tell) };
}

function tell(movement: Movement): string {
  const { kind, place, at } = movement;
  const more = kind === "arrived" && !movement.told ? " already" : "";
  const from = kind === "roamed" ? ` from ${movement.from.node} ${movement.from.band}` : "";
  return `${kind}${more} ${place.node} ${place.band}${from} at ${at / second}`;
}

const t = (seconds: number) => 10 * minute + seconds * second;

describe("a client that is followed", () => {
  it("was there already when it is first heard of without having come", () => {
    const { told } = play({ at: t(60) });
    assert.deepEqual(told, ["arrived already gw 5G at 600"]);
  });

  it("comes, is there, and leaves: once nobody else has it", () => {
    const { told, state } = play(
      { at: t(60), connectedAt: t(30) },
      { at: t(120) },
      { at: t(180), connected: false, disconnectedAt: t(150) },
    );
    assert.deepEqual(told, ["arrived gw 5G at 630"]);
    assert.ok(state);
    assert.deepEqual(pass(state, t(150) + limits.departureMs - 1).movements, []);
    assert.deepEqual(pass(state, t(150) + limits.departureMs).movements.map(tell), ["left gw 5G at 750"]);
  });

  const roam = ["arrived gw 5G at 630", "roamed pod 5G from gw 5G at 690"];
  it("roams, whichever node says so first", () => {
    const came = { at: t(60), connectedAt: t(30) };
    const left = { at: t(120), connected: false, disconnectedAt: t(85) };
    const there = { node: "pod", at: t(130), connectedAt: t(90) };
    assert.deepEqual(play(came, left, there).told, roam);
    assert.deepEqual(play(came, there, left).told, roam);
  });

  it("has left and come, where it was away for longer", () => {
    const { told } = play(
      { at: t(60), connectedAt: t(30) },
      { at: t(120), connected: false, disconnectedAt: t(65) },
      { node: "pod", at: t(130), connectedAt: t(110) },
    );
    assert.deepEqual(told, ["arrived gw 5G at 630", "left gw 5G at 665", "arrived pod 5G at 710"]);
  });

  it("changes bands of one node as it changes nodes", () => {
    const { told } = play({ at: t(60), connectedAt: t(30) }, { band: "2.4G", at: t(120), connectedAt: t(100) });
    assert.equal(told[1], "roamed 2.4G from gw 5G at 700".replace("roamed", "roamed gw"));
  });

  it("is not taken back by an old report", () => {
    const came = { node: "pod", at: t(300), connectedAt: t(250) };
    const old = { at: t(100), connectedAt: t(30) };
    assert.deepEqual(play(came, old).told, ["arrived pod 5G at 850"]);
    assert.deepEqual(play(came, { at: t(290), connected: false, disconnectedAt: t(240) }).told, [
      "arrived pod 5G at 850",
    ]);
  });

  it("comes back to where it was", () => {
    const { told } = play(
      { at: t(60), connectedAt: t(30) },
      { at: t(120), connectedAt: t(100), disconnectedAt: t(90) },
    );
    assert.deepEqual(told, ["arrived gw 5G at 630", "left gw 5G at 690", "arrived gw 5G at 700"]);
  });

  it("does not come again because its node counts anew", () => {
    const { told } = play({ at: t(60), connectedAt: t(30) }, { at: t(120), connectedAt: t(118) });
    assert.deepEqual(told, ["arrived gw 5G at 630"]);
  });

  it("may come and go between two reports", () => {
    const { told, state } = play({ at: t(60), connected: false, connectedAt: t(10), disconnectedAt: t(40) });
    assert.deepEqual(told, ["arrived gw 5G at 610"]);
    assert.equal(state?.leftAt, t(40));
  });

  it("of several links is there as long as one of them is", () => {
    const link = (band: Band, rest: Partial<Sighting>) => ({ band, multiLink: true, ...rest });
    const came = [
      link("5G", { at: t(60), connectedAt: t(30) }),
      link("6G", { at: t(61), connectedAt: t(30) }),
      link("6G", { at: t(121), connected: false, disconnectedAt: t(100) }),
    ];
    assert.deepEqual(play(...came).told, ["arrived gw 5G at 630"]);
    assert.equal(play(...came).state?.leftAt, null);
    const gone = link("5G", { at: t(180), connected: false, disconnectedAt: t(170) });
    assert.equal(play(...came, gone).state?.leftAt, t(170));
  });

  it("is gone when nobody has told of it for long", () => {
    const { state } = play({ at: t(60), connectedAt: t(30) });
    assert.ok(state);
    const { movements } = pass(state, t(60) + limits.silenceMs);
    assert.deepEqual(movements.map(tell), ["left gw 5G at 660"]);
  });
});
