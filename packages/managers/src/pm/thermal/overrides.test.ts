import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { overrideTable, type ThermalTable } from "./overrides.ts";

const table: ThermalTable = {
  sources: ["wifi0", "wifi1"],
  hasFan: true,
  steps: [
    { above: [0, 0], txChainmasks: new Map([["wifi0", 3]]), fanRpm: 0 },
    { above: [70, 80], txChainmasks: new Map([["wifi0", 3]]), fanRpm: 2000 },
    { above: [90, 95], txChainmasks: new Map([["wifi0", 1]]), fanRpm: 4000 },
  ],
};

function overridden(values: { readonly [key: string]: string }, of = table) {
  return overrideTable(of, new Map(Object.entries(values).map(([key, value]) => [key, { value, persist: false }])));
}

describe("settings of the table of cooling", () => {
  it("change thresholds, chainmasks and the speed of the fan, and nothing else", () => {
    const { steps, problems } = overridden({
      SPFAN_state1_wifi1_temp: "85",
      SPFAN_state2_wifi0_txchainmask: "2",
      SPFAN_state2_fanrpm: "5000",
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(steps, [
      table.steps[0],
      { ...table.steps[1], above: [70, 85] },
      { ...table.steps[2], txChainmasks: new Map([["wifi0", 2]]), fanRpm: 5000 },
    ]);
  });

  it("that cannot be are left out, each with what there is", () => {
    const wrong: readonly (readonly [string, string, RegExp])[] = [
      ["SPFAN_state3_wifi0_temp", "90", /Node_Config TM\/SPFAN_state3_wifi0_temp: this device has the steps 0 to 2/],
      ["SPFAN_state1_wifi2_temp", "90", /there is no temperature 'wifi2'; there are wifi0, wifi1/],
      ["SPFAN_state0_wifi0_temp", "90", /step 0 holds at any temperature/],
      ["SPFAN_state1_wifi0_temp", "hot", /'hot' must be a whole number from 1 to 150 °C/],
      ["SPFAN_state1_wifi0_temp", "-5", /'-5' must be/],
      ["SPFAN_state1_wifi0_temp", "1e2", /'1e2' must be/],
      ["SPFAN_state1_wifi1_txchainmask", "1", /there is no radio 'wifi1' to cool; there are wifi0/],
      ["SPFAN_state1_wifi0_txchainmask", "0", /'0' must be a whole number from 1 to 255/],
      ["SPFAN_state1_fanrpm", "99999", /from 0 to 20000 rpm/],
      ["SPFAN_speed", "1", /not known; there are SPFAN_state<N>_wifi<i>_temp/],
    ];
    for (const [key, value, message] of wrong) {
      const { steps, problems } = overridden({ [key]: value });
      assert.deepEqual(steps, table.steps);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", message);
    }
    assert.match(overridden({ SPFAN_state1_fanrpm: "1" }, { ...table, hasFan: false }).problems[0] ?? "", /no fan/);
  });

  it("that let a hotter step begin at a lower temperature are left out for that source", () => {
    const { steps, problems } = overridden({ SPFAN_state1_wifi0_temp: "95", SPFAN_state1_wifi1_temp: "81" });
    assert.deepEqual(
      steps.map(({ above }) => above),
      [
        [0, 0],
        [70, 81],
        [90, 95],
      ],
    );
    assert.match(problems.join(), /SPFAN_state\*_wifi0_temp: the thresholds do not rise/);
  });
});
