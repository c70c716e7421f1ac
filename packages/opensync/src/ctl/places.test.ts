import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locationOf } from "./places.ts";
import type { Ctl } from "./session.ts";

const first = { id: "11111111-1111-4111-8111-111111111111", name: "Home" };
const second = { id: "22222222-2222-4222-8222-222222222222", name: "Shop" };
const third = { id: "33333333-3333-4333-8333-333333333333", name: "Home" };

/** A cloud that has these locations. */
function cloudOf(...locations: readonly { readonly id: string; readonly name: string }[]): Ctl {
  const parts = {
    all: async () => locations,
    find: async (_: string, { params }: { params: { location: string } }) =>
      locations.find(({ id }) => id === params.location),
  };
  return parts as unknown as Ctl;
}

describe("a location", () => {
  it("is the only one, or the one of that name or id", async () => {
    assert.equal(await locationOf(cloudOf(first), undefined), first);
    assert.equal(await locationOf(cloudOf(first, second), "Shop"), second);
    assert.equal(await locationOf(cloudOf(first, third), third.id), third);
  });

  const refused: [string, Ctl, string | undefined, RegExp][] = [
    [
      "there is none",
      cloudOf(),
      undefined,
      /^there is no location yet; make one with 'opensync cloud ctl location add/,
    ],
    ["there are several", cloudOf(first, second), undefined, /^there are 2 locations; name one: 'Home', 'Shop'$/],
    ["no one has the name", cloudOf(first, second), "Office", /^there is no location 'Office'; known: 'Home', 'Shop'$/],
    [
      "several have the name",
      cloudOf(first, third),
      "Home",
      /there are 2 of that name; name one by its id: 1111.*, 3333/,
    ],
  ];
  for (const [why, cloud, named, message] of refused) {
    it(`has to be named otherwise where ${why}`, () => assert.rejects(locationOf(cloud, named), { message }));
  }
});
