/** Keeps a table that has rows by client, and what the device holds of them, the same; whichever of them changes. */

import { messageOf } from "@opensync-ts/base/errors";
import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/schema/opensync";
import type { ClientRecords } from "@opensync-ts/target/clients";
import { Complaints } from "../../complaints.ts";
import type { ManagerContext, RunningManager } from "../../manager.ts";
import { Reconciler } from "../../reconciler.ts";
import { pmLimits } from "../limits.ts";
import { mergeClients } from "./merge.ts";

export type ClientTable = "Client_Freeze_Config" | "Client_Nickname_Config";

export interface ClientTableOptions<T extends ClientTable, Value> {
  readonly table: T;
  /** Absent: this device can do nothing of the kind. */
  readonly records: ClientRecords<Value> | undefined;
  /** What it would do, for people. */
  readonly purpose: string;
  /** Undefined: the row wants nothing of the device. */
  readonly read: (row: Row<T>) => Value | undefined;
  readonly write: (value: Value) => Omit<Row<T>, "_uuid" | "_version" | "mac">;
  /** Whether the device still wants this when it comes up and there is no row of it. */
  readonly isDevices: (value: Value) => boolean;
  readonly isSame: (a: Value, b: Value) => boolean;
  readonly show: (value: Value) => string;
}

export async function followClients<T extends ClientTable, Value>(
  { client, clock, log }: ManagerContext,
  options: ClientTableOptions<T, Value>,
): Promise<RunningManager> {
  const { table, records, purpose, read, write, isDevices, isSame, show } = options;
  const complaints = new Complaints(clock, log);
  const replica = await client.replicate({ [table]: {} } as { readonly [Name in T]: object });
  const all = replica.table(table).rows as ReadonlyMap<string, Row<ClientTable>>;

  const rowsByMac = (): ReadonlyMap<Mac, readonly Row<T>[]> => {
    const found = new Map<Mac, Row<T>[]>();
    for (const row of all.values()) {
      const mac = parseMac(row.mac);
      const known = mac && found.get(mac);
      if (!mac)
        complaints.say(`${table} '${row.mac.slice(0, 40)}' is not a MAC address; write aa:bb:cc:dd:ee:ff`, "mac");
      else if (known) known.push(row as Row<T>);
      else if (found.size < pmLimits.clientRecords) found.set(mac, [row as Row<T>]);
      else complaints.say(`${table}: more than ${pmLimits.clientRecords} clients; the others are left out`, "many");
    }
    return found;
  };

  /** What both sides were known to have in common. What the device was told before, and no row holds up any more, is over. */
  let agreed: ReadonlyMap<Mac, Value> = new Map(
    [...(records?.entries() ?? [])].filter(([, value]) => !isDevices(value)),
  );

  const round = async () => {
    if (!records) {
      if (all.size > 0) complaints.say(`${table}: this device cannot ${purpose}; its rows do nothing`);
      return;
    }
    const rows = rowsByMac();
    const wanted = new Map<Mac, Value>();
    for (const [mac, of] of rows) {
      const value = of.map(read).find((each) => each !== undefined);
      if (value !== undefined) wanted.set(mac, value);
    }
    const { toDevice, toRows } = mergeClients(wanted, records.entries(), agreed, isSame);
    const now = new Map(wanted);
    for (const [mac, value] of toDevice) {
      try {
        records.set(mac, value);
      } catch (error) {
        // Told again with the next change.
        now.delete(mac);
        complaints.say(`${table} ${mac}: ${messageOf(error)}`, "device");
      }
    }
    if (toRows.size > 0) {
      await client.transact(
        (transaction) => {
          for (const [mac, value] of toRows) {
            const [first, ...others] = rows.get(mac) ?? [];
            const gone = value === null && first ? [first, ...others] : others;
            for (const { _uuid } of gone) transaction.delete(table, [["_uuid", "==", _uuid]] as never);
            if (value === null) continue;
            if (first) transaction.update(table, [["_uuid", "==", first._uuid]] as never, write(value) as never);
            else transaction.insert(table, { mac, ...write(value) } as never);
          }
        },
        { comment: `PM - ${table} as at the device` },
      );
      for (const [mac, value] of toRows) {
        if (value === null) now.delete(mac);
        else now.set(mac, value);
      }
    }
    agreed = now;
  };

  const rounds = new Reconciler(round, (error) => complaints.say(`${table}: ${messageOf(error)}`, "rows"));
  const subscriptions = [replica.onTransaction(() => rounds.request()), records?.onChange(() => rounds.request())];
  rounds.request();
  return {
    async stop() {
      for (const unsubscribe of subscriptions) unsubscribe?.();
      rounds.stop();
      replica.cancel();
    },
    dump: () =>
      records
        ? [...records.entries()]
            .map(([mac, value]) => `${mac} ${show(value)}`)
            .sort()
            .join("\n")
        : `this device cannot ${purpose}`,
  };
}
