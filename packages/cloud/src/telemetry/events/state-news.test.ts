import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LocationEvent } from "../../location-news.ts";
import { StateNews } from "./state-news.ts";

const state = (to: "SETTLED" | "UNSETTLED" | "WRITING", reason = "", node = "gw"): LocationEvent => ({
  ...{ kind: "state", from: "VERIFYING", node, to, reason },
});
const gone: LocationEvent = { kind: "disconnected", node: "gw", reason: "cable" };

describe("news of the states of nodes", () => {
  it("are told once: a node that was written to and works again is none", () => {
    const news = new StateNews();
    const told = (event: LocationEvent, location = "L") => news.isNews(location, event);
    assert.deepEqual(
      [state("SETTLED"), state("WRITING"), state("SETTLED"), state("SETTLED", "", "ext")].map((each) => told(each)),
      [true, true, false, true],
    );
    assert.equal(told(state("SETTLED"), "another"), true);
    assert.deepEqual(
      [state("UNSETTLED", "a"), state("UNSETTLED", "a"), state("UNSETTLED", "b"), state("SETTLED")].map((each) =>
        told(each),
      ),
      [true, false, true, true],
    );
  });

  it("are told again of a node that was gone, and are forgotten with their location", () => {
    const news = new StateNews();
    assert.deepEqual(
      [state("SETTLED"), gone, state("SETTLED")].map((each) => news.isNews("L", each)),
      [true, true, true],
    );
    news.retain(() => false);
    assert.equal(news.isNews("L", state("SETTLED")), true);
  });
});
