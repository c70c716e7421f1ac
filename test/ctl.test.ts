import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Finished, root, run, Service, type TemporaryDirectory, temporaryDirectory } from "./support/processes.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");

describe("opensync cloud ctl", () => {
  let directory: TemporaryDirectory;
  let cloud: Service;
  const path = (name: string) => join(directory.path, name);

  before(async () => {
    directory = temporaryDirectory("ctl");
    cloud = new Service(opensync, [
      ...["cloud", "--dir", path("cloud"), "--home", join(root, "homes/demo.json"), "--http", "0", "--http-tls"],
      ...["--redirector", "pssl:0:127.0.0.1", "--controller", "pssl:0:127.0.0.1", "--mqtt", "0"],
    ]);
    await cloud.until(/API https:/, 60_000);
  });
  after(async () => {
    await cloud?.stop();
    directory?.[Symbol.dispose]();
  });

  const ctl = (args: readonly string[], input?: string): Promise<Finished> =>
    run(opensync, ["cloud", "ctl", "--dir", path("cloud"), ...args], input === undefined ? {} : { input });
  const says = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await ctl(args, input);
    assert.deepEqual([code, stderr], [0, ""], `${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const json = async (args: readonly string[]) => JSON.parse(await says([...args, "--json"]));
  const refused = async (args: readonly string[], message: RegExp, input?: string) => {
    const { code, stdout, stderr } = await ctl(args, input);
    assert.deepEqual([code, stdout], [1, ""], args.join(" "));
    assert.match(stderr, message);
  };

  it("shows locations and nodes, as tables and as JSON", async () => {
    assert.match(await says(["status"]), /^LOCATION .*\nDemo home {2}1 .* 0 of 2 /);
    const [gateway] = await json(["nodes", "Demo home"]);
    assert.deepEqual([gateway.id, gateway.connection, gateway.settled], ["gateway", "absent", false]);
    await refused(["nodes", "Office"], /there is no location 'Office'; known: 'Demo home'/);
  });

  it("calls any route, and names each field that is wrong", async () => {
    const { items } = JSON.parse(await says(["call", "GET /locations/:location/versions", "--query", "limit=1"]));
    assert.equal(items[0].number, 1);
    await refused(
      ["call", "POST /tenants", "--body", '{"name":1,"color":"red"}'],
      /^opensync: body\.name: .*\nopensync: body\.color: is not known here; remove it\n$/,
    );
    const made = JSON.parse(await says(["call", "POST /tenants", "--body", "-"], '{"name":"Another"}'));
    assert.equal(made.name, "Another");
    await refused(["call", "GET /locations/:location/nodes/:node", "node=toaster"], /there is no such node/);
  });

  it("makes links that sign in to the console, once each", async () => {
    assert.match(
      await says(["link"]),
      /^console: https:\/\/127\.0\.0\.1:\d+\/sign-in#code=[\w-]{22}\nit signs you in as 'owner', once, until \S+Z\n$/,
    );
    const { address, user } = await json(["link"]);
    assert.equal(user, "owner");
    const { hash } = new URL(address);
    const body = JSON.stringify({ code: hash.replace("#code=", "") });
    const signIn = ["call", "POST /session", "--body", body];
    assert.match(await says(signIn), /"user": "owner"/);
    await refused(signIn, /this link has been used/);
  });

  it("drafts, compares, discards and applies", async () => {
    const document = JSON.parse(await says(["show"]));
    assert.equal(document.networks[0].security.keys[0].psk, null, "secrets are not shown");
    document.cloudless = true;
    const draft = ["draft", "-", "--why", "a test"];
    assert.match(
      await says(draft, JSON.stringify(document)),
      /^version 2 is a draft.*\n {2}cloudless unset -> true\n$/,
    );
    assert.match(await says(["diff"]), /cloudless unset -> true/);
    await refused(["freeze", "02:00:00:00:00:01"], /version 2 is a draft by token:control/);
    await says(["discard"]);
    await refused(draft, /document\.networks\[0\]\.ssid: /, JSON.stringify({ ...document, networks: [{ ssid: "" }] }));
    await refused([...draft, "--based-on", "1"], /version 1 is not the newest/, JSON.stringify(document));
    await says(draft, JSON.stringify(document));
    assert.equal(await says(["apply"]), "version 3 holds\n");
    await refused(["apply"], /version 3 is applied, and no draft/);
    await refused(["revert", "1", "--wait", "1s"], /version 4 holds, and is not proven yet: gateway: /);
    assert.deepEqual(
      (await json(["versions"])).map(({ number, state }: { number: number; state: string }) => [number, state]),
      [
        [4, "applied"],
        [3, "reverted"],
        [2, "discarded"],
        [1, "applied"],
      ],
    );
    assert.match(
      await says(["audit", "Demo home", "--limit", "20"]),
      /version\.draft .* a test +cloudless unset -> true\n/,
    );
  });

  it("wants a name where there are several, and lets a document hold before its first node", async () => {
    await refused(["location", "add", "Shop"], /there are 2 tenants; name one: 'Another', 'Home'/);
    await says(["location", "add", "Shop", "--tenant", "Another"]);
    await refused(["show"], /there are 2 locations; name one: /);
    await says(["draft", "-", "--location", "Shop"], '{"name":"Shop","nodes":[]}');
    assert.equal(await says(["apply", "Shop", "--wait", "10s"]), "version 1 holds; there is no node to prove it\n");
    const { id } = (await json(["status"])).find(({ name }: { name: string }) => name === "Shop");
    await says(["call", "DELETE /locations/:location", `location=${id}`]);
  });

  it("claims by serial number, and releases by id", async () => {
    assert.match(
      await says(["claim", "SN-7", "--id", "attic"]),
      /^SN-7 is extender 'attic' of 'Demo home' \(version 5\)\n$/,
    );
    await refused(
      ["role", "gateway", "extender"],
      /^opensync: 'gateway' is the only gateway; make another node the gateway/,
    );
    assert.match(await says(["release", "attic"]), /^SN-7 is no longer a node of 'Demo home' \(version 6\)\n$/);
    await refused(["release", "attic"], /has no node attic/);
    await refused(["claim", "--pack", "none"], /nobody has registered a pack none/);
  });

  it("says of the first node that it is the gateway, and gives that to another", async () => {
    await says(["location", "add", "Flat", "--tenant", "Home"]);
    const at = ["--location", "Flat"];
    assert.match(
      await says(["claim", "SN-8", ...at]),
      /^SN-8 is gateway 'SN-8' of 'Flat' \(version 1\)\nthe first node is the gateway; .* 'opensync cloud ctl role NODE gateway'\n$/,
    );
    assert.match(await says(["claim", "SN-9", "--id", "router", ...at]), /^SN-9 is extender 'router' [^\n]*\n$/);
    assert.equal(
      await says(["role", "SN-9", "gateway", ...at]),
      "gateway of 'Flat': 'router' (version 3)\nextenders: 'SN-8'\n",
    );
    await refused(["role", "toaster", "gateway", ...at], /there is no node 'toaster'/);
    assert.equal(await says(["location", "rename", "Flat", "Den"]), "location 'Flat' is named 'Den'\n");
    assert.match(await says(["location", "remove", "Den"]), /^location 'Den' is gone/);
    await refused(["location", "remove", "Den"], /there is no location 'Den'/);
  });

  it("takes devices by name, and tells what is wrong in its own words", async () => {
    const mac = "02:00:00:00:00:01";
    assert.match(await says(["nickname", mac, "TV"]), /^02:00:00:00:00:01 is 'TV' \(version \d+\)\n$/);
    assert.match(await says(["freeze", "tv", "--for", "10m"]), /^02:00:00:00:00:01 has no Internet until /);
    assert.match(await says(["clients"]), /02:00:00:00:00:01 {2}TV .* frozen until /);
    assert.match(await says(["unfreeze", "TV"]), /^02:00:00:00:00:01 is not frozen/);
    await refused(
      ["freeze", "toaster"],
      /^opensync: 'Demo home' has no device 'toaster'; give its address.*; known: TV\n$/,
    );
    await refused(["unfreeze", "TV", "--why", "x".repeat(501)], /^opensync: --why: is longer than 500 characters\n$/);
    await says(["nickname", mac]);
  });

  it("adds a key with a passphrase, and takes it away", async () => {
    const added = await json(["key", "add", "Demo Home", "--label", "guests"]);
    assert.match(added.psk, /^[a-z0-9-]{19}$/);
    assert.match(
      await says(["key", "list"]),
      new RegExp(`^NETWORK .*\\n(.*\\n)*Demo Home {2}${added.key} +guests +guest +-\\n$`),
    );
    assert.equal(await says(["key", "show", "Demo Home", added.key]), `passphrase: ${added.psk}\n`);
    await refused(
      ["key", "show", "Demo Home", "key-9"],
      /there is no key 'key-9' of 'Demo Home'; known: key of 'Demo Home'/,
    );
    assert.match(await says(["key", "remove", "Demo Home", added.key]), /is gone/);
    await refused(["key", "add", "Nowhere"], /there is no network 'Nowhere'/);
  });

  it("makes users and tokens whose secrets are told once, and such a token is enough elsewhere", async () => {
    assert.match(await says(["user", "add", "alice", "--role", "admin"]), /\npassword: [a-z0-9-]{19}\n$/);
    writeFileSync(path("password"), "short");
    await refused(
      ["user", "add", "bob", "--role", "viewer", "--password-file", path("password")],
      /^opensync: password: is shorter/,
    );
    const { secret } = await json(["token", "add", "ci", "--role", "viewer", "--expires", "1d"]);
    const elsewhere = ["cloud", "ctl", "--url", readFileSync(path("cloud/run/api.url"), "utf8").trim()];
    const env = { OPENSYNC_TOKEN: secret };
    const trusted = [...elsewhere, "--ca-cert", path("cloud/tls/ca.pem")];
    assert.match((await run(opensync, [...trusted, "status"], { env })).stdout, /Demo home/);
    const change = await run(opensync, [...trusted, "tenant", "add", "Mine"], { env });
    assert.deepEqual([change.code, /needs the role admin/.test(change.stderr)], [1, true]);
    const untrusted = await run(opensync, [...elsewhere, "status"], { env });
    assert.deepEqual([untrusted.code, /certificate/.test(untrusted.stderr)], [1, true], untrusted.stderr);
  });

  it("lists, changes and removes users and tokens by name", async () => {
    assert.match(await says(["user", "list"]), /^USER .*\nalice {2}admin {2}the cloud {2}yes /);
    assert.match(
      await says(["user", "change", "alice", "--role", "viewer", "--tenant", "Another", "--new-password", "--disable"]),
      /^user 'alice': viewer of tenant 'Another', may not log in\npassword: [a-z0-9-]{19}\n$/,
    );
    assert.match(await says(["user", "change", "alice", "--enable"]), /^user 'alice': viewer of tenant 'Another'\n$/);
    const unclear = await ctl(["user", "change", "alice", "--enable", "--disable"]);
    assert.deepEqual([unclear.code, /one or the other/.test(unclear.stderr)], [2, true]);
    await refused(["user", "remove", "bob"], /there is no user 'bob'; known: 'alice', 'owner'/);
    assert.equal(await says(["user", "remove", "alice"]), "user 'alice' is gone, with all sessions and tokens\n");
    assert.match(await says(["user", "list"]), /^USER .*\nowner {2}owner {2}the cloud {2}yes {6}\S+\n$/);
    assert.match(await says(["token", "list"]), /\nci +viewer +the cloud +- /);
    assert.match(await says(["token", "remove", "ci"]), /^token 'ci' is no longer good/);
    await refused(["token", "remove", "ci"], /there is no token 'ci'; known: 'control'/);
    assert.match(await says(["tenant", "list"]), /^TENANT .*\nAnother .*\nHome /);
  });

  it("takes data along, into files that are new and private", async () => {
    await says(["export", "--out", path("home.json")]);
    assert.equal(statSync(path("home.json")).mode & 0o777, 0o600);
    assert.match(await says(["import", path("home.json"), "--location", "Demo home"]), /^nothing changes/);
    await refused(["import", path("password")], /not JSON/);
    await says(["backup", path("backup.ndjson")]);
    assert.match(readFileSync(path("backup.ndjson"), "utf8"), /\n\{[^\n]*"rows":\d+[^\n]*\}\n$/);
    await refused(["backup", path("backup.ndjson")], /is there already; name another file/);
  });

  it("follows what happens", async () => {
    // Nodes that are not there raise alerts meanwhile.
    const following = ctl(["events", "--follow", "--kind", "change", "--count", "1"]);
    // Until it listens, what it is told goes by.
    for (let left = 20; left > 0; left--) {
      const over = await Promise.race([following.then(() => true), says(["unfreeze", "02:00:00:00:00:01"])]);
      if (over === true) break;
      await says([left % 2 ? "freeze" : "unfreeze", "02:00:00:00:00:01"]);
    }
    const { code, stdout } = await following;
    assert.equal(code, 0);
    assert.match(
      stdout,
      /change {2}token:control: version\.edit version \d+: .*rule “02:00:00:00:00:01: no Internet, until that is changed”/,
    );
  });
});
