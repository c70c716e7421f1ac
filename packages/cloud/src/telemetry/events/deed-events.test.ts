import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DoneDeed } from "../../store/deed.ts";
import { deedEvent } from "./deed-events.ts";

const by = { actor: "user:ana", why: "a party" };
const deed = (more: Partial<DoneDeed>): DoneDeed => ({ action: "version.apply", by, details: [], ...more });
const text = (more: Partial<DoneDeed>) => deedEvent(deed(more))?.text;

describe("what people do, as events", () => {
  it("says who has done what; the parts of the document that it changed are beside it", () => {
    const details = ["key 'key-1': zone unset -> guest", "b", "c", "d", "e"];
    const event = deedEvent(deed({ target: "version 5", details }));
    assert.equal(event?.text, "ana changed the home (version 5)");
    assert.equal(event?.details.changes, "key 'key-1': zone unset -> guest; b; c; and 2 more");
    assert.equal(text({ action: "version.revert", target: "to version 3" }), "ana took the home back to version 3");
    assert.equal(text({ action: "node.claim", target: "node SN1" }), "ana claimed node SN1");
  });

  it("says what a deed says of itself, and keeps its facts, of the client that it is about", () => {
    const about = { words: "holds c to 2.4 GHz", client: "c", facts: { band: "2.4G", until: null } };
    const event = deedEvent(deed({ action: "version.edit", about }));
    assert.deepEqual(
      [event?.kind, event?.client, event?.node, event?.text],
      ["deed", "c", null, "ana holds c to 2.4 GHz"],
    );
    const facts = { action: "version.edit", actor: "ana", why: "a party", band: "2.4G", until: null };
    assert.deepEqual(event?.details, facts);
  });

  it("leaves to the trail what concerns nobody in the home", () => {
    for (const action of ["version.draft", "version.prove", "key.reveal", "user.create", "location.export"]) {
      assert.equal(deedEvent(deed({ action })), null, action);
    }
  });
});
