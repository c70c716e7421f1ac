/** `ctl` commands for tenants and locations. */

import { locationOf, type OfTenant, tenantOf } from "./places.ts";
import { Ctl, type CtlOptions } from "./session.ts";
import { textColumn } from "./tables.ts";

export async function addTenant(name: string, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const made = await ctl.ask("POST /tenants", { body: { name } });
  ctl.tell(made, () => [`tenant '${made.name}': ${made.id}`]);
}

export async function addLocation(name: string, options: OfTenant): Promise<void> {
  const ctl = Ctl.open(options);
  const tenant = await tenantOf(ctl, options.tenant);
  const made = await ctl.ask("POST /tenants/:tenant/locations", { params: { tenant: tenant.id }, body: { name } });
  ctl.tell(made, () => [`location '${made.name}' of tenant '${tenant.name}': ${made.id}`]);
}

export async function listTenants(options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  ctl.list(
    await ctl.all("GET /tenants", {}),
    [textColumn("TENANT", ({ name }) => name), textColumn("ID", ({ id }) => id)],
    "there is no tenant yet; make one with 'opensync cloud ctl tenant add NAME'",
  );
}

/** With its versions; its nodes are nobody's then. */
export async function removeLocation(named: string, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, name } = await locationOf(ctl, named);
  await ctl.ask("DELETE /locations/:location", { params: { location: id } });
  ctl.tell({ id, name }, () => [`location '${name}' is gone, with its versions; its nodes are nobody's`]);
}

export async function renameLocation(named: string, name: string, options: CtlOptions): Promise<void> {
  const ctl = Ctl.open(options);
  const { id, name: before } = await locationOf(ctl, named);
  const renamed = await ctl.ask("PATCH /locations/:location", { params: { location: id }, body: { name } });
  ctl.tell(renamed, () => [`location '${before}' is named '${renamed.name}'`]);
}
