import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addGuests, limitedToGuests, withoutSecrets } from "./edits.ts";
import { isKeyHeld } from "./key-held.ts";

const home = {
  name: "Home",
  nodes: [],
  radios: [],
  bridges: [],
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
} as const;

describe("what is said of a key", () => {
  it("holds once the key is applied as it is shown, not while it is only typed", () => {
    const made = addGuests(home, 0, { label: "Guests", psk: "baba-baba", zone: "guest" });
    const [network] = made.networks;
    const guests = network?.security.keys[1];
    assert.ok(network && guests);
    assert.equal(isKeyHeld(home, network, guests), false, "new");
    assert.equal(isKeyHeld(withoutSecrets(made), network, guests), false, "its passphrase is another");
    assert.equal(isKeyHeld(withoutSecrets(made), network, { ...guests, psk: null }), true);
  });

  it("does not hold while what it opens is another", () => {
    const limited = limitedToGuests(home, { network: 0, position: 0 });
    const [network] = limited.networks;
    const [key] = network?.security.keys ?? [];
    assert.ok(network && key);
    assert.deepEqual([isKeyHeld(home, network, key), isKeyHeld(limited, network, key)], [false, true]);
  });
});
