/** The fields of home files that Wi-Fi and addresses are made of, each with what to write instead. */

import { parseMac } from "@opensync-ts/base/units";
import { z } from "zod";

export const mac = z.string().transform((text, context) => {
  const parsed = parseMac(text);
  if (parsed) return parsed;
  context.addIssue({ code: "custom", message: "is not a MAC address; write aa:bb:cc:dd:ee:ff" });
  return z.NEVER;
});

export const ssid = z
  .string()
  .min(1, "is empty; an SSID has 1 to 32 octets")
  .refine((text) => Buffer.byteLength(text) <= 32, "is too long; an SSID has 1 to 32 octets (UTF-8)");

export const psk = z
  .string()
  .regex(
    /^([\x20-\x7e]{8,63}|[0-9a-fA-F]{64})$/,
    "is not usable; a passphrase has 8 to 63 printable ASCII characters, a raw key 64 hexadecimal digits",
  );

export const ipv4 = z.ipv4("is not an IPv4 address; write it as 192.168.40.1");
