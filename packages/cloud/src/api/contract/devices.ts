/** Small edits of a document that hold at once: devices, temporary policies, keys. */

import { z } from "zod";
import { psk } from "../../wifi-fields.ts";
import { zoneHolds } from "../../zone-hold.ts";
import { temporaryMinutes } from "../limits.ts";
import { instant, page, when } from "./fields.ts";
import { routes } from "./route.ts";

/** The version that holds now. */
export const edited = z.object({ version: z.int() });

export const clientNow = z.object({
  mac: z.string(),
  hostname: z.string().nullable(),
  address: z.string().nullable(),
  node: z.string().nullable(),
  ssid: z.string().nullable(),
  band: z.string().nullable(),
  channel: z.int().nullable(),
  /** dB. */
  snr: z.number().nullable(),
  /** What the radios have agreed on, from it and to it, Mbit/s. */
  rxLinkMbps: z.number().nullable(),
  txLinkMbps: z.number().nullable(),
  /** What went over it. */
  rxMbps: z.number().nullable(),
  txMbps: z.number().nullable(),
  connectedSeconds: z.number().nullable(),
  /**
   * That it joined with, as its node says; null: not known. `zone` is what the version that holds lets it open (null: that has no such
   * key). `isolated`: devices on one access point of the network are kept apart, whatever their zones. `hold`: whether what a zone keeps from it
   * is kept from it by now: `whole`; but for devices on `cables` at its extender; those and devices at other nodes, which are told of it `late`; or by
   * `none`, as its node carries out no such rule. Null: nothing is to be, or it is not known.
   */
  key: z
    .object({
      key: z.string(),
      label: z.string().nullable(),
      zone: z.string().nullable(),
      isolated: z.boolean().nullable(),
      hold: z.enum(zoneHolds).nullable(),
    })
    .nullable(),
  seenAt: when,
  /** Of when all this is, where nothing is heard of its node any more; null: it is so now. */
  lastKnownAt: when.nullable(),
});

const until = instant.nullable().default(null);

/** Its node has been given it; false: not yet, or it is not connected. Of nodes, the one that it is on, of a freeze the gateway. */
const told = z.boolean();

const device = z.object({
  mac: z.string(),
  /** Nickname, host name (also the last one that was known), what kind of device it seems to be, or the address. */
  name: z.string(),
  nickname: z.string().nullable(),
  profile: z.string().nullable(),
  shared: z.boolean(),
  /** Of a policy for this device alone; `until` null: for good. */
  frozen: z.object({ until: when.nullable(), told }).nullable(),
  band: z.object({ prefer: z.string(), only: z.boolean(), until: when.nullable(), told }).nullable(),
  /** What was taken back, and its node holds still, as it has not been told. */
  ending: z.array(z.enum(["frozen", "band"])),
  /** Null: not connected, or not known here. */
  now: clientNow.nullable(),
});

const minutes = z
  .int("is not a whole number of minutes")
  .min(1, "is less than a minute")
  .max(temporaryMinutes, `is more than ${temporaryMinutes} minutes; use a policy of the document`);

const key = z.object({
  ssid: z.string(),
  key: z.string(),
  label: z.string().nullable(),
  zone: z.string().nullable(),
  expires: when.nullable(),
});

export const deviceRoutes = routes({
  "GET /locations/:location/devices": {
    summary: "Devices that the document names or that are connected",
    needs: "viewer of location",
    answer: page(device),
    errors: [404],
  },
  "PUT /locations/:location/devices/:mac": {
    summary: "Say something of a device; what is left out stays, null takes away",
    needs: "operator of location",
    body: z.strictObject({
      nickname: z
        .string()
        .min(1, "is empty; give null for none")
        .max(64)
        // A name of spaces and zero-width signs alone leaves nothing to read, and nothing to press.
        .regex(/[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u, "has nothing that can be seen; give null for none")
        .nullable()
        .optional(),
      profile: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "is not the name of a profile; use lower-case letters, digits and '-'")
        .nullable()
        .optional(),
      shared: z.boolean().optional(),
    }),
    answer: edited,
    errors: [404, 409, 422],
  },
  "PUT /locations/:location/devices/:mac/freeze": {
    summary: "No Internet for a device, for good or until a time",
    needs: "operator of location",
    body: z.strictObject({ until }),
    answer: edited,
    errors: [404, 409, 422],
  },
  "DELETE /locations/:location/devices/:mac/freeze": {
    summary: "The device has Internet again",
    needs: "operator of location",
    answer: edited,
    errors: [404, 409],
  },
  "PUT /locations/:location/devices/:mac/band": {
    summary: "Hold a device to one band for some minutes, such as 2.4 GHz while it is set up",
    needs: "operator of location",
    body: z.strictObject({ band: z.enum(["2.4G", "5G", "6G"], "is no band; use 2.4G, 5G or 6G"), minutes }),
    answer: edited.extend({ until: when }),
    errors: [404, 409, 422],
  },
  "DELETE /locations/:location/devices/:mac/band": {
    summary: "The device uses all bands again",
    needs: "operator of location",
    answer: edited,
    errors: [404, 409],
  },
  "GET /locations/:location/keys": {
    summary: "Keys of all networks, without their passphrases",
    needs: "viewer of location",
    answer: page(key),
    errors: [404],
  },
  "POST /locations/:location/keys": {
    summary: "Add a key to a network; the answer has its passphrase, which is made up where none is given",
    needs: "operator of location",
    body: z.strictObject({
      ssid: z.string().min(1, "is empty").max(32),
      label: z.string().min(1, "is empty; leave it out").max(64).optional(),
      psk: psk.optional(),
      zone: z
        .enum(["home", "guest", "internet-only"], "is not an access zone; use home, guest or internet-only")
        .default("guest"),
      expires: instant.optional(),
    }),
    answer: key.extend({ psk: z.string(), version: z.int() }),
    status: 201,
    errors: [404, 409, 422],
  },
  "DELETE /locations/:location/networks/:ssid/keys/:key": {
    summary: "Take a key away",
    needs: "operator of location",
    answer: edited,
    errors: [404, 409, 422],
  },
});
