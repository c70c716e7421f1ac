import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { TLSSocket } from "node:tls";
import { type CertificatePair, createAuthority } from "@opensync-ts/cloud/x509";
import { firstFault, type Step, verdict } from "./report.ts";
import { Clinic, control, converse, redirectTo } from "./testing/clinic.ts";
import { uplink } from "./testing/uplink-row.ts";

const day = 86_400_000;

/** So short only where an answer never comes. */
const short = 1000;

function named(steps: readonly Step[], name: string, part = "redirector"): Step {
  const step = steps.find((each) => each.name === name && each.part === part);
  assert.ok(step, `no step ${part} ${name}: ${JSON.stringify(steps, null, 1)}`);
  return step;
}

/** The fault that the doctor names first: its step, and what it says. */
function faulty(steps: readonly Step[], name: string, found: RegExp, fix: RegExp, status = "failed"): void {
  const fault = firstFault(steps);
  assert.ok(fault, "the doctor finds no fault");
  assert.equal(`${fault.name}: ${fault.status}`, `${name}: ${status}`, fault.found);
  assert.match(fault.found, found);
  assert.match(fault.fix ?? "", fix);
}

describe("the doctor", () => {
  let clinic: Clinic;
  before(async () => {
    clinic = await Clinic.open();
  });
  after(() => clinic.close());
  const ssl = (port: number) => `ssl:127.0.0.1:${port}`;
  const tlsPort = () => clinic.serveTls(control);
  /** Somewhere to send a node to. */
  const managerAddress = async () => `tcp:127.0.0.1:${await clinic.serve(() => {})}`;

  it("finds a healthy cloud well, step by step, to a controller that stays", async () => {
    const manager = await clinic.serveTls(control);
    const steps = await clinic.examine(ssl(await clinic.serveTls(redirectTo(ssl(manager)))));
    assert.equal(verdict(steps), "ok", JSON.stringify(steps, null, 1));
    assert.equal(named(steps, "answer").found, ssl(manager));
    assert.match(named(steps, "session", "manager").found, /keeps the connection/);
    assert.match(named(steps, "TLS handshake").found, /^TLSv1\.3, TLS_/);
    assert.match(named(steps, "TLS client cert").found, /asked for it, and took 'gateway'/);
    assert.match(named(steps, "TLS expiry").found, /'cloud' 364 days left, 'home CA' 3649 days left/);
  });

  describe("of names and addresses", () => {
    it("names a host that does not exist", async () => {
      const steps = await clinic.examine("ssl:nowhere.test:443");
      faulty(steps, "DNS A", /nowhere\.test has no IPv4 address/, /name in the address/);
      assert.equal(named(steps, "TCP, TLS, OVSDB").status, "skipped");
    });

    it("tells a resolver that does not answer from a name that does not exist", async () => {
      const broken = () => Promise.reject(Object.assign(new Error("again"), { code: "EAI_AGAIN" }));
      faulty(await clinic.examine("ssl:a.test:443", { resolver: broken }), "DNS A", /no DNS server answers/, /resolv/);
      const silent = () => new Promise<never>(() => {});
      const steps = await clinic.examine("ssl:a.test:443", { resolver: silent, timeoutMs: short });
      faulty(steps, "DNS A", /no answer within/, /DNS servers/);
    });

    it("warns of IPv6 that leads nowhere while IPv4 works", async () => {
      const port = await clinic.serve(redirectTo(await managerAddress()));
      const steps = await clinic.examine(`tcp:a.test:${port}`, {
        resolver: async (_, family) => (family === 6 ? ["::1"] : ["127.0.0.1"]),
        manager: false,
        timeoutMs: 2000,
      });
      faulty(steps, "TCP IPv6", /::1 (refused|unreachable)/, /before they try 127\.0\.0\.1.*DNS/, "warning");
      assert.equal(named(steps, "TCP IPv4").status, "ok");
      assert.equal(verdict(steps), "warning");
    });

    it("tries only so many addresses of a name", async () => {
      const many = Array.from({ length: 30 }, (_, index) => `127.0.0.${index + 1}`);
      const steps = await clinic.examine("tcp:a.test:9", { resolver: async (_, family) => (family === 4 ? many : []) });
      assert.equal(steps.filter(({ name }) => name === "TCP IPv4").length, 8);
      assert.match(named(steps, "DNS A").found, /and 22 more that are not tried/);
    });

    it("names a port on which nothing listens", async () => {
      const port = await clinic.serve(() => {});
      const free = port === 65_535 ? 1024 : await closedPort();
      faulty(await clinic.examine(ssl(free)), "TCP IPv4", /refused: nothing listens/, /start the cloud/);
    });

    it("names a port that swallows connections", async () => {
      const hole = await BlackHole.open();
      try {
        faulty(await clinic.examine(ssl(hole.port), { timeoutMs: short }), "TCP IPv4", /black hole/, /firewalls/);
      } finally {
        hole.close();
      }
    });

    it("names an address that is none", async () => {
      faulty(await clinic.examine("ssl:2001:db8::1"), "address", /is no address: CM ignores it/, /ssl:HOST:PORT/);
      faulty(await clinic.examine(""), "address", /there is none/, /redirector_addr/);
    });
  });

  describe("of TLS", () => {
    const fault = async (pair: Awaited<ReturnType<Clinic["issue"]>> | undefined, options = {}) =>
      clinic.examine(ssl(await clinic.serveTls(redirectTo(ssl(await tlsPort())), pair, options)), { manager: false });

    it("warns of a certificate for another host, which nodes do not look at", async () => {
      const pair = await clinic.issue("cloud", { names: [{ type: "dns", value: "cloud.example.com" }] });
      const steps = await fault(pair);
      const words = /does not name 127\.0\.0\.1, but DNS:cloud\.example\.com/;
      faulty(steps, "TLS name", words, /add 127\.0\.0\.1 to its certificate/, "warning");
      assert.equal(named(steps, "answer").status, "ok");
    });

    it("names an expired certificate, and for how long", async () => {
      const steps = await fault(await clinic.issue("cloud", { from: -30, to: -2.5 }));
      faulty(steps, "TLS expiry", /'cloud' has expired 2 days ago/, /renew 'cloud' of the server/);
      assert.equal(named(steps, "TLS trust").status, "ok");
      assert.equal(named(steps, "OVSDB").status, "skipped");
    });

    it("names a certificate that is not yet valid, and thinks of the clock", async () => {
      const steps = await fault(await clinic.issue("cloud", { from: 2, to: 30 }));
      faulty(steps, "TLS expiry", /not yet valid: it begins .*Z, and this clock says/, /set this machine's clock/);
    });

    it("warns of a certificate that ends soon", async () => {
      faulty(
        await fault(await clinic.issue("cloud", { to: 10.5 })),
        "TLS expiry",
        /10 days left/,
        /in time/,
        "warning",
      );
    });

    it("names an unknown CA", async () => {
      const serial = {
        serialNumber: "02",
        notBefore: new Date(Date.now() - day),
        notAfter: new Date(Date.now() + day * 99),
      };
      const by = await createAuthority({ commonName: "other CA", ...serial });
      const steps = await fault(await clinic.issue("cloud", { by }));
      faulty(
        steps,
        "TLS trust",
        /signed by unknown CA 'other CA'/,
        /put the CA of its certificate into .*node-ca\.pem/,
      );
    });

    it("tells a CA of the same name with another key", async () => {
      const serial = {
        serialNumber: "03",
        notBefore: new Date(Date.now() - day),
        notAfter: new Date(Date.now() + day * 99),
      };
      const by = await createAuthority({ commonName: "home CA", ...serial });
      faulty(
        await fault(await clinic.issue("cloud", { by })),
        "TLS trust",
        /same name .* another key/,
        /CA that is in use/,
      );
    });

    it("names a certificate that is signed by itself", async () => {
      const serial = {
        serialNumber: "04",
        notBefore: new Date(Date.now() - day),
        notAfter: new Date(Date.now() + day * 99),
      };
      const steps = await fault(await createAuthority({ commonName: "alone", ...serial }));
      faulty(steps, "TLS trust", /signed by itself/, /give the server a certificate of that CA/);
    });

    it("warns of a server that asks for no client certificate", async () => {
      const steps = await fault(undefined, { requestCert: false });
      faulty(steps, "TLS client cert", /asks for no client certificate/, /ask for certificates of nodes/, "warning");
      assert.equal(named(steps, "answer").status, "ok");
    });

    it("names a server that hangs up on our certificate", async () => {
      const stranger = await createAuthority({
        commonName: "factory CA",
        serialNumber: "05",
        notBefore: new Date(Date.now() - day),
        notAfter: new Date(Date.now() + 99 * day),
      });
      const tls = clinic.write("stranger", await clinic.issue("gateway", { by: stranger }));
      const steps = await clinic.examine(ssl(await clinic.serveTls(redirectTo(ssl(1)))), { tls });
      const words = /'gateway', issued by 'factory CA': it does not take it/;
      faulty(steps, "TLS client cert", words, /this cloud has issued.*another CA than the one the node trusts/);
    });

    const withoutOpenssl = spawnSync("openssl", ["version"]).error ? "the openssl command is not installed" : false;
    for (const version of ["tls1_2", "tls1_3"]) {
      it(`names the alert of a server that refuses our certificate (${version})`, {
        skip: withoutOpenssl,
      }, async () => {
        const files = clinic.write(
          `server-${version}`,
          await clinic.issue("cloud"),
          (await clinic.issue("nobody")).certificate,
        );
        const server = await openssl([
          ...["-key", files.privateKey, "-cert", files.certificate, "-CAfile", files.caCert],
          ...["-Verify", "2", "-verify_return_error", `-${version}`],
        ]);
        try {
          const steps = await clinic.examine(ssl(server.port));
          faulty(steps, "TLS client cert", /refused our certificate 'gateway'.*alert \d+ \(/, /this cloud has issued/);
        } finally {
          server.process.kill("SIGKILL");
        }
      });
    }

    it("sends no server name, as nodes do not", async () => {
      const names: unknown[] = [];
      const port = await clinic.serveTls((socket) => {
        names.push((socket as TLSSocket).servername);
        redirectTo("ssl:192.0.2.1:1")(socket);
      });
      const resolver = async (_: string, family: number) => (family === 4 ? ["127.0.0.1"] : []);
      await clinic.examine(`ssl:cloud.test:${port}`, { resolver, manager: false, timeoutMs: 2000 });
      assert.deepEqual(names, [false]);
    });

    it("follows a chain with an intermediate CA, and names its absence", { skip: withoutOpenssl }, async () => {
      const { pair, intermediate, root } = issueByIntermediate(clinic.directory);
      const tls = clinic.write("below", await clinic.issue("gateway"), root);
      const examine = async (shown: CertificatePair) =>
        clinic.examine(ssl(await clinic.serveTls(redirectTo(ssl(await tlsPort())), shown)), { tls, manager: false });
      const whole = await examine({ ...pair, certificate: pair.certificate + intermediate });
      assert.match(named(whole, "TLS trust").found, /^'cloud' <- 'middle CA' <- 'root CA', of .*below-ca\.pem$/);
      assert.equal(named(whole, "answer").status, "ok");
      faulty(await examine(pair), "TLS trust", /unknown CA 'middle CA'/, /have the server send its whole chain/);
    });

    it("names a server that speaks only TLS 1.0 and 1.1", async () => {
      const steps = await fault(undefined, {
        minVersion: "TLSv1",
        maxVersion: "TLSv1.1",
        ciphers: "DEFAULT@SECLEVEL=0",
      });
      faulty(steps, "TLS versions", /takes only TLSv1\.1, TLSv1; nodes speak TLSv1\.3, TLSv1\.2/, /switch TLSv1\.2 on/);
    });

    it("says which versions a server takes, and which it had better not", async () => {
      const steps = await fault(undefined, {
        minVersion: "TLSv1.1",
        maxVersion: "TLSv1.2",
        ciphers: "DEFAULT@SECLEVEL=0",
      });
      assert.match(
        named(steps, "TLS versions").found,
        /takes TLSv1\.2, TLSv1\.1 \(TLSv1\.1 had better be switched off/,
      );
      assert.match(named(steps, "TLS handshake").found, /^TLSv1\.2, /);
      assert.equal(named(steps, "answer").status, "ok");
    });

    it("names plain TCP where TLS is expected", async () => {
      const port = await clinic.serve(redirectTo("tcp:a:1"));
      const steps = await clinic.examine(ssl(port));
      const fix = new RegExp(`tcp:127\\.0\\.0\\.1:${port}`);
      faulty(steps, "TLS versions", /plain text, not TLS: '\{"id":1,"method":"transact"/, fix);
    });

    it("names TLS where plain TCP is expected", async () => {
      const port = await clinic.serveTls(redirectTo("tcp:a:1"));
      faulty(
        await clinic.examine(`tcp:127.0.0.1:${port}`),
        "OVSDB echo",
        /speaks TLS/,
        new RegExp(`ssl:127\\.0\\.0\\.1:${port}`),
      );
    });

    it("names a server that cuts every handshake", async () => {
      const steps = await clinic.examine(ssl(await clinic.serve(cut)));
      faulty(steps, "TLS handshake", /hangs up on the node's hello.*\(ECONNRESET\)/, /server's log/);
      assert.match(named(steps, "TLS versions").found, /^the server hangs up at once on every TLS hello/);
    });

    it("names a server that hangs up as soon as it is connected", async () => {
      const steps = await clinic.examine(ssl(await clinic.serve((socket) => socket.end())));
      faulty(steps, "TLS handshake", /hangs up on the node's hello/, /server's log: is it a TLS server/);
      assert.match(named(steps, "TLS versions").found, /^the server hangs up at once on every TLS hello/);
    });

    it("names a server that takes connections and says nothing", async () => {
      const steps = await clinic.examine(ssl(await clinic.serve(() => {})), { timeoutMs: short });
      faulty(steps, "TLS versions", /does not answer a TLS hello within 1000 ms/, /TLS server/);
    });
  });

  describe("of the node's own files", () => {
    const examine = async (tls: Clinic["files"]) =>
      clinic.examine(ssl(await clinic.serveTls(redirectTo(ssl(await tlsPort())))), { tls, manager: false });

    it("names a file that is missing, or is something else", async () => {
      const missing = clinic.write("missing", await clinic.issue("gateway"));
      rmSync(missing.certificate);
      const steps = await examine(missing);
      faulty(steps, "TLS files", /certificate .*missing-certificate\.pem: there is no such file/, /--certificate/);
      assert.equal(named(steps, "TLS handshake").status, "skipped");
      const { certificate } = clinic.files;
      faulty(await examine({ ...clinic.files, privateKey: certificate }), "TLS files", /cannot be understood/, /PEM/);
    });

    it("names a key that is another certificate's, and tells nothing of it", async () => {
      const other = clinic.write("other", await clinic.issue("other"));
      const steps = await examine({ ...clinic.files, privateKey: other.privateKey });
      faulty(steps, "TLS files", /is not the key of .*node-certificate\.pem/, /belong together/);
      assert.doesNotMatch(JSON.stringify(steps), /BEGIN|PRIVATE/);
    });

    it("warns of a key that others can read", async () => {
      const open = clinic.write("open", await clinic.issue("gateway"));
      chmodSync(open.privateKey, 0o644);
      faulty(await examine(open), "TLS files", /mode 0644/, /chmod 600 .*open-key\.pem/, "warning");
    });

    it("names its own certificate's end", async () => {
      const steps = await examine(clinic.write("old", await clinic.issue("gateway", { from: -9, to: -1.5 })));
      faulty(steps, "TLS own expiry", /'gateway' has expired 1 day ago/, /renew 'gateway' of the node/);
    });
  });

  describe("of OVSDB", () => {
    const cases: readonly [string, (socket: Socket) => void, RegExp, RegExp][] = [
      [
        "bytes that are no JSON",
        (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
        /not JSON-RPC.*began with 'HTTP/,
        /redirector/,
      ],
      [
        "JSON that is no JSON-RPC",
        (socket) => socket.write('{"hello":"world"}'),
        /not JSON-RPC.*"method".*\{"hello"/,
        /redirector/,
      ],
      [
        "a list instead of a message",
        (socket) => socket.write("[1,2,3]"),
        /not JSON-RPC: a message must be/,
        /redirector/,
      ],
      [
        "another answer than what was sent",
        (socket) => converse(socket, ["else"]),
        /answered by something else: \["else"\]/,
        /OVSDB client/,
      ],
      ["an end at once", (socket) => socket.end(), /closed the connection at once, without a word/, /log/],
      ["a reset", cut, /closed the connection at once, without a word \(.*ECONNRESET/, /log/],
      ["a flood", flood, /floods the connection: more than 4 MiB/, /redirector/],
      ["a flood within one message", (socket) => pour(socket, "["), /not JSON-RPC/, /redirector/],
    ];
    for (const [what, serve, found, fix] of cases) {
      it(`names ${what}`, async () => {
        const port = await clinic.serve(serve);
        faulty(await clinic.examine(`tcp:127.0.0.1:${port}`), "OVSDB echo", found, fix);
      });
    }

    it("names a peer that says nothing", async () => {
      const steps = await clinic.examine(`tcp:127.0.0.1:${await clinic.serve(() => {})}`, { timeoutMs: short });
      faulty(steps, "OVSDB echo", /the cloud says nothing within 1000 ms/, /host and port/);
    });

    it("names a peer that answers and asks for nothing", async () => {
      const steps = await clinic.examine(`tcp:127.0.0.1:${await clinic.serve(converse)}`, { timeoutMs: short });
      faulty(steps, "OVSDB requests", /nothing within 1000 ms/, /it is the one that asks/);
    });
  });

  describe("of the redirector's answer", () => {
    const answered = async (serve: (socket: Socket) => void, options = {}) =>
      clinic.examine(`tcp:127.0.0.1:${await clinic.serve(serve)}`, { manager: false, ...options });

    for (const text of ["somewhere", "ssl:host", "http:host:80", "ssl:fe80::1:6640"]) {
      it(`names ${text}, which is no address`, async () => {
        const steps = await answered(redirectTo(text));
        faulty(steps, "answer", /is no address: CM ignores it/, /hand out ssl:HOST:PORT/);
        assert.equal(named(steps, "all", "manager").status, "skipped");
      });
    }

    it("names an address at which nobody is", async () => {
      faulty(await answered(redirectTo("ssl:0.0.0.0:6640")), "answer", /nobody can be reached/, /own address/);
    });

    it("warns of an IPv6 address, which deployed nodes do not understand", async () => {
      const steps = await answered(redirectTo("ssl:[2001:db8::1]:6640"), { timeoutMs: 2000 });
      assert.equal(named(steps, "answer").status, "warning");
      assert.match(named(steps, "answer").found, /split it at its first colons/);
    });

    it("warns of the redirector's own loopback address", async () => {
      const port = await clinic.serve(redirectTo("tcp:127.0.0.1:6640"));
      const resolver = async (_: string, family: number) => (family === 4 ? ["127.0.0.1"] : []);
      const steps = await clinic.examine(`tcp:cloud.test:${port}`, { resolver, manager: false });
      assert.equal(named(steps, "answer").status, "warning");
      assert.match(named(steps, "answer").found, /the node itself/);
    });

    it("names one that gives no answer, and one that leaves without", async () => {
      faulty(
        await answered(control, { timeoutMs: short }),
        "answer",
        /no address: none within 1000 ms/,
        /node 'gateway'/,
      );
      const leaving = (socket: Socket) => {
        control(socket);
        socket.on("data", () => setImmediate(() => socket.end()));
      };
      faulty(await answered(leaving), "answer", /no address: the connection ended without one/, /add the node/);
    });

    it("knows a controller that takes itself for one", async () => {
      const row = { module: "ntp", key: "servers", value: "pool.ntp.org" };
      const insert = { op: "insert", table: "Node_Config", row };
      const controller = (socket: Socket) => {
        converse(socket);
        socket.write(JSON.stringify({ id: 1, method: "transact", params: ["Open_vSwitch", insert] }));
      };
      const words = /wrote 1 rows of Node_Config, but not manager_addr: this is a controller/;
      faulty(await answered(controller, { timeoutMs: short }), "answer", words, /redirector_addr/);
    });
  });

  describe("of the manager", () => {
    it("names one that is down", async () => {
      const steps = await clinic.examine(ssl(await clinic.serveTls(redirectTo(ssl(await closedPort())))));
      const fault = firstFault(steps);
      assert.deepEqual([fault?.part, fault?.name], ["manager", "TCP IPv4"]);
    });

    it("names one that hangs up", async () => {
      const hasty = (socket: Socket) => {
        control(socket);
        socket.on("data", () => setImmediate(() => socket.end()));
      };
      const manager = await clinic.serve(hasty);
      const steps = await clinic.examine(
        `tcp:127.0.0.1:${await clinic.serve(redirectTo(`tcp:127.0.0.1:${manager}`))}`,
        {
          holdMs: 5000,
        },
      );
      faulty(steps, "session", /hung up/, /controller's log/);
    });

    it("does not play a node that runs, and looks at that node's own row instead", async () => {
      let sessions = 0;
      const manager = await clinic.serve((socket) => socket.on("data", () => sessions++));
      const address = `tcp:127.0.0.1:${manager}`;
      const running = {
        managerAddress: address,
        target: `tcp:[127.0.0.1]:${manager}`,
        isConnected: true,
        status: new Map(),
        uplinks: [uplink({})],
        isOffline: false,
      };
      const redirector = `tcp:127.0.0.1:${await clinic.serve(redirectTo(address))}`;
      const steps = await clinic.examine(redirector, { running });
      assert.equal(verdict(steps), "ok");
      assert.equal(named(steps, "TLS, OVSDB", "manager").status, "skipped");
      assert.equal(sessions, 0);
      const lost = await clinic.examine(redirector, {
        running: { ...running, isConnected: false, isOffline: true, managerAddress: "tcp:a:1" },
      });
      faulty(lost, "Manager row", /not connected, tcp:\[127.*gw_offline active/, /CM's lines/);
      assert.match(named(lost, "manager_addr", "node").found, /tcp:a:1, but the redirector says/);
      const dark = await clinic.examine(redirector, {
        running: { ...running, isConnected: false, uplinks: [uplink({ has_L3: false })] },
      });
      faulty(dark, "uplink", /gets nothing by DHCP/, /DHCP server/);
    });

    it("says nothing of a running node where the redirector is another than its own", async () => {
      const running = {
        managerAddress: "",
        target: "",
        isConnected: false,
        status: new Map(),
        uplinks: [uplink({ has_L3: false })],
        isOffline: false,
      };
      const steps = await clinic.examine(ssl(await closedPort()), { running, isForeign: true });
      faulty(steps, "TCP IPv4", /refused/, /start the cloud/);
      assert.deepEqual(
        steps.filter(({ part }) => part === "node").map(({ name, status }) => `${name} ${status}`),
        ["all skipped"],
      );
      assert.match(named(steps, "all", "node").found, /is not the redirector of the running node/);
    });

    it("names what the simulation has broken: a warning until the node has lost its cloud, then the fault", async () => {
      const address = `tcp:127.0.0.1:${await clinic.serve(() => {})}`;
      const redirector = `tcp:127.0.0.1:${await clinic.serve(redirectTo(address))}`;
      const running = {
        managerAddress: address,
        target: address,
        isConnected: true,
        status: new Map(),
        uplinks: [uplink({})],
        isOffline: false,
      };
      const examine = (change: object) => clinic.examine(redirector, { running: { ...running, ...change } });
      const broken = { wan: "the line of the uplink is dead", cloud: null };
      const fresh = await examine({ outage: broken });
      faulty(
        fresh,
        "simulation",
        /line of the uplink is dead; the node has not noticed/,
        /^opensync sim wan-up gateway$/,
        "warning",
      );
      const refused = { wan: null, cloud: "the cloud refuses every connection" };
      const lost = await examine({ outage: refused, isConnected: false });
      faulty(lost, "simulation", /has it so: the cloud refuses every connection$/, /^opensync sim cloud-up gateway$/);
      assert.match(named(lost, "Manager row", "node").fix ?? "", /the simulation keeps it from its cloud/);
      assert.equal(verdict(await examine({ outage: { wan: null, cloud: null } })), "ok");
      // Nothing above is wrong: no word of "the steps above".
      faulty(await examine({ isConnected: false }), "Manager row", /not connected/, /from here the cloud is reached/);
    });
  });
});

/** Hangs up, rudely, on the first word. */
function cut(socket: Socket): void {
  socket.once("data", () => socket.resetAndDestroy());
}

function flood(socket: Socket): void {
  pour(socket, '{"id":null,"method":"update","params":[]}'.repeat(1000));
}

/** The same again and again, for as long as somebody takes it. */
function pour(socket: Socket, text: string): void {
  const piece = text.length > 1000 ? text : text.repeat(10_000);
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 1;
}

/** A process that listens and never accepts, with as many connections as the system keeps for it: further ones get no answer. */
class BlackHole {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #sockets: Socket[] = [];

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async open(): Promise<BlackHole> {
    const script = `const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(server.address().port));`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const port = await new Promise<number>((resolve) => child.stdout?.once("data", (text) => resolve(Number(text))));
    child.kill("SIGSTOP");
    const hole = new BlackHole(child, port);
    for (let full = false; !full; ) full = !(await hole.#fill());
    return hole;
  }

  /** Whether the system took one more. */
  #fill(): Promise<boolean> {
    const socket = connect(this.port, "127.0.0.1").on("error", () => {});
    this.#sockets.push(socket);
    return new Promise((resolve) => {
      // After the timer the system's news are heard first.
      const timer = setTimeout(() => setImmediate(() => resolve(!socket.connecting)), 300);
      socket.once("connect", () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#child.kill("SIGKILL");
  }
}

/** A certificate for 127.0.0.1, by a CA below an authority. */
function issueByIntermediate(directory: string) {
  const path = (name: string) => join(directory, name);
  const make = (name: string, by: string | undefined, extension: string) => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path(`${name}.key`)];
    const subject = ["-subj", `/CN=${name}`, "-days", "99", "-addext", extension];
    const signer = by === undefined ? [] : ["-CA", path(`${by}.pem`), "-CAkey", path(`${by}.key`)];
    const args = ["req", "-x509", ...key, ...subject, ...signer, "-out", path(`${name}.pem`)];
    execFileSync("openssl", args, { stdio: "pipe" });
    return readFileSync(path(`${name}.pem`), "utf8");
  };
  const root = make("root CA", undefined, "keyUsage=keyCertSign");
  const intermediate = make("middle CA", "root CA", "keyUsage=keyCertSign");
  const certificate = make("cloud", "middle CA", "subjectAltName=IP:127.0.0.1");
  return { root, intermediate, pair: { certificate, privateKey: readFileSync(path("cloud.key"), "utf8") } };
}

/** `openssl s_server` on a port of its own. */
async function openssl(args: readonly string[]): Promise<{ readonly process: ChildProcess; readonly port: number }> {
  const child = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", ...args], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (piece) => {
      text += piece;
      const match = /ACCEPT \S+:(\d+)/.exec(text);
      if (match) resolve(Number(match[1]));
    });
    child.once("close", () => reject(new Error(`openssl s_server ended: ${text}`)));
  });
  return { process: child, port };
}
