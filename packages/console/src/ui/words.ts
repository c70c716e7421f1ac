/** Figures and names of radio as people read them. Pure. */

/** `2.4G` is `2.4 GHz`; the halves of a split 5 GHz band are named. */
export function bandText(band: string | null | undefined): string {
  switch (band) {
    case "2.4G":
      return "2.4 GHz";
    case "5G":
      return "5 GHz";
    case "5GL":
      return "5 GHz (lower half)";
    case "5GU":
      return "5 GHz (upper half)";
    case "6G":
      return "6 GHz";
    default:
      return band ?? "–";
  }
}

/** The token of the band's colour. */
export function bandColour(band: string | null | undefined): string {
  if (band === "2.4G") return "--band-2";
  if (band === "6G") return "--band-6";
  return band?.startsWith("5G") ? "--band-5" : "--wire";
}

export function mbpsText(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return `${rateText(value)} Mbit/s`;
}

/** `0`, `<0.1`, `0.4`, `12`, `1200`. */
export function rateText(mbps: number): string {
  if (mbps > 0 && mbps < 0.05) return "<0.1";
  return String(mbps >= 10 ? Math.round(mbps) : Math.round(mbps * 10) / 10);
}

export function dbText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : `${Math.round(value)} dB`;
}

/** `+7 dB`, `−3 dB`. */
export function signedDbText(value: number | null): string {
  if (value === null) return "–";
  const rounded = Math.round(value);
  return `${rounded > 0 ? "+" : rounded < 0 ? "−" : "±"}${Math.abs(rounded)} dB`;
}

export function percentText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : `${Math.round(value)} %`;
}

/** Of bytes, in steps of 1000: `12.3 MB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value >= 100 || unit === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}
