/** What a QR code says so that a phone joins a network, and the code itself as a path. Pure. */

import { encode } from "uqr";

export interface JoinParts {
  readonly ssid: string;
  readonly psk: string;
  readonly hidden: boolean;
}

/** `WIFI:T:WPA;S:Home;P:secret;;` (the Wi-Fi Alliance's URI for Wi-Fi; WPA stands for every generation with a passphrase). */
export function wifiText({ ssid, psk, hidden }: JoinParts): string {
  return `WIFI:T:WPA;S:${escaped(ssid)};P:${escaped(psk)};${hidden ? "H:true;" : ""};`;
}

function escaped(text: string): string {
  return text.replace(/[\\;,":]/g, (character) => `\\${character}`);
}

export interface QrPath {
  /** Modules on a side, with the quiet zone of four that readers need. */
  readonly size: number;
  /** Of an SVG. */
  readonly path: string;
}

export function qrPath(text: string): QrPath {
  const { size, data } = encode(text, { ecc: "M", border: 4 });
  const dark: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x++;
      dark.push(`M${start} ${y}h${x - start + 1}v1h-${x - start + 1}z`);
    }
  });
  return { size, path: dark.join("") };
}
