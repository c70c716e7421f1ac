/** A home file of many nodes and clients: a large house, its extenders on cables and on a grid, clients spread over all of it. */

const devices = [
  "laptop-wifi7",
  "modern-phone",
  "tv",
  "tablet",
  "game-console",
  "thermostat",
  "doorbell-camera",
  "older-phone",
] as const;

/** Metres between nodes. */
const grid = 14;

export function largeHome(nodes = 8, clients = 150): object {
  const ids = Array.from({ length: nodes }, (_, index) => (index === 0 ? "gateway" : `extender-${index}`));
  const columns = Math.ceil(Math.sqrt(nodes));
  const placeOf = (index: number) => ({ x: (index % columns) * grid, y: Math.floor(index / columns) * grid });
  const ssid = "Large Home";
  return {
    name: "Large home",
    nodes: ids.map((id, index) => ({ id, role: index === 0 ? "gateway" : "extender" })),
    networks: [{ ssid, security: { mode: "wpa2-wpa3", keys: [{ id: "key", psk: "room for everybody" }] } }],
    simulation: {
      seed: 1,
      nodes: ids.map((id, index) => ({ id, place: placeOf(index) })),
      clients: Array.from({ length: clients }, (_, index) => {
        const { x, y } = placeOf(index % nodes);
        const angle = index * Math.PI * (3 - Math.sqrt(5));
        const distance = 2 + (index / clients) * (grid / 3);
        const round = (metres: number) => Math.round(metres * 10) / 10;
        return {
          name: `device-${index + 1}`,
          mac: `02:00:00:01:00:${(index + 1).toString(16).padStart(2, "0")}`,
          place: { x: round(x + distance * Math.cos(angle)), y: round(y + distance * Math.sin(angle)) },
          device: devices[index % devices.length],
          ...{ ssid, key: "key" },
        };
      }),
    },
  };
}
