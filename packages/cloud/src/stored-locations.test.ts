import assert from "node:assert/strict";
import { after, it } from "node:test";
import { checkHome } from "./home.ts";
import { homeFileNotice, takeHomeFile } from "./home-file-version.ts";
import type { Location } from "./location.ts";
import { Locations } from "./locations.ts";
import type { Session } from "./session.ts";
import { readAudit } from "./store/audit.ts";
import { getLocation, removeLocation } from "./store/locations.ts";
import { getVersion, listVersions } from "./store/read-versions.ts";
import type { Store } from "./store/store.ts";
import { applyVersion, revert, saveDraft } from "./store/versions.ts";
import { StoredLocations } from "./stored-locations.ts";
import { breakerActor } from "./taken-back.ts";
import { aDocument, aLocation, alice, gatewayId } from "./testing/locations.ts";
import { describeStores, storeParts } from "./testing/stores.ts";

const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers) await close();
});

async function served(store: Store) {
  const locations = new Locations();
  const stored = await StoredLocations.open({ store, locations, clock: storeParts.clock, log: storeParts.log });
  closers.push(() => stored.close());
  return { locations, stored };
}

async function apply(store: Store, id: string, parts: object = {}): Promise<number> {
  const { head } = await getLocation(store, id);
  const { number } = await saveDraft(store, id, aDocument(parts), { basedOn: head }, alice);
  await applyVersion(store, id, number, alice);
  return number;
}

/** All its nodes show what holds. */
function settle(location: Location | undefined): void {
  assert.ok(location);
  for (const { id } of location.home.nodes) {
    const session = { state: "SETTLED", rows: [], counters: {}, peer: "test" } as unknown as Session;
    location.connected(id, session);
    location.sessionEvent(id, session, { kind: "state", from: "VERIFYING", to: "SETTLED", reason: "test" });
  }
}

const statesOf = async (store: Store, id: string) =>
  (await listVersions(store, id)).map(({ number, state }) => `${number} ${state}`);

describeStores("locations of the store", (bench) => {
  it("are served from the start, with what holds, and follow what people apply, revert and remove", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await apply(store, id);
    const { locations, stored } = await served(store);
    assert.equal(locations.get(id)?.version, 1);
    await apply(store, id, { cloudless: true });
    await stored.idle();
    assert.deepEqual([locations.get(id)?.version, locations.get(id)?.home.cloudless], [2, true]);
    await revert(store, id, 1, { basedOn: 2 }, alice);
    await stored.idle();
    assert.deepEqual([locations.get(id)?.version, locations.get(id)?.home.cloudless], [3, undefined]);
    await removeLocation(store, id, alice);
    await stored.idle();
    assert.equal(locations.get(id), undefined);
  });

  it("have the version that their nodes show marked as proven", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    await apply(store, id);
    const { locations, stored } = await served(store);
    settle(locations.get(id));
    await stored.idle();
    assert.deepEqual(await statesOf(store, id), ["1 proven"]);
    const again = await served(store);
    assert.equal(again.locations.get(id)?.proven, true);
  });

  it("go back to the last proven version when a node cannot bear the present one, once", async () => {
    const { store } = bench;
    const { id } = await aLocation(store);
    const gateway = gatewayId();
    await apply(store, id);
    const { locations, stored } = await served(store);
    settle(locations.get(id));
    await stored.idle();
    await apply(store, id, { cloudless: true });
    await stored.idle();
    locations.get(id)?.setQuarantine(gateway, "left again and again");
    await stored.idle();
    assert.deepEqual(await statesOf(store, id), ["3 applied", "2 reverted", "1 proven"]);
    const location = locations.get(id);
    assert.deepEqual([location?.version, location?.quarantine(gateway)], [3, undefined]);
    const entry = (await readAudit(store, { location: id })).find(({ action }) => action === "version.revert");
    assert.deepEqual(entry?.by, { actor: breakerActor, why: `version 2: ${gateway} left again and again` });
    const takenBack = { version: 2, to: 1, node: gateway, reason: "left again and again" };
    assert.deepEqual(location?.takenBack, takenBack);
    const afterRestart = await served(store);
    assert.deepEqual(afterRestart.locations.get(id)?.takenBack, takenBack);
    // What it has brought back itself stays, or it would go on for ever.
    location?.setQuarantine(gateway, "still leaves");
    await stored.idle();
    assert.deepEqual(await statesOf(store, id), ["3 applied", "2 reverted", "1 proven"]);
    assert.equal(location?.quarantine(gateway), "still leaves");
    await apply(store, id, { cloudless: false });
    await stored.idle();
    assert.equal(location?.takenBack, undefined, "until somebody applies another version");
  });
});

