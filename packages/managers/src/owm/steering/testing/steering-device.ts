/** OWM with a group of two access points and a client that can be asked to go. */

import assert from "node:assert/strict";
import type { Mac } from "@opensync-ts/base/units";
import type { Row, Write } from "@opensync-ts/schema/opensync";
import type { FrameToTransmit, RadioDriverEvents } from "@opensync-ts/target/driver";
import { type Action, buildActionFrame, parseActionFrame, toAccessPoint } from "@opensync-ts/target/ieee80211/action";
import { stationElements } from "@opensync-ts/target/ieee80211/station-capabilities";
import type { ApState } from "@opensync-ts/target/radio";
import { phone, ReportingDevice, radiosUp } from "../../stats/testing/reporting-device.ts";
import { station } from "../../testing/rows.ts";

export const vifs = new Map([
  ["home-ap-24", "2.4G"],
  ["home-ap-50", "5G"],
]);

export class SteeringDevice extends ReportingDevice {
  readonly asked: Action[] = [];
  /** What the client does about a request. */
  onRequest: (action: Extract<Action, { kind: "btm-request" }>) => void = () => {};
  #events: RadioDriverEvents | null = null;

  constructor() {
    super(radiosUp());
    const { driver } = this;
    const start = driver.start.bind(driver);
    driver.start = (events) => {
      this.#events = events;
      start(events);
    };
    Object.assign(driver, { transmitFrame: (frame: FrameToTransmit) => this.#transmit(frame) });
  }

  get events(): RadioDriverEvents {
    assert.ok(this.#events);
    return this.#events;
  }

  associate(vif: string): void {
    const { phy } = this.driver.vif(vif);
    for (const name of vifs.keys()) if (this.isOn(name)) this.driver.leave(name, phone);
    const supported = [81, 115, 128];
    const assocIes = stationElements({ extended: [19], operatingClasses: { current: 81, supported } });
    this.driver.join({ ...station({ mac: phone, vif, phy, connectedAt: this.clock.now() }), assocIes });
  }

  isOn(vif: string): boolean {
    return this.rows("Wifi_VIF_State").some(
      ({ if_name, associated_clients }) => if_name === vif && associated_clients.length > 0,
    );
  }

  answer11v(vif: string, token: number, target: Mac): void {
    const { phy, mac: bssid } = this.driver.vif(vif);
    const answer = { kind: "btm-response", token, status: 0, terminationDelay: 0, target, candidates: [] } as const;
    this.events.frameReceived(phy, vif, buildActionFrame(toAccessPoint(phone, bssid), answer));
  }

  refuses(vif: string): boolean {
    const { aclPolicy, acl }: ApState = this.driver.ap(vif);
    return aclPolicy === "deny" && acl.includes(phone);
  }

  clientRow(): Row<"Band_Steering_Clients"> {
    const [row] = this.rows("Band_Steering_Clients");
    assert.ok(row);
    return row;
  }

  #transmit({ frame, token }: FrameToTransmit): void {
    this.clock.setTimer(1, () => {
      this.events.frameTransmitted(token, "submitted");
      const parsed = parseActionFrame(frame);
      assert.ok(parsed.ok);
      this.asked.push(parsed.value.action);
      if (parsed.value.action.kind === "btm-request") this.onRequest(parsed.value.action);
    });
  }
}

export async function startSteering(row: Partial<Write<"Band_Steering_Clients">>): Promise<SteeringDevice> {
  const device = new SteeringDevice();
  await device.start();
  await device.insert("Band_Steering_Config", { ifnames: vifs });
  await device.insert("Band_Steering_Clients", { mac: phone.toUpperCase(), ...row });
  return device;
}
