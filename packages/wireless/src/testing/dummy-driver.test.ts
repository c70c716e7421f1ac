import { VirtualClock } from "@opensync-ts/base/clock";
import { driverConformance } from "@opensync-ts/target/testing/driver-conformance";
import { DummyDriver } from "./dummy-driver.ts";
import { apVif, phyState } from "./fixtures.ts";

for (const [name, delays] of [
  ["the dummy driver", {}],
  ["the dummy driver that does everything at once", { reportDelay: null, applyDelay: null }],
] as const) {
  driverConformance({
    name,
    make: () => {
      const clock = new VirtualClock();
      const driver = new DummyDriver({ clock, ...delays });
      driver.setPhy(phyState("wifi0"));
      driver.setVif(apVif("wifi0", "home-ap-24"));
      return { driver, phy: "wifi0", ap: "home-ap-24", settle: () => clock.advance(1000), close() {} };
    },
  });
}
