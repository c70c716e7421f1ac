import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { StoredLocation } from "../../store/locations.ts";
import { applyVersion, saveDraft } from "../../store/versions.ts";
import { ApiBench } from "../../testing/api.ts";
import { aDocument, aLocation, alice } from "../../testing/locations.ts";
import { describeEmbedded, storeClock } from "../../testing/stores.ts";
import type { TelemetryQueries } from "../host.ts";
import { nothingKnown } from "../picture/picture.ts";

describeEmbedded("a picture that is asked for", (bench) => {
  let api: ApiBench;
  let token: string;
  let home: StoredLocation;
  const asked: (readonly [name: string, at: number | null])[] = [];
  before(async () => {
    const picture: TelemetryQueries["picture"] = async (_, document, at) => {
      asked.push([document.name, at]);
      return nothingKnown(at ?? 0, "none");
    };
    api = await ApiBench.open(bench.store, {
      telemetry: { picture, follow: () => () => undefined } as unknown as TelemetryQueries,
    });
    home = await aLocation(bench.store);
    token = await api.token("viewer", home.tenant);
  });
  after(() => api?.[Symbol.asyncDispose]());

  const call = (query = "") => api.call(`GET /locations/${home.id}/picture${query}`, { token });

  it("is empty, and says why, where no version held", async () => {
    for (const query of ["", "?at=2020-01-01T00:00:00Z"]) {
      const { status, body } = await call(query);
      assert.deepEqual([status, body.from, body.nodes], [200, "nothing", []]);
      assert.match(body.unknown[0], /not been set up yet/);
    }
    assert.deepEqual(asked, []);
  });

  it("is of the version that held at that time", async () => {
    storeClock.skip(api.clock.wallTime() - 600_000 - storeClock.wallTime());
    const times: number[] = [];
    for (const [index, name] of ["First", "Second"].entries()) {
      await saveDraft(bench.store, home.id, aDocument({ name }), { basedOn: index }, alice);
      await applyVersion(bench.store, home.id, index + 1, alice);
      times.push(storeClock.wallTime());
      storeClock.skip(60_000);
    }
    const [first = 0] = times;
    const iso = new Date(first + 30_000).toISOString();
    await call(`?at=${iso}`);
    await call();
    assert.deepEqual(
      asked.map(([name]) => name),
      ["First", "Second"],
    );
    assert.equal(asked[1]?.[1], null);
  });

  it("is of no time that is none", async () => {
    const { status, body } = await call("?at=yesterday");
    assert.equal(status, 400);
    assert.equal(body.error.fields[0].path, "query.at");
  });
});
