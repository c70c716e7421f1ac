/** The rows that CM makes sure of: `Open_vSwitch` with its `Manager` (not dialling yet) and `SSL`. */

import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { NamedUuid } from "@opensync-ts/ovsdb/declare";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";
import type { ManagerContext } from "../manager.ts";

export interface TlsFileNames {
  readonly privateKey: string;
  readonly certificate: string;
  readonly caCertificate: string;
}

export interface StartRowsOptions {
  readonly tls: TlsFileNames;
  /** Seconds. */
  readonly minBackoff: number;
  readonly maxBackoff: number;
}

/** The server probes a silent connection after this long, ms. */
const inactivityProbeMs = 30_000;

export async function writeStartRows({ client }: ManagerContext, options: StartRowsOptions): Promise<void> {
  const replica = await client.replicate({
    Open_vSwitch: { columns: ["manager_options", "ssl"] },
    AWLAN_Node: { columns: ["id"] },
  });
  const root: Row<"Open_vSwitch"> | undefined = replica.table("Open_vSwitch").rows.values().next().value;
  const hasNode = replica.table("AWLAN_Node").rows.size > 0;
  replica.cancel();
  const backoffs = { min_backoff: options.minBackoff, max_backoff: options.maxBackoff };
  await client.transact(
    (transaction) => {
      const parent: { manager_options?: readonly NamedUuid[]; ssl?: NamedUuid } = {};
      if (root && root.manager_options.length > 0) {
        transaction.update("Manager", [], { target: "", inactivity_probe: inactivityProbeMs });
      } else {
        parent.manager_options = [insertManager(transaction, "")];
      }
      if (root && root.ssl !== null) transaction.update("SSL", [], sslColumns(options.tls));
      else parent.ssl = transaction.insert("SSL", sslColumns(options.tls));
      if (!root) transaction.insert("Open_vSwitch", parent);
      else if (Object.keys(parent).length > 0) transaction.update("Open_vSwitch", [], parent);
      if (hasNode) transaction.update("AWLAN_Node", [], backoffs);
      else transaction.insert("AWLAN_Node", backoffs);
    },
    { comment: "CM - upsert Open_vSwitch Manager SSL AWLAN_Node" },
  );
}

/** Somebody removed the row (ovs-vsctl del-manager): the connection is CM's to keep. */
export function restoreManager(transaction: TransactionBuilder<OpenSync>, target: string): void {
  transaction.update("Open_vSwitch", [], { manager_options: [insertManager(transaction, target)] });
}

/** Likewise (ovs-vsctl del-ssl). */
export function restoreSsl(transaction: TransactionBuilder<OpenSync>, tls: TlsFileNames): void {
  transaction.update("Open_vSwitch", [], { ssl: transaction.insert("SSL", sslColumns(tls)) });
}

function insertManager(transaction: TransactionBuilder<OpenSync>, target: string): NamedUuid {
  return transaction.insert("Manager", { target, inactivity_probe: inactivityProbeMs });
}

function sslColumns({ privateKey, certificate, caCertificate }: TlsFileNames) {
  return { private_key: privateKey, certificate, ca_cert: caCertificate };
}
