/** Who the node is: the columns of `AWLAN_Node` that DM owns, from the unit's identity. */

import type { Write } from "@opensync-ts/schema/opensync";
import type { Unit } from "@opensync-ts/target/unit";

/** DM clears the upgrade columns at each boot: a firmware asked for before it is not asked for any more. */
export function entityColumns(unit: Unit): Write<"AWLAN_Node"> {
  const { vendor } = unit;
  return {
    id: unit.id,
    serial_number: unit.serialNumber,
    sku_number: unit.sku,
    model: unit.model,
    revision: unit.hardwareRevision ?? "",
    firmware_version: unit.firmwareVersion,
    platform_version: unit.platformVersion,
    vendor_name: vendor?.name ?? null,
    vendor_part_number: vendor?.partNumber ?? null,
    vendor_manufacturer: vendor?.manufacturer ?? null,
    vendor_factory: vendor?.factory ?? null,
    ovs_version: "N/A",
    firmware_url: "",
    upgrade_status: 0,
    upgrade_timer: 0,
  };
}
