import { mac } from "@opensync-ts/base/units";
import { driverConformance } from "@opensync-ts/target/testing/driver-conformance";
import type { InterfererSpec } from "@opensync-ts/world/spec";
import type { Latency } from "./radio-driver.ts";
import { bench, neighbour } from "./testing/observer.ts";

const neighbours: readonly InterfererSpec[] = [
  neighbour,
  { ...neighbour, name: "b", bssid: "02:00:00:00:0a:02", band: "5G", segments: [5745, 5765, 5785, 5805] },
  {
    ...{ ...neighbour, name: "c", bssid: "02:00:00:00:0a:03", band: "6G", generation: "be" },
    segments: [6135, ...Array.from({ length: 16 }, (_, index) => 5955 + 20 * index).filter((each) => each !== 6135)],
  },
];

function make(model: string, phy: string, ap: string, latency?: Latency) {
  const interferers = neighbours;
  const { clock, world, driver } = bench({ model, interferers, started: false, ...(latency ? { latency } : {}) });
  const { bssid = "", segments } = neighbours[Number(phy.at(-1))] ?? neighbour;
  return {
    driver,
    phy,
    ap,
    neighbour: { bssid: mac(bssid), control: segments[0] ?? 0 },
    settle: () => clock.advance(1000),
    close: () => driver.close(),
    connectStation: async (network: { readonly ssid: string; readonly psk: string }) => {
      const station = mac("02:00:5e:00:00:10");
      const bands = ["2.4G", "5G", "6G"] as const;
      world.addClient({ name: "station", mac: station, place: { x: 3, y: 0 }, bands, networks: [network] });
      await clock.advance(1000);
      return station;
    },
  };
}

driverConformance({ name: "an instant simulated driver", make: () => make("gateway", "wifi0", "home-ap-24") });
driverConformance({
  name: "a slow simulated driver",
  make: () => make("extender", "wifi1", "home-ap-50", { apply: 100, report: 30, channelSwitch: 500 }),
});
driverConformance({ name: "a simulated driver on 6 GHz", make: () => make("gateway", "wifi2", "home-ap-60") });
