import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deedText, noDeedsText } from "./deed-words.ts";

describe("what a node did to steer a client", () => {
  it("has words for events, and none of them shouts", () => {
    for (const type of [
      "BAND_STEERING_ATTEMPT",
      "CLIENT_KICKED",
      "CLIENT_BTM_RETRY",
      "CLIENT_GHOST_DEVICE_KICK",
      "OVERRUN",
    ])
      assert.doesNotMatch(deedText({ type, details: {} }) ?? "", /_/, type);
  });

  it("leaves out what nobody did", () => {
    assert.equal(deedText({ type: "PROBE", details: { snrDb: 30, blocked: false } }), null);
    assert.equal(deedText({ type: "ACTIVITY", details: { active: true } }), null);
  });

  it("says how it was heard, and whether it agreed", () => {
    assert.equal(
      deedText({ type: "PROBE", details: { snrDb: 30.4, blocked: true } }),
      "did not answer when it looked for the network (heard with 30 dB)",
    );
    assert.equal(deedText({ type: "CLIENT_BTM_STATUS", details: { status: 0 } }), "it agreed to move");
    assert.equal(
      deedText({ type: "CLIENT_BTM_STATUS", details: { status: 7 } }),
      "it refused to move: no place it was offered suits it",
    );
    assert.match(deedText({ type: "CLIENT_BTM_STATUS", details: {} }) ?? "", /without saying why/);
  });

  it("says who ended a connection", () => {
    assert.match(
      deedText({ type: "DISCONNECT", details: { source: "LOCAL", reason: 5 } }) ?? "",
      /^the node ended the connection: there was no room for it$/,
    );
    assert.match(deedText({ type: "DISCONNECT", details: { source: "REMOTE" } }) ?? "", /left by itself/);
    const text = (reason: number) => deedText({ type: "DISCONNECT", details: { source: "LOCAL", reason } });
    assert.deepEqual([text(0), text(999)], ["the node ended the connection", "the node ended the connection"]);
  });

  it("are said to be none of joining, where there are none", () => {
    const at = "2026-08-01T18:00:00Z";
    const told = (events: readonly { readonly at: string }[], minutes: number) =>
      noDeedsText(events, Date.parse(at) + minutes * 60_000);
    assert.match(told([{ at }], 1), /^Nothing, as far as they have told so far: they tell once a minute or so\. Here /);
    for (const text of [told([{ at }], 60), told([], 0)])
      assert.match(text, /^Nothing, as far as they have told\. .* joined the network stands among the events\.$/);
  });
});
