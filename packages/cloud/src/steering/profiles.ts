/** The profiles that come with the cloud, read and checked once. */

import doorbellCamera from "../../profiles/doorbell-camera.json" with { type: "json" };
import gameConsole from "../../profiles/game-console.json" with { type: "json" };
import iot from "../../profiles/iot.json" with { type: "json" };
import laptop from "../../profiles/laptop.json" with { type: "json" };
import laptopWifi7 from "../../profiles/laptop-wifi7.json" with { type: "json" };
import modernPhone from "../../profiles/modern-phone.json" with { type: "json" };
import olderPhone from "../../profiles/older-phone.json" with { type: "json" };
import smartSpeaker from "../../profiles/smart-speaker.json" with { type: "json" };
import tablet from "../../profiles/tablet.json" with { type: "json" };
import thermostat from "../../profiles/thermostat.json" with { type: "json" };
import tv from "../../profiles/tv.json" with { type: "json" };
import unknown from "../../profiles/unknown.json" with { type: "json" };
import voipHandset from "../../profiles/voip-handset.json" with { type: "json" };
import { type Profile, parseProfile } from "./profile.ts";

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
  unknown,
  "voip-handset": voipHandset,
};

/** By name; `unknown` is for what fits no other. */
export type Profiles = ReadonlyMap<string, Profile>;

export const defaultProfiles: Profiles = new Map(
  Object.entries(files).map(([name, value]) => [name, parseProfile(value, name)]),
);

export const unknownProfile = parseProfile(unknown, "unknown");

export function profileNamed(profiles: Profiles, name: string): Profile {
  return profiles.get(name) ?? profiles.get("unknown") ?? unknownProfile;
}
