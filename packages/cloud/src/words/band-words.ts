/** Bands in words: `5 GHz (lower half)`. Pure. */

export function bandWords(band: string): string {
  return band === "5GL" ? "5 GHz (lower half)" : band === "5GU" ? "5 GHz (upper half)" : `${band.replace("G", "")} GHz`;
}
