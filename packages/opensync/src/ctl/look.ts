/** `ctl` commands that only look. */

import { UserError } from "@opensync-ts/base/errors";
import { deviceAt } from "./devices.ts";
import { type AtLocation, type LocationView, locationOf } from "./places.ts";
import { Ctl, type CtlOptions } from "./session.ts";
import { detailWords, moment, textColumn, yesNo } from "./tables.ts";

export async function status(options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  ctl.list(
    await ctl.all("GET /locations", {}),
    [
      textColumn("LOCATION", ({ name }) => name),
      textColumn("VERSION", ({ applied }) => applied),
      textColumn("STATE", versionState),
      textColumn("SETTLED", ({ live }) => (live && live.nodes > 0 ? yesNo(live.settled) : null)),
      textColumn("CONNECTED", ({ live }) => live && `${live.connected} of ${live.nodes}`),
      textColumn("ID", ({ id }) => id),
    ],
    "there is no location yet; make one with 'opensync cloud ctl location add NAME'",
  );
}

function versionState({ head, applied, proven }: LocationView): string {
  if (head === 0) return "no version";
  if (applied === null) return `none holds, the newest is ${head}`;
  return `${proven === applied ? "proven" : "applied"}${head > applied ? `, the newest is ${head}` : ""}`;
}

export async function nodes(named: string | undefined, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, name } = await locationOf(ctl, named);
  const { items } = await ctl.ask("GET /locations/:location/nodes", { params: { location: id } });
  ctl.list(
    items,
    [
      textColumn("NODE", (node) => node.id),
      textColumn("ROLE", ({ role }) => role),
      textColumn("CONNECTION", ({ connection }) => connection),
      textColumn("SETTLED", ({ settled }) => yesNo(settled)),
      textColumn("SERIAL", ({ serialNumber }) => serialNumber),
      textColumn("MODEL", ({ model }) => model),
      textColumn("STILL TO COME", ({ pending }) => pending),
    ],
    `location '${name}' has no node in the version that holds; 'opensync cloud ctl callers' shows who calls, 'claim' takes one`,
  );
}

export async function callers(options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { items } = await ctl.ask("GET /callers", {});
  ctl.list(
    items,
    [
      textColumn("ID", ({ id }) => id),
      textColumn("SERIAL", ({ serialNumber }) => serialNumber),
      textColumn("MODEL", ({ model }) => model),
      textColumn("CERTIFICATE", ({ commonName }) => commonName),
      textColumn("FROM", ({ peer }) => peer),
      textColumn("SEEN", ({ seenAt }) => moment(seenAt)),
      textColumn("NOT PROVISIONED AS", ({ reason }) => reason),
    ],
    "nobody has called who is nobody's",
  );
}

export async function clients(named: string | undefined, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, name } = await locationOf(ctl, named);
  const { items } = await ctl.ask("GET /locations/:location/devices", { params: { location: id } });
  ctl.list(
    items,
    [
      textColumn("CLIENT", ({ mac }) => mac),
      textColumn("NAME", ({ nickname, now }) => nickname ?? now?.hostname),
      textColumn("NODE", ({ now }) => now?.node),
      textColumn("BAND", ({ now }) => now?.band),
      { ...textColumn("CH", ({ now }) => now?.channel), align: "right" },
      { ...textColumn("SNR dB", ({ now }) => now?.snr && Math.round(now.snr)), align: "right" },
      { ...textColumn("RX Mbit/s", ({ now }) => now?.rxMbps && Math.round(now.rxMbps)), align: "right" },
      { ...textColumn("TX Mbit/s", ({ now }) => now?.txMbps && Math.round(now.txMbps)), align: "right" },
      textColumn("ADDRESS", ({ now }) => now?.address),
      textColumn("HELD", ({ frozen, band }) => {
        const held = [
          frozen && `frozen${until(frozen.until)}`,
          band && `${band.only ? "only" : "rather"} ${band.prefer}${until(band.until)}`,
        ];
        return held.filter(Boolean).join(", ") || "-";
      }),
    ],
    `location '${name}' has no client now, and its document names no device`,
  );
}

function until(text: string | null): string {
  return text === null ? "" : ` until ${moment(text)}`;
}

export interface AlertsOptions extends CtlOptions {
  /** Also those that are over. */
  readonly all?: boolean;
  readonly limit?: number;
}

/** Of a location, or of all within reach. */
export async function alerts(named: string | undefined, options: AlertsOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const query = { open: options.all !== true, limit: options.limit };
  const { items } =
    named === undefined
      ? await ctl.ask("GET /alerts", { query })
      : await ctl.ask("GET /locations/:location/alerts", {
          params: { location: (await locationOf(ctl, named)).id },
          query,
        });
  ctl.list(
    items,
    [
      textColumn("RAISED", ({ raisedAt }) => moment(raisedAt)),
      textColumn("OVER", ({ clearedAt }) => moment(clearedAt)),
      textColumn("KIND", ({ kind }) => kind),
      textColumn("NODE", ({ node }) => node),
      textColumn("WHAT", ({ text }) => text),
    ],
    options.all ? "there has been no alert" : "no alert is open",
  );
}

/** Why the cloud moves a client, or lets it stay. */
export async function explain(named: string, options: AtLocation): Promise<void> {
  const ctl = Ctl.open(options);
  const params = await deviceAt(ctl, named, options);
  const { mac } = params;
  const result = await ctl.result("GET /locations/:location/steering/clients/:mac", { params });
  if (!result.ok && result.error.status === 404) {
    throw new UserError(`${mac}: the cloud has not seen such a client there; 'opensync cloud ctl clients' lists them`);
  }
  const found = ctl.taken(result);
  const { text, notBefore } = found;
  ctl.tell(found, () => [
    `${found.mac}: ${found.class ?? "class not known yet"}, ${found.mobility ?? "mobility not known yet"}`,
    ...(text.length > 0 ? text : ["nothing has been decided for it yet"]),
    ...(notBefore === null ? [] : [`it is not moved before ${moment(notBefore)}`]),
  ]);
}

export interface AuditOptions extends CtlOptions {
  readonly actor?: string;
  readonly limit?: number;
}

/** Of a location, or of the cloud. The newest last, as one reads. */
export async function audit(named: string | undefined, options: AuditOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const query = { actor: options.actor, limit: options.limit };
  const { items } =
    named === undefined
      ? await ctl.ask("GET /audit", { query })
      : await ctl.ask("GET /locations/:location/audit", {
          params: { location: (await locationOf(ctl, named)).id },
          query,
        });
  ctl.list(
    items.toReversed(),
    [
      textColumn("AT", ({ at }) => moment(at)),
      textColumn("WHO", ({ actor }) => actor),
      textColumn("DID", ({ action }) => action),
      textColumn("TO", ({ target }) => target),
      textColumn("OUTCOME", ({ outcome, reason }) => (reason === null ? outcome : `${outcome}: ${reason}`)),
      textColumn("WHY", ({ why }) => why),
      textColumn("WHAT", ({ details }) => detailWords(details)),
    ],
    "nothing has been done yet",
  );
}
