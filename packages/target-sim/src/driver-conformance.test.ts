import { mac } from "@opensync-ts/base/units";
import { driverConformance } from "@opensync-ts/target/testing/driver-conformance";
import type { Latency } from "./radio-driver.ts";
import { bench } from "./testing/observer.ts";

function make(model: string, phy: string, ap: string, latency?: Latency) {
  const { clock, world, driver } = bench({ model, started: false, ...(latency ? { latency } : {}) });
  return {
    driver,
    phy,
    ap,
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
