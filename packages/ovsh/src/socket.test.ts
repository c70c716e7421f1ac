import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { placesToLook } from "./socket.ts";

describe("the server is looked for", () => {
  const remotes = (socket: string | undefined, environment: { [name: string]: string }) =>
    placesToLook(socket, environment).map(({ remote }) => remote);
  const everything = { PLUME_OVSDB_SOCK_PATH: "/plume.sock", OPENSYNC_DIR: "/node" };

  it("first where --db says, as a path or a remote", () => {
    assert.deepEqual(remotes("./db.sock", everything), ["unix:./db.sock"]);
    assert.deepEqual(remotes("tcp:[::1]:6640", everything), ["tcp:[::1]:6640"]);
  });

  it("then where PLUME_OVSDB_SOCK_PATH says", () => {
    assert.deepEqual(remotes(undefined, everything), ["unix:/plume.sock"]);
  });

  it("then in OPENSYNC_DIR, of a node or of a home", () => {
    assert.deepEqual(remotes(undefined, { OPENSYNC_DIR: "/d", PLUME_OVSDB_SOCK_PATH: "" }), [
      "unix:/d/run/db.sock",
      "unix:/d/nodes/gateway/run/db.sock",
    ]);
  });

  it("then in the home that runs here, then on the device", () => {
    assert.deepEqual(remotes(undefined, {}), ["unix:.opensync/nodes/gateway/run/db.sock", "unix:/var/run/db.sock"]);
  });
});
