/** What can be done to a device as a whole (`osp_reboot`, `target_device_restart_managers`). Each returns at once; then the node ends. */

export interface DeviceControl {
  /** Ends everything in order and boots. Who asks has said why before (`announceReboot`). */
  reboot(reason: string): void;
  /** Ends all managers and starts them on a newly populated database: no boot, the kernel goes on. */
  restartManagers(reason: string): void;
  /** Erases what does not survive a factory reset, and boots; likewise. Throws a `UserError` where the flash refuses it. */
  factoryReset(reason: string): void;
}
