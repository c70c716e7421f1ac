/** The cloud steers a home by itself: real nodes, real sessions and reports, and a store, on virtual time. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { type KnownClient, newClient } from "@opensync-ts/cloud/steering/loop/known-client";
import { saveSteering } from "@opensync-ts/cloud/steering/loop/steering-store";
import { defaultProfiles } from "@opensync-ts/cloud/steering/profiles";
import { createLocation } from "@opensync-ts/cloud/store/locations";
import type { Store } from "@opensync-ts/cloud/store/store";
import { createTenant } from "@opensync-ts/cloud/store/tenants";
import { network, SteeredHome } from "./support/steered-home.ts";

const day = 86_400_000;
const television = mac("02:00:00:00:01:01");
const phone = mac("02:00:00:00:01:02");
const by = { actor: "test" };

/** What four days have told. */
function known(client: typeof television, verdict: "static" | "mobile", now: number): KnownClient {
  const days = [1, 2, 3, 4].map((ago) => ({
    ...{ day: new Date(now - ago * day).toISOString().slice(0, 10), verdict, heardMinutes: 1400 },
    ...{ moving: verdict === "static" ? 0 : 0.2, spreadDb: verdict === "static" ? 2 : 20, wanderings: 0 },
  }));
  return { ...newClient(client, now - day, defaultProfiles), history: { days, today: null } };
}

async function aKnownHome(store: Store, now: number): Promise<string> {
  const tenant = await createTenant(store, "tenant", by);
  const { id } = await createLocation(store, tenant.id, "home", by);
  const clients = [known(television, "static", now), known(phone, "mobile", now)];
  const changes = {
    changed: clients.map((client) => ({ client, observation: null })),
    ...{ forgotten: [], state: { clients: [] }, nodes: [], night: null },
  };
  await store.run("seed", (transaction) => saveSteering(transaction, id, changes, new Date(now)));
  return id;
}

/** Round and round through the house. */
function walk() {
  const random = new SeededRandom(4);
  const waypoints = Array.from({ length: 60 }, (_, index) => ({
    at: index * 60,
    place: { x: 1 + random.next() * 22, y: random.next() * 4 },
  }));
  return { waypoints };
}

describe("a home that the cloud steers", () => {
  it("a television that is stuck on a full band is moved, and stays; who walks is left to its nodes; a restart in between loses nothing", async () => {
    await using home = await SteeredHome.start(
      {
        interferers: [
          {
            ...({ name: "next door", place: { x: 3, y: -4 }, band: "2.4G", segments: [2412], power: 20 } as const),
            ...{ airtime: 0.85, bssid: "06:00:00:00:00:01", ssid: "next door" },
          },
        ],
        clients: [
          {
            ...{ name: "tv", mac: television, place: { x: 4, y: 1 }, device: "tv", traffic: "none" as const },
            ...{ networks: [network], habits: { bandPreference: { "2.4G": 60 } } },
          },
          {
            ...{ name: "phone", mac: phone, place: { x: 2, y: 1 }, device: "modern-phone", traffic: "none" as const },
            ...{ networks: [network], walk: walk() },
          },
        ],
      },
      aKnownHome,
    );
    await home.until("the television is on 2.4 GHz", () => home.where(television) === "gateway/home-ap-24", 2);
    await home.until("it is asked to go", () => home.steering.answers.classOf(television)?.moving !== null, 20);
    assert.equal(home.steering.answers.classOf(television)?.class, "tv");
    assert.equal(home.steering.answers.classOf(phone)?.class, "modern-phone");
    // Its rows are written meanwhile; the cloud is another from here on.
    await home.restart();
    await home.until("it has gone", () => home.where(television) === "gateway/home-ap-50", 3);
    await home.until("its move is judged", () => home.steering.answers.classOf(television)?.moving === null, 12);
    assert.equal(home.where(television), "gateway/home-ap-50");
    const row = await home.row("gateway", television);
    assert.deepEqual([row?.cs_mode, row?.force_kick], ["off", "none"]);

    const entries = await home.steering.answers.journal();
    assert.deepEqual(
      entries.map(({ macs }) => macs),
      [[television], [television]],
    );
    assert.match(entries[0]?.text ?? "", /to gateway 5G .*: better/);
    assert.deepEqual(await home.steering.answers.journal({ client: phone }), []);
    assert.match(home.steering.answers.explain(phone), /stays: it walks/);
    const walker = await home.row("gateway", phone);
    assert.ok((walker?.hwm ?? 0) > 0 && walker?.cs_mode === "off", "its node steers it by itself");
    assert.deepEqual(await home.steering.answers.replay(), { played: 2, faults: [] });

    // What is as it should be costs no write.
    await home.pass(120);
    const writes = home.writes();
    await home.restart();
    await home.pass(300);
    assert.equal(home.writes(), writes);
  });
});
