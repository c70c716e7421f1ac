/** Who this device is (`osp_unit`): identity as printed on its label and built into its firmware. */

export interface Unit {
  readonly id: string;
  readonly serialNumber: string;
  readonly model: string;
  readonly sku: string | null;
  readonly hardwareRevision: string | null;
  readonly platformVersion: string;
  readonly firmwareVersion: string;
  readonly vendor: {
    readonly name: string;
    readonly manufacturer: string;
    readonly partNumber: string;
    readonly factory: string;
  } | null;
}
