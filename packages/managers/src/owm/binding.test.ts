import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Binding, bind } from "./binding.ts";
import { problemText } from "./problems.ts";
import type { RadioConfig, VifConfig } from "./rows.ts";
import { radioConfig, uuid, vifConfig } from "./testing/rows.ts";

const radio = (n: number, if_name: string, ...vifs: number[]) =>
  radioConfig({ _uuid: uuid(n), if_name, vif_configs: vifs.map(uuid) });
const vif = (n: number, if_name: string) => vifConfig({ _uuid: uuid(n), if_name });

function boundBoth(radios: RadioConfig[], vifs: VifConfig[], phys: Record<string, string> = {}): Binding {
  const phyOf = (name: string) => phys[name];
  const binding = bind(radios, vifs, phyOf);
  const reversed = bind([...radios].reverse(), [...vifs].reverse(), phyOf);
  assert.deepEqual(new Map([...reversed.vifs].sort()), new Map([...binding.vifs].sort()), "order must not matter");
  return binding;
}

const radioOf = (binding: Binding, name: string) => binding.vifs.get(name)?.radio?.if_name ?? null;

describe("binding vif rows to radios", () => {
  it("follows the radio's references", () => {
    const binding = boundBoth([radio(1, "wifi0", 3), radio(2, "wifi1")], [vif(3, "home-ap-24"), vif(4, "home-ap-50")]);
    assert.equal(radioOf(binding, "home-ap-24"), "wifi0");
    assert.equal(radioOf(binding, "home-ap-50"), null);
    assert.deepEqual(binding.problems.map(problemText), [
      `Wifi_VIF_Config 'home-ap-50': _uuid '${uuid(4)}': no Wifi_Radio_Config row refers to it (vif_configs); ` +
        "the row has no effect",
    ]);
  });

  it("ignores a row bound to a radio that does not have the vif", () => {
    const binding = boundBoth([radio(1, "wifi0", 3)], [vif(3, "home-ap-50")], { "home-ap-50": "wifi1" });
    assert.equal(radioOf(binding, "home-ap-50"), null);
    assert.match(binding.problems.map(problemText).join(), /phy_name mismatch/);
  });

  it("takes the radio that has the vif where two refer to it, and says so", () => {
    const rows: [RadioConfig[], VifConfig[]] = [[radio(1, "wifi0", 3), radio(2, "wifi1", 3)], [vif(3, "home-ap-50")]];
    const binding = boundBoth(...rows, { "home-ap-50": "wifi1" });
    assert.equal(radioOf(binding, "home-ap-50"), "wifi1");
    assert.equal(binding.problems.length, 1);
    assert.equal(radioOf(boundBoth(...rows), "home-ap-50"), "wifi0", "no driver knows it: the first by name");
  });

  it("takes the bound one of two rows for one vif, the lower uuid of two bound ones", () => {
    const two = [vif(3, "home-ap-24"), vif(4, "home-ap-24")];
    assert.equal(boundBoth([radio(1, "wifi0", 4)], two).vifs.get("home-ap-24")?.row._uuid, uuid(4));
    const both = boundBoth([radio(1, "wifi0", 3, 4)], two);
    assert.equal(both.vifs.get("home-ap-24")?.row._uuid, uuid(3));
    assert.match(both.problems[0]?.reason ?? "", /another row has this if_name/);
  });

  it("says of the other row only that it is one too many", () => {
    const two = [vif(3, "home-ap-50"), vif(4, "home-ap-50")];
    const radios = [radio(1, "wifi0", 3), radio(2, "wifi1", 4)];
    const binding = boundBoth(radios, two, { "home-ap-50": "wifi1" });
    assert.deepEqual(binding.problems.map(problemText), [
      `Wifi_VIF_Config 'home-ap-50': _uuid '${uuid(3)}': another row has this if_name (${uuid(4)}) and is used; ` +
        "delete one of them",
    ]);
  });

  it("takes one of two rows for one radio, and none without a name", () => {
    const rows = [radio(2, "wifi0"), radio(1, "wifi0"), radioConfig({ _uuid: uuid(5), if_name: null })];
    const binding = boundBoth(rows, []);
    assert.equal(binding.radios.get("wifi0")?._uuid, uuid(1));
    assert.equal(binding.radios.size, 1);
    assert.equal(binding.problems.length, 2);
  });
});
