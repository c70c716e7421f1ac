import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Home } from "./home.ts";
import { closedBands } from "./key-bands.ts";

const keys = [{ id: "key-1" }, { id: "key" }];
const network = (ssid: string, more: object = {}) => ({ ssid, security: { mode: "wpa2-wpa3", keys }, ...more });
const home = (...networks: readonly object[]) => ({ networks }) as unknown as Home;

describe("bands that a key does not open", () => {
  const demo = home(network("Demo"));
  for (const [title, of, ssid, key, expected] of [
    ["are 6 GHz for all keys but the first, as SAE uses one", demo, "Demo", "key-1", ["6G"]],
    ["are none for the first", demo, "Demo", "key", []],
    ["are none where the network is not on 6 GHz", home(network("Demo", { bands: ["5G"] })), "Demo", "key-1", []],
    ["are none where it is not known by which key somebody came", demo, "Demo", null, []],
    ["are none of a key that the document does not have any more", demo, "Demo", "key-9", []],
    ["are none of another network", demo, "Other", "key-1", []],
  ] as const) {
    it(title, () => assert.deepEqual(closedBands(of, ssid, key), expected));
  }
});
