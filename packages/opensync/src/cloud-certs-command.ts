/** `opensync cloud certs`: the certificates of a cloud and its nodes, made and listed without the cloud having to run. */

import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { SystemRandom } from "@opensync-ts/base/random";
import { Certificates } from "@opensync-ts/cloud/certificates";
import { jsonText } from "./json-text.ts";
import { clock, say } from "./run.ts";
import { type Column, table } from "./table.ts";

export interface CertsOptions {
  readonly dir?: string;
  readonly tlsDir?: string;
  readonly json?: boolean;
}

/** Of the cloud of `opensync up`, unless another is named. */
export function cloudDirectory(named: string | undefined): string {
  return named ?? join(process.env.OPENSYNC_DIR ?? ".opensync", "cloud");
}

/** What has to be put into a device so that it finds and trusts this cloud. */
export function forDevices(redirector: string, certificates: Certificates | undefined, dir: string): readonly string[] {
  const trust = certificates
    ? [
        `the authority that devices shall trust: ${certificates.server.caCert}`,
        `certificates for a device: opensync cloud certs make ID --dir ${dir}`,
      ]
    : [];
  const alone = /:(127\.\d+\.\d+\.\d+|localhost):/.test(redirector)
    ? ["only this machine reaches it; for real devices start it with --redirector pssl:6643 --controller pssl:6640"]
    : [];
  return [`for devices: AWLAN_Node.redirector_addr is ${redirector}`, ...trust, ...alone];
}

/** Prints the files of each node. Rejects with a `UserError`. */
export async function makeCertificates(ids: readonly string[], options: CertsOptions): Promise<void> {
  const certificates = await Certificates.open({ directory: tlsDirectory(options), clock, random: new SystemRandom() });
  const made: {
    readonly id: string;
    readonly caCert: string;
    readonly certificate: string;
    readonly privateKey: string;
  }[] = [];
  for (const id of ids) made.push({ id, ...(await certificates.node(id)) });
  if (options.json) {
    process.stdout.write(`${jsonText(made, 2)}\n`);
    return;
  }
  for (const { id, caCert, certificate, privateKey } of made) {
    say(`node ${id}: copy to /var/certs of the device (only its owner may read the key):`);
    for (const file of [caCert, certificate, privateKey]) say(`  ${file}`);
  }
}

interface Listed {
  readonly file: string;
  readonly commonName: string;
  readonly expires: string;
  readonly fingerprint: string;
}

export async function listCertificates(options: CertsOptions): Promise<void> {
  const directory = tlsDirectory(options);
  if (!existsSync(directory))
    throw new UserError(`${directory}: there are no certificates; start the cloud, or make some`);
  const nodes = join(directory, "nodes");
  const files = [
    join(directory, "ca.pem"),
    join(directory, "server.pem"),
    ...(existsSync(nodes) ? readdirSync(nodes).sort() : []).map((id) => join(nodes, id, "client.pem")),
  ].filter((file) => existsSync(file));
  const listed = files.map(described);
  if (options.json) process.stdout.write(`${jsonText(listed, 2)}\n`);
  else for (const line of table(columns, listed, process.stdout.columns ?? Number.POSITIVE_INFINITY)) say(line);
}

const columns: readonly Column<Listed>[] = [
  { title: "common name", cell: ({ commonName }) => commonName },
  { title: "until", cell: ({ expires }) => expires.slice(0, 10) },
  { title: "file", cell: ({ file }) => file },
];

function described(file: string): Listed {
  try {
    const { subject, validToDate, fingerprint256 } = new X509Certificate(readFileSync(file));
    const commonName = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject;
    return { file, commonName, expires: validToDate.toISOString(), fingerprint: fingerprint256 };
  } catch (error) {
    throw new UserError(
      `${file}: not a certificate (${messageOf(error)}); remove it with its key to have it made anew`,
    );
  }
}

function tlsDirectory({ dir, tlsDir }: CertsOptions): string {
  return tlsDir ?? join(cloudDirectory(dir), "tls");
}
