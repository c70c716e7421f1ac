/** Kinds of devices as people call them. Pure. */

const kinds: Readonly<Record<string, string>> = {
  "doorbell-camera": "doorbell or camera",
  "game-console": "game console",
  iot: "small smart-home device (plug, lamp, sensor)",
  laptop: "laptop",
  "laptop-wifi7": "laptop with Wi-Fi 7",
  "modern-phone": "modern phone",
  "older-phone": "older phone",
  "smart-speaker": "smart speaker",
  tablet: "tablet",
  thermostat: "thermostat",
  tv: "television",
  unknown: "device of an unknown kind",
  "voip-handset": "Wi-Fi telephone",
};

/** All that the cloud brings along, by what documents call them. */
export const knownKinds: readonly string[] = Object.keys(kinds);

/** Without an article; one that the cloud was taught beside these is called as it was called there. */
export function kindText(kind: string): string {
  return (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? kind.replaceAll("-", " ");
}

/** `a television`, `an older phone`. */
export function aKind(kind: string): string {
  const text = kindText(kind);
  return `${/^[aeiou]/i.test(text) ? "an" : "a"} ${text}`;
}