describeStores("a home file", (bench) => {
  it("is a location whose versions follow the file, and leave alone what people have changed since", async () => {
    const { store } = bench;
    const home = (parts: object = {}) => checkHome({ ...aDocument(parts), name: "From a file" }, "home.json");
    await aLocation(store);
    const first = await takeHomeFile(store, home());
    assert.deepEqual([first.version, first.holds], [1, 1]);
    assert.deepEqual(await takeHomeFile(store, home()), { location: first.location, version: 1, holds: 1 });
    const changed = { ...aDocument({ cloudless: true }), name: "From a file" };
    const { number } = await saveDraft(store, first.location, changed, { basedOn: 1 }, alice);
    await applyVersion(store, first.location, number, alice);
    const same = await takeHomeFile(store, home());
    assert.deepEqual({ ...same, replaced: undefined }, { ...first, holds: 2 });
    assert.equal(
      homeFileNotice("From a file", same),
      "home 'From a file': version 2 has been made since the home file was taken (version 1); it holds until the file changes",
    );
    const next = await takeHomeFile(store, home({ cloudless: false }));
    assert.deepEqual([next.location, next.version, next.holds], [first.location, 3, 3]);
    assert.equal((await getVersion(store, next.location, 3)).author, "home file");
    assert.equal(
      homeFileNotice("From a file", next),
      "home 'From a file': the home file says something else than before: its version 3 takes the place of version 2, " +
        "which user:alice has made since the last one; 'opensync cloud ctl revert 2' brings that back",
    );
  });

  it("of another home takes the place of the one that was there, and says what comes back how", async () => {
    const { store } = bench;
    await aLocation(store);
    const one = checkHome({ ...aDocument(), name: "One" }, "one.json");
    const two = checkHome({ ...aDocument({ cloudless: true }), name: "Two" }, "two.json");
    // What other tests have left.
    await removeLocation(store, (await takeHomeFile(store, one)).location, alice);
    const first = await takeHomeFile(store, one);
    assert.equal(homeFileNotice("One", first), undefined, "there was nothing before");
    assert.equal(homeFileNotice("One", await takeHomeFile(store, one)), undefined, "nothing has changed");
    await saveDraft(
      store,
      first.location,
      { ...aDocument({ cloudless: false }), name: "Draft" },
      { basedOn: 1 },
      alice,
    );
    const second = await takeHomeFile(store, two);
    assert.equal(
      homeFileNotice("Two", second),
      "home 'Two': the home file says something else than before: its version 3 takes the place of version 1 of 'One', " +
        "and draft 2 by user:alice is discarded; 'opensync cloud ctl revert 1' brings that back",
    );
    await revert(store, second.location, 1, { basedOn: 3 }, alice);
    const held = (await getLocation(store, second.location)).applied ?? 0;
    assert.equal((await getVersion(store, second.location, held)).document.name, "One");
    assert.deepEqual(await statesOf(store, second.location), ["4 applied", "3 reverted", "2 discarded", "1 applied"]);
  });

  it("is read again as a whole after its location was removed", async () => {
    const { store } = bench;
    await aLocation(store);
    const home = checkHome({ ...aDocument(), name: "Another file" }, "home.json");
    const { location } = await takeHomeFile(store, home);
    await removeLocation(store, location, alice);
    const again = await takeHomeFile(store, home);
    assert.deepEqual([again.location === location, again.version], [false, 1]);
  });
});
