/** A device without radios or network: for managers that need none, and for a database served alone. */

import { createFileStorage, type FileStorageOptions } from "./file-storage.ts";
import { noNetwork } from "./no-network.ts";
import type { SystemStatistics } from "./system.ts";
import type { Target } from "./target.ts";

export interface NullTargetOptions {
  /** `AWLAN_Node.id` of the device. */
  readonly id: string;
  /** Directory of the persistent storage. */
  readonly storageDirectory: string;
  readonly onDamage?: FileStorageOptions["onDamage"];
  /** The machine that it runs on, if that is to be told. */
  readonly system?: SystemStatistics;
}

export function createNullTarget(options: NullTargetOptions): Target {
  const { id, storageDirectory, onDamage, system } = options;
  return {
    name: "null",
    unit: {
      id,
      serialNumber: id,
      model: "NULL",
      sku: null,
      hardwareRevision: null,
      platformVersion: "null",
      firmwareVersion: "0.1.0",
      vendor: null,
    },
    radioDrivers: [],
    network: noNetwork,
    storage: createFileStorage({ directory: storageDirectory, ...(onDamage ? { onDamage } : {}) }),
    prepopulation: {},
    ...(system && { system }),
    close() {},
  };
}
