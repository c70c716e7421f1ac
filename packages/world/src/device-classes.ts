/** The device classes that come with the world, read and checked once. */

import { UserError } from "@opensync-ts/base/errors";
import doorbellCamera from "../devices/doorbell-camera.json" with { type: "json" };
import gameConsole from "../devices/game-console.json" with { type: "json" };
import iot from "../devices/iot.json" with { type: "json" };
import laptop from "../devices/laptop.json" with { type: "json" };
import laptopWifi7 from "../devices/laptop-wifi7.json" with { type: "json" };
import modernPhone from "../devices/modern-phone.json" with { type: "json" };
import olderPhone from "../devices/older-phone.json" with { type: "json" };
import smartSpeaker from "../devices/smart-speaker.json" with { type: "json" };
import tablet from "../devices/tablet.json" with { type: "json" };
import thermostat from "../devices/thermostat.json" with { type: "json" };
import tv from "../devices/tv.json" with { type: "json" };
import voipHandset from "../devices/voip-handset.json" with { type: "json" };
import { type DeviceClass, parseDeviceClass } from "./device-class.ts";

const files: Readonly<Record<string, unknown>> = {
  "doorbell-camera": doorbellCamera,
  "game-console": gameConsole,
  iot,
  laptop,
  "laptop-wifi7": laptopWifi7,
  "modern-phone": modernPhone,
  "older-phone": olderPhone,
  "smart-speaker": smartSpeaker,
  tablet,
  thermostat,
  tv,
  "voip-handset": voipHandset,
};

const classes = new Map<string, DeviceClass>(
  Object.entries(files).map(([name, value]) => [name, parseDeviceClass(value, name)]),
);

export const deviceClassNames: readonly string[] = [...classes.keys()];

/** Throws a `UserError` naming `who` where there is no such class. */
export function deviceClass(name: string, who: string): DeviceClass {
  const found = classes.get(name);
  if (found) return found;
  throw new UserError(`${who}: there is no device class '${name}' (classes: ${deviceClassNames.join(", ")})`);
}
