/** For tests: the text of a home that is fine, with parts of it replaced. */

export const testPsk = "correct horse battery";

export function homeText(parts: object = {}, network: object = {}, security: object = {}): string {
  const keys = [{ id: "key", psk: testPsk }];
  return JSON.stringify({
    name: "Test home",
    nodes: [
      { id: "gateway", role: "gateway" },
      { id: "extender", role: "extender" },
    ],
    networks: [{ ssid: "Test", security: { mode: "wpa2-wpa3", keys, ...security }, ...network }],
    ...parts,
  });
}
