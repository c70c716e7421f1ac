import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RowStatus } from "../node/row-words.ts";
import type { Radio } from "./channel-plan.ts";
import { verdictOf } from "./told-words.ts";

const fault = (isLate: boolean): Radio["fault"] => ({
  ...{ ifName: "wifi0", band: "2.4G", text: "channel 99 asked for, 6 is on", isLate },
  ...{ since: "2026-08-01T18:00:00.000Z", writer: null, undo: null },
});
const column = (more: Partial<Radio["columns"][number]>): Radio["columns"][number] => ({
  ...{ column: "channel", intended: "100", actual: "36", agrees: "yes", why: null },
  ...more,
});
const row = (status: RowStatus["status"]): RowStatus => ({ id: "A a", stated: "radios[0]", status, reason: null });
const nothing = { fault: null, columns: [], rows: [], interfaces: [] };

describe("whether a radio does as it is told", () => {
  for (const [title, told, expected] of [
    ["is yes where all is so", {}, "Yes: all that is intended is so."],
    ["says what it does instead", { fault: fault(true) }, "No: channel 99 asked for, 6 is on."],
    ["promises nothing of what may still come", { fault: fault(false) }, "Not so far: channel 99 asked for, 6 is on."],
    [
      "is yes where the rest cannot be",
      { columns: [column({ agrees: "unstated", why: "radar was heard there" })] },
      "Yes: all that can be is so (channel: radar was heard there).",
    ],
    ["counts what is on its way", { rows: [row("pending")] }, "Not so far: 1 setting of the home is not done."],
    [
      "counts what is not done",
      { rows: [row("unproven"), row("refused")] },
      "No: 2 settings of the home are not done.",
    ],
    [
      "counts what its access points do otherwise",
      { interfaces: [{ columns: [column({ agrees: "no" })], rows: [] }] },
      "No: 1 setting differs from what is intended.",
    ],
    [
      "counts no column of a row that is told",
      { interfaces: [{ columns: [column({ agrees: "no" })], rows: [row("applied")] }] },
      "Not so far: 1 setting of the home is not done.",
    ],
  ] as const) {
    it(title, () => assert.equal(verdictOf({ ...nothing, ...told } as Parameters<typeof verdictOf>[0]).text, expected));
  }
});
