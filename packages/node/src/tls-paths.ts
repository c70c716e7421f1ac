/** Where a node's certificate is: three PEM files, by default those in its `certs`. */

import { join } from "node:path";
import { UserError } from "@opensync-ts/base/errors";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { nodeLimits } from "./limits.ts";

/** Paths of PEM files, never their contents: they are written into the `SSL` row. The files need not exist before they are used. */
export interface TlsPaths {
  readonly privateKey?: string;
  readonly certificate?: string;
  readonly ca?: string;
}

/** Throws a `UserError` that repeats nothing of what was given, as that may be a key. */
export function checkedTlsFiles(paths: TlsPaths, certificates: string): TlsFiles {
  return {
    privateKey: checked("privateKey", paths.privateKey ?? join(certificates, "client_dec.key")),
    certificate: checked("certificate", paths.certificate ?? join(certificates, "client.pem")),
    caCert: checked("ca", paths.ca ?? join(certificates, "ca.pem")),
  };
}

function checked(name: keyof TlsPaths, path: string): string {
  const isPath = path !== "" && path.length <= nodeLimits.pathLength && !/-----BEGIN|\p{Cc}/u.test(path);
  if (!isPath) throw new UserError(`tls.${name}: must be the path of a PEM file, not its contents`);
  return path;
}
