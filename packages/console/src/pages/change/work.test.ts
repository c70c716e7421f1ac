import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Doc } from "./doc.ts";
import { addGuests } from "./edits.ts";
import {
  begun,
  changesOf,
  edited,
  held,
  isChanged,
  isDroppedElsewhere,
  isPending,
  rebased,
  saved,
  unsaved,
  valueWords,
} from "./work.ts";

const home: Doc = {
  name: "Home",
  nodes: [],
  networks: [
    {
      ssid: "Home",
      security: { mode: "wpa2", keys: [{ id: "key", psk: null }] },
      enabled: true,
      hidden: false,
      isolate: false,
      bridge: "br-home",
    },
  ],
  radios: [],
  bridges: [],
};
const seen = (number: number, document: Doc = home) => ({ from: number, head: number, document });
const guests = { label: "Guests", psk: "baba-baba", zone: "guest" } as const;

describe("a passphrase that was typed", () => {
  const name = "key-1 Home";

  it("opens nothing until a version that has it is applied here, and again when it is another", () => {
    const unknown = begun(seen(3));
    assert.equal(isPending(unknown, name, null), false, "the cloud has it");
    assert.equal(isPending(unknown, name, guests.psk), true, "not saved");
    const draft = saved(unknown, addGuests(home, 0, guests), 4);
    assert.equal(isPending(draft, name, null), true, "a draft");
    const applied = held(draft);
    assert.equal(isPending(applied, name, null), false);
    const later = begun(seen(5), applied);
    assert.equal(isPending(later, name, null), false);
    const other = addGuests(home, 0, { ...guests, psk: "dada-dada" });
    assert.equal(isPending(saved(later, other, 6), name, null), true);
  });
});

describe("an edit under way", () => {
  it("is none until something is another, and none again when it is taken back", () => {
    const work = begun(seen(3));
    const changed = edited(work, ["networks", 0, "hidden"], true);
    assert.deepEqual([isChanged(work), isChanged(changed)], [false, true]);
    assert.equal(isChanged(edited(changed, ["networks", 0, "hidden"], false)), false);
  });

  it("forgets what was wrong with what has been typed anew, and only that", () => {
    const problems = [
      { path: "networks[0].ssid", reason: "is too long" },
      { path: "name", reason: "is empty" },
    ];
    const work = edited({ ...begun(seen(3)), problems }, ["networks", 0, "ssid"], "x");
    assert.deepEqual(
      work.problems.map(({ path }) => path),
      ["name"],
    );
  });

  it("is saved but for what was typed meanwhile, and keeps the passphrases that were made here", () => {
    const sent = addGuests(home, 0, guests);
    const work = { ...begun(seen(3)), mine: { ...sent, name: "Villa" } };
    const after = saved(work, sent, 4);
    assert.deepEqual([after.from, after.head, isChanged(after)], [4, 4, true]);
    assert.equal(after.typed.get("key-1 Home"), "baba-baba");
    assert.equal(isChanged(saved({ ...work, mine: sent }, sent, 4)), false);
  });

  it("stands on what somebody else has made of the document, with what is still one's own", () => {
    const work = { ...begun(seen(3)), mine: addGuests(home, 0, guests) };
    const { work: next, conflicts } = rebased(work, seen(5, { ...home, name: "Villa" }), ["name"]);
    assert.deepEqual([conflicts.length, next.from, next.head, next.mine.name], [0, 5, 5, "Villa"]);
    assert.deepEqual(
      changesOf(next).map(({ words }) => words),
      ["network “Home”, key “Guests”: new; opens: Internet and shared devices"],
    );
  });

  it("never shows a secret of a conflict", () => {
    assert.equal(valueWords({ id: "key", psk: "baba-baba" }), '{"id":"key","psk":"(not shown)"}');
  });
});

describe("a draft that is dropped", () => {
  const sent = addGuests(home, 0, guests);
  const draft = saved({ ...begun(seen(3)), mine: sent }, sent, 4);
  const versions = (state: "draft" | "discarded") => [
    { number: 4, state },
    { number: 3, state: "proven" as const },
  ];

  it("by somebody else leaves what was typed here, its passphrase too, as not saved", () => {
    assert.equal(isDroppedElsewhere(draft, versions("draft")), false);
    assert.equal(isDroppedElsewhere(draft, versions("discarded")), true);
    const work = unsaved(draft, seen(3));
    assert.deepEqual([work.from, work.base, work.mine], [3, home, sent]);
    assert.equal(isChanged(work), true);
    assert.equal(isDroppedElsewhere(work, versions("discarded")), false, "once");
    const typedOn = edited(draft, ["networks", 0, "hidden"], true);
    const [network] = unsaved(typedOn, seen(3)).mine.networks;
    assert.deepEqual([network?.hidden, network?.security.keys[1]?.psk], [true, guests.psk]);
  });

  it("here takes it along", () => {
    assert.equal(isDroppedElsewhere({ ...draft, draft: undefined }, versions("discarded")), false);
    assert.equal(isDroppedElsewhere(begun(seen(3)), versions("discarded")), false);
  });
});
