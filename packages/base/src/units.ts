/** Quantities of the radio world as types, so that a frequency is never taken for a channel number. */

declare const unit: unique symbol;

export type Mac = string & { readonly [unit]: "MAC address, lower case, colons" };
/** Frequency in MHz. */
export type Mhz = number;
/** Power in dBm. */
export type Dbm = number;
/** Ratio in dB. */
export type Db = number;

const macPattern = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** The address in lower case, or `undefined` where `text` is none. */
export function parseMac(text: string): Mac | undefined {
  const lower = text.toLowerCase();
  return macPattern.test(lower) ? (lower as Mac) : undefined;
}

/** The address in lower case; throws a `RangeError` where `text` is none. */
export function mac(text: string): Mac {
  const parsed = parseMac(text);
  if (!parsed) throw new RangeError(`'${text}' is not a MAC address (aa:bb:cc:dd:ee:ff)`);
  return parsed;
}
