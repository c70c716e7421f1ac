/** For tests: a doctor with a node's files, and clouds that go wrong on purpose. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { RealClock } from "@opensync-ts/base/clock";
import { SystemRandom } from "@opensync-ts/base/random";
import { type CertificatePair, createAuthority, createCertificate, type SubjectName } from "@opensync-ts/cloud/x509";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { CloudContext } from "../context.ts";
import { type CloudExamination, examineCloud } from "../examine-cloud.ts";
import type { NameResolver } from "../names.ts";
import { Recorder, type Step } from "../report.ts";

const day = 86_400_000;

export interface IssueOptions {
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  readonly names?: readonly SubjectName[];
  readonly by?: CertificatePair;
}

export interface ExamineOptions extends Partial<Pick<CloudContext, "resolver" | "timeoutMs" | "holdMs" | "tls">> {
  readonly manager?: boolean;
  readonly running?: CloudExamination["running"];
  readonly isForeign?: boolean;
}

export class Clinic {
  readonly clock = new RealClock();
  readonly directory = mkdtempSync(join(tmpdir(), "doctor-"));
  readonly authority: CertificatePair;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #serial = 1;
  files: TlsFiles = { privateKey: "", certificate: "", caCert: "" };

  private constructor(authority: CertificatePair) {
    this.authority = authority;
  }

  /** With the files of node `gateway`, and an authority that the node trusts. */
  static async open(): Promise<Clinic> {
    const now = new RealClock().wallTime();
    const dates = { notBefore: new Date(now - 60 * day), notAfter: new Date(now + 3650 * day) };
    const clinic = new Clinic(await createAuthority({ commonName: "home CA", serialNumber: "01", ...dates }));
    clinic.files = clinic.write("node", await clinic.issue("gateway"));
    return clinic;
  }

  /** A certificate; by default of this authority, for 127.0.0.1, good from yesterday for a year. */
  issue(commonName: string, { from = -1, to = 365, names, by = this.authority }: IssueOptions = {}) {
    const at = (days: number) => new Date(this.clock.wallTime() + days * day);
    const serialNumber = (this.#serial++ + 0x1000).toString(16);
    const subjects = names ?? [{ type: "ip" as const, value: "127.0.0.1" }];
    return createCertificate({ commonName, serialNumber, notBefore: at(from), notAfter: at(to), names: subjects }, by);
  }

  /** Files of a node, readable by the owner only. */
  write(name: string, pair: CertificatePair, caCert = this.authority.certificate): TlsFiles {
    const path = (what: string) => join(this.directory, `${name}-${what}.pem`);
    const files = { privateKey: path("key"), certificate: path("certificate"), caCert: path("ca") };
    writeFileSync(files.privateKey, pair.privateKey, { mode: 0o600 });
    writeFileSync(files.certificate, pair.certificate);
    writeFileSync(files.caCert, caCert);
    return files;
  }

  /** The port of a server on 127.0.0.1. */
  async serve(serve: (socket: Socket) => void): Promise<number> {
    return this.#listen(createServer((socket) => this.#take(socket, serve)));
  }

  /** With TLS; by default one that asks for certificates of nodes and takes those of the authority. */
  async serveTls(serve: (socket: Socket) => void, pair?: CertificatePair, options: TlsOptions = {}): Promise<number> {
    const { certificate: cert, privateKey: key } = pair ?? (await this.issue("cloud"));
    const ca = this.authority.certificate;
    const all = { key, cert, ca, requestCert: true, rejectUnauthorized: true, ...options };
    return this.#listen(createTlsServer(all, (socket) => this.#take(socket, serve)));
  }

  /** The steps of an examination of `redirector`. */
  async examine(redirector: string, options: ExamineOptions = {}): Promise<readonly Step[]> {
    const { manager, running, isForeign, ...rest } = options;
    const recorder = new Recorder(this.clock);
    await examineCloud(
      { redirector, running, isForeign, manager },
      {
        recorder,
        clock: this.clock,
        random: new SystemRandom(),
        resolver: noNames,
        timeoutMs: 10_000,
        holdMs: 50,
        tls: this.files,
        identity: {
          id: "gateway",
          serialNumber: "gateway",
          model: null,
          firmwareVersion: "",
          redirectorAddress: redirector,
        },
        ...rest,
      },
    );
    return recorder.steps;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(this.directory, { recursive: true, force: true });
  }

  #take(socket: Socket, serve: (socket: Socket) => void): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    serve(socket);
  }

  #listen(server: Server): Promise<number> {
    this.#servers.push(server);
    server.on("tlsClientError", () => {});
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  }
}

const noNames: NameResolver = (host) => Promise.reject(Object.assign(new Error(`no ${host}`), { code: "ENOTFOUND" }));

/** A redirector that hands out `address`, as little as that takes. */
export function redirectTo(address: string): (socket: Socket) => void {
  return (socket) => {
    const update = { op: "update", table: "AWLAN_Node", where: [], row: { manager_addr: address } };
    converse(socket);
    socket.write(JSON.stringify({ id: 1, method: "transact", params: ["Open_vSwitch", update] }));
  };
}

/** A controller that monitors one table, and stays. */
export function control(socket: Socket): void {
  converse(socket);
  const tables = { AWLAN_Node: {} };
  socket.write(JSON.stringify({ id: 1, method: "monitor", params: ["Open_vSwitch", null, tables] }));
}

/** Answers each `echo` with `result`, by default with what was sent. */
export function converse(socket: Socket, result?: unknown): void {
  socket.setEncoding("utf8").on("data", (text: string) => {
    const echo = /\{"method":"echo","params":(\[[^\]]*\]),"id":(\d+)\}/.exec(text);
    if (!echo) return;
    const [, params = "[]", id] = echo;
    socket.write(JSON.stringify({ id: Number(id), result: result ?? JSON.parse(params), error: null }));
  });
}
