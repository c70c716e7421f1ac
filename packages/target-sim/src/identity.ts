/** Who a simulated device is: everything follows from its id, so that it is the same device at each start. */

import { createHash } from "node:crypto";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Unit } from "@opensync-ts/target/unit";
import { maxInterfaces } from "./limits.ts";

/**
 * The address of a device's `index`-th interface: locally administered, and different for different devices but for
 * the odds of a 34-bit hash.
 */
export function interfaceMac(id: string, index: number): Mac {
  if (!Number.isInteger(index) || index < 0 || index >= maxInterfaces) {
    throw new RangeError(`a device has ${maxInterfaces} interface addresses; there is no number ${index}`);
  }
  const bytes = createHash("sha256").update(`mac/${id}`).digest().subarray(0, 6);
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  bytes[5] = ((bytes[5] ?? 0) & 0xc0) | index;
  return mac([...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":"));
}

export interface UnitOptions {
  readonly id: string;
  readonly model: string;
  readonly firmwareVersion?: string;
}

export function unitOf(options: UnitOptions): Unit {
  const { id, model, firmwareVersion = "0.1.0" } = options;
  return {
    id,
    serialNumber: id,
    model,
    sku: null,
    hardwareRevision: "1",
    platformVersion: "sim-0.1.0",
    firmwareVersion,
    vendor: {
      name: "opensync-ts",
      manufacturer: "opensync-ts",
      partNumber: model,
      factory: "virtual",
    },
  };
}
