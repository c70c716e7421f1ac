/** OWM on radios that are on, with a cloud that takes its reports. */

import { type Mac, mac } from "@opensync-ts/base/units";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Write } from "@opensync-ts/schema/opensync";
import { decodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import type { OutboxError, OutboxMessage } from "../../../outbox.ts";
import { Device, type Radios, twoRadios } from "../../testing/device.ts";
import { station } from "../../testing/rows.ts";
import type { ReportItem } from "../collector.ts";

export const second = 1_000;
export const phone = mac("02:00:00:00:0a:01");
export const laptop = mac("02:00:00:00:0a:02");

/** `at`: monotonic ms of the clock. */
export interface Received {
  readonly at: number;
  readonly report: StatsReport;
}

/** wifi0 is on channel 6, wifi1 on channel 36 with 80 MHz; all access points are up. */
export function radiosUp(): Radios {
  const { phys, vifs } = twoRadios();
  const up = vifs.map((vif) =>
    vif.type === "ap" ? { ...vif, status: "enabled" as const, ap: { ...vif.ap, ssid: vif.name } } : vif,
  );
  return { phys, vifs: up };
}

export class ReportingDevice extends Device {
  readonly received: Received[] = [];
  readonly messages: OutboxMessage[] = [];
  /** What QM says. */
  answer: OutboxError = "NONE";
  withdrawQm: () => void;

  constructor(radios: Radios = radiosUp()) {
    super(radios);
    this.withdrawQm = this.outbox.serve({
      send: (message) => {
        if (this.answer !== "NONE") return this.answer;
        this.messages.push(message);
        this.received.push({ at: this.clock.now(), report: decodeReport(message.data) });
        return "NONE";
      },
    });
  }

  /** To this time of the clock, and whatever happens at it. */
  async until(seconds: number): Promise<void> {
    await this.clock.advance(seconds * second - this.clock.now());
  }

  /** All of one kind that were received, and when, in order. */
  of<K extends ReportItem["kind"]>(kind: K): { readonly at: number; readonly message: StatsReport[K][number] }[] {
    return this.received.flatMap(({ at, report }) => {
      const messages: readonly StatsReport[K][number][] = report[kind];
      return messages.map((message) => ({ at, message }));
    });
  }

  join(address: Mac, vif = "home-ap-50"): void {
    const { phy } = this.driver.vif(vif);
    this.driver.join(station({ mac: address, vif, phy, connectedAt: this.clock.now() }));
  }

  want(row: Write<"Wifi_Stats_Config">): Promise<Uuid> {
    return this.insert("Wifi_Stats_Config", row);
  }

  /** From now on the radio spends all its time on a channel, so much of it busy (percent). */
  occupy(phy: string, control: number, use: { busy?: number; tx?: number; rx?: number; self?: number }): () => void {
    let on = true;
    const share = (percent = 0) => percent * 10;
    const tick = () => {
      if (!on) return;
      const { tx, rx, self, busy } = use;
      this.driver.survey(phy, control, {
        active: second,
        busy: share(busy),
        tx: share(tx),
        rx: share(rx),
        rxSelf: share(self),
      });
      this.clock.setTimer(second, tick);
    };
    this.clock.setTimer(0, tick);
    return () => {
      on = false;
    };
  }
}

export const survey50: Write<"Wifi_Stats_Config"> = {
  stats_type: "survey",
  radio_type: "5G",
  survey_type: "on-chan",
  sampling_interval: 10,
  reporting_interval: 60,
};

export const client50: Write<"Wifi_Stats_Config"> = {
  stats_type: "client",
  radio_type: "5G",
  sampling_interval: 10,
  reporting_interval: 60,
};
