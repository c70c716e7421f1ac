import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RadiusServer } from "@opensync-ts/target/radio";
import { type Problem, problemText } from "./problems.ts";
import { ownServer, ownServerColumns, radiusColumns, radiusServers } from "./radius.ts";
import type { RadiusRow, VifConfig } from "./rows.ts";
import { references, row, uuid, vifConfig } from "./testing/rows.ts";

const radiusRow = (n: number, columns: Partial<RadiusRow> = {}) =>
  row("RADIUS", { _uuid: uuid(n), ip_addr: `192.0.2.${n}`, port: 1812, secret: `secret-${n}`, ...columns });
const server = (n: number): RadiusServer => ({ server: `192.0.2.${n}`, port: 1812, secret: `secret-${n}` });

function asked(columns: Partial<VifConfig>, rows: readonly RadiusRow[]) {
  const problems: Problem[] = [];
  const report = (problem: Problem) => problems.push(problem);
  const servers = radiusServers(vifConfig(columns), "radius", references({ radius: rows }), report);
  return { servers, problems: problems.map(problemText) };
}

describe("RADIUS servers of a row", () => {
  it("are the primary, then the secondary ones", () => {
    const columns = { primary_radius: uuid(3), secondary_radius: [uuid(1), uuid(2)] };
    const { servers, problems } = asked(columns, [radiusRow(1), radiusRow(2), radiusRow(3)]);
    assert.deepEqual([servers, problems], [[server(3), server(1), server(2)], []]);
  });

  const wrong: readonly [columns: Partial<RadiusRow>, problem: RegExp][] = [
    [{ ip_addr: null }, /ip_addr '': is not set; the server is left out/],
    [{ ip_addr: "192.0.2.1 \n" }, /ip_addr '192.0.2.1 \n': is no address/],
    [{ ip_addr: "radius.example" }, /ip_addr 'radius.example': is no address/],
    [{ port: null }, /port '': is not set/],
    [{ port: 0 }, /port '0': is not set/],
    [{ port: 70_000 }, /port '70000': is none from 1 to 65535/],
    [{ secret: null }, /secret '': is not set/],
    [{ secret: "two\nlines" }, /secret '': has control characters/],
  ];
  for (const [columns, problem] of wrong) {
    it(`are left out and named, their secret never: ${JSON.stringify(columns)}`, () => {
      const rows = [radiusRow(1, { name: "main", ...columns }), radiusRow(2)];
      const { servers, problems } = asked({ primary_radius: uuid(1), secondary_radius: [uuid(2)] }, rows);
      assert.deepEqual(servers, [server(2)]);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", problem);
      assert.match(problems[0] ?? "", /^RADIUS 'main'/);
      assert.doesNotMatch(problems[0] ?? "", /secret-1|two/);
    });
  }

  it("are left out and named where there is no such row", () => {
    const { servers, problems } = asked({ primary_radius: uuid(1), secondary_radius: [uuid(2)] }, [radiusRow(2)]);
    assert.deepEqual(servers, [server(2)]);
    assert.match(problems.join(), /primary_radius '.*': there is no such row in RADIUS/);
  });
});

describe("a server that a row spells out", () => {
  const own = (columns: Partial<VifConfig>) => {
    const problems: string[] = [];
    const found = ownServer(vifConfig(columns), (column, _, reason) => problems.push(`${column}: ${reason}`));
    return { found, problems };
  };

  it("is used where no row is referred to, on port 1812 unless it says another", () => {
    const columns = { radius_srv_addr: "192.0.2.1", radius_srv_secret: "secret-1" };
    assert.deepEqual(own(columns), { found: server(1), problems: [] });
    assert.equal(own({ ...columns, radius_srv_port: 1645 }).found?.port, 1645);
    assert.equal(own({ ...columns, primary_radius: uuid(1) }).found, null);
    assert.deepEqual(own({}), { found: null, problems: [] });
  });

  it("may stand in the first generation's map", () => {
    const security = new Map([
      ["encryption", "WPA-EAP"],
      ["radius_server_ip", "192.0.2.1"],
      ["radius_server_port", "1812"],
      ["radius_server_secret", "secret-1"],
    ]);
    assert.deepEqual(own({ security }), { found: server(1), problems: [] });
  });

  it("is left out and named where something is missing", () => {
    assert.deepEqual(own({ radius_srv_addr: "192.0.2.1" }), {
      found: null,
      problems: ["radius_srv_addr: secret is not set; the server is left out"],
    });
  });

  it("is shown while it is in use", () => {
    const config = vifConfig({ radius_srv_addr: "192.0.2.1", radius_srv_port: 1812, radius_srv_secret: "secret-1" });
    assert.deepEqual(ownServerColumns([server(1)], config), {
      radius_srv_addr: "192.0.2.1",
      radius_srv_port: 1812,
      radius_srv_secret: "secret-1",
    });
    assert.equal(ownServerColumns([server(2)], config).radius_srv_addr, null);
    assert.equal(ownServerColumns([server(1)], null).radius_srv_addr, null);
  });
});

describe("RADIUS columns of the state", () => {
  const shown = (running: readonly RadiusServer[], columns: Partial<VifConfig> | null, rows: readonly RadiusRow[]) => {
    const servers = { radius: running, accounting: [] };
    const { primary_radius, secondary_radius } = radiusColumns(
      servers,
      columns && vifConfig(columns),
      references({ radius: rows }),
    );
    return [primary_radius, secondary_radius];
  };
  const rows = [radiusRow(1), radiusRow(2), radiusRow(3)];

  it("read like the configuration, also without a primary", () => {
    const columns = { primary_radius: uuid(2), secondary_radius: [uuid(1)] };
    assert.deepEqual(shown([server(2), server(1)], columns, rows), [uuid(2), [uuid(1)]]);
    assert.deepEqual(shown([server(1), server(2)], { secondary_radius: [uuid(1), uuid(2)] }, rows), [
      null,
      [uuid(1), uuid(2)],
    ]);
  });

  it("show the row that is referred to, of several for one server", () => {
    const twins = [
      radiusRow(4, { ip_addr: "192.0.2.9", secret: "s" }),
      radiusRow(5, { ip_addr: "192.0.2.9", secret: "s" }),
    ];
    const running = [{ server: "192.0.2.9", port: 1812, secret: "s" }];
    assert.deepEqual(shown(running, { primary_radius: uuid(5) }, twins), [uuid(5), []]);
    assert.deepEqual(shown(running, null, twins), [uuid(4), []]);
  });

  it("show what runs, not what was asked for", () => {
    assert.deepEqual(shown([server(3)], { primary_radius: uuid(2) }, rows), [uuid(3), []]);
    assert.deepEqual(shown([], { primary_radius: uuid(2) }, rows), [null, []]);
    assert.deepEqual(shown([server(8)], null, rows), [null, []]);
  });
});
