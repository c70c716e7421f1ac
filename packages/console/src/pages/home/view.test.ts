import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readPins, writePins } from "./pins.ts";
import { fitting, largest, panned, smallest, toScreen, toWorld, zoomed } from "./view.ts";

const size = { width: 800, height: 400 };

describe("what is seen of the map", () => {
  it("fits all of it, in the middle", () => {
    const view = fitting(
      [
        { x: -1000, y: 0 },
        { x: 1000, y: 100 },
      ],
      size,
    );
    const [left, right] = [toScreen(view, { x: -1000, y: 0 }), toScreen(view, { x: 1000, y: 100 })];
    assert.ok(left.x > 0 && right.x < 800 && Math.abs(left.x + right.x - 800) < 1e-6);
    assert.ok(Math.abs(left.y + right.y - 400) < 1e-6);
    assert.deepEqual(fitting([], size), { scale: 1, x: 400, y: 200 });
    assert.ok(Number.isFinite(fitting([{ x: 5, y: 5 }], size).scale));
  });

  it("stays where the pointer is while it is zoomed, within bounds", () => {
    const view = fitting(
      [
        { x: 0, y: 0 },
        { x: 100, y: 100 },
      ],
      size,
    );
    const point = { x: 333, y: 111 };
    const kept = toWorld(view, point);
    const after = toScreen(zoomed(view, 1.7, point), kept);
    assert.ok(Math.hypot(after.x - point.x, after.y - point.y) < 1e-6);
    assert.equal(zoomed(view, 1e9, point).scale, largest);
    assert.equal(zoomed(view, 1e-9, point).scale, smallest);
    assert.deepEqual(panned({ scale: 2, x: 1, y: 2 }, { x: 3, y: 4 }), { scale: 2, x: 4, y: 6 });
  });
});

describe("pins", () => {
  const storage = () => {
    const kept = new Map<string, string>();
    return {
      kept,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
  };

  it("are kept by location, and forgotten when there are none", () => {
    const store = storage();
    const pins = new Map([["node gateway", { x: 1, y: 2 }]]);
    writePins(store, "home", pins);
    assert.deepEqual(readPins(store, "home"), pins);
    assert.equal(readPins(store, "cabin").size, 0);
    writePins(store, "home", new Map());
    assert.equal(store.kept.size, 0);
  });

  for (const text of ["{", "null", '{"a":1}', '[["a"],[1,2,3],["b","x",2],null]']) {
    it(`are none where ${text} is stored`, () => {
      const store = storage();
      store.kept.set("opensync-pins home", text);
      assert.equal(readPins(store, "home").size, 0);
    });
  }

  it("do without a storage", () => {
    const broken = {
      getItem: () => {
        throw new Error("denied");
      },
      setItem: () => {
        throw new Error("denied");
      },
      removeItem: () => undefined,
    };
    assert.equal(readPins(broken, "home").size, 0);
    writePins(broken, "home", new Map([["node gateway", { x: 1, y: 2 }]]));
  });
});
