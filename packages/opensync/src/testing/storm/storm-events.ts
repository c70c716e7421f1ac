/** What can happen to a home in a storm. */

import { minute, second } from "../cloudless-home.ts";
import type { StormEvent, StormyGateway } from "./stormy-gateway.ts";
import { one } from "./wishes.ts";

const isUp = ({ home }: StormyGateway) => home.device.state === "UP";

const brokenWan = ["cable", "line", "internet"] as const;
const services = ["nm", "wano", "cm", "owm", "pm", "qm", "sm"];

const nonsense = [" ", "maybe", "TRUE", "truefalse", "\u202e\u0007", "1", "x".repeat(1_024), '{"gw":true}'];

export const stormEvents: readonly StormEvent[] = [
  {
    name: "reboot",
    weight: 2,
    when: isUp,
    happen: ({ home }) => home.device.control.reboot("the owner wants it"),
  },
  { name: "power cut", weight: 3, when: isUp, happen: powerCut },
  {
    name: "power cut, and another while it boots or soon after",
    weight: 2,
    when: isUp,
    happen(storm) {
      const { home, random } = storm;
      const again = random.integer(3);
      const cut = () => powerCut(storm);
      powerCut(storm);
      // While it boots (between two of its steps, or as it touches its flash), or when it is up.
      if (again === 0) storm.atPower(() => queueMicrotask(cut));
      else if (again === 1) storm.atPower(() => storm.flash.cutAfter(random.integer(40)));
      else home.clock.setTimer(2 * second + random.next() * 20 * second, cut);
    },
  },
  {
    name: "the owner changes something, the line is dead, and the power fails while that is saved",
    weight: 3,
    when: (storm) => isUp(storm) && storm.flash.state === "ok",
    async happen(storm) {
      const { home, random, flash } = storm;
      storm.change();
      await home.pass(14 * second);
      if (random.integer(4) > 0) home.wan.set("line");
      // A save takes some 220 calls of the file system.
      flash.cutAfter(random.integer(500));
      await home.pass(10 * second);
      if (flash.cutting && isUp(storm)) powerCut(storm);
      await home.pass(random.integer(2) * 10 * minute);
    },
  },
  {
    name: "somebody turns a knob at the gateway, which is without its cloud",
    weight: 2,
    when: (storm) => isUp(storm) && storm.watch.status === "active",
    happen: (storm) => storm.turnKnob(),
    harmless: true,
  },
  {
    name: "the line is dead, the power fails, and fails again while PM restores",
    weight: 2,
    when: isUp,
    async happen(storm) {
      const { home, random, watch } = storm;
      home.wan.set("line");
      powerCut(storm);
      const end = home.clock.now() + 10 * 60 * second;
      const isAsked = () => watch.pm("Node_Config", "gw_offline") === "true" || watch.status === "active";
      const isOver = () => home.clock.now() > end;
      while (!isOver() && !(isUp(storm) && isAsked())) await home.pass(100 + random.integer(400));
      await home.pass(random.integer(3) * random.integer(1_000));
      if (isUp(storm)) powerCut(storm);
    },
  },
  {
    name: "the managers are restarted",
    weight: 1.5,
    when: isUp,
    happen: ({ home }) => home.device.control.restartManagers("somebody wants it"),
  },
  {
    name: "WAN breaks",
    weight: 5,
    happen(storm) {
      const { home, random } = storm;
      const to = one(brokenWan, random);
      storm.tell(`  ${to}`);
      home.wan.set(to);
    },
    harmless: true,
  },
  { name: "WAN is back", weight: 3, when: ({ wan }) => wan !== "ok", happen: ({ home }) => home.wan.set("ok") },
  {
    name: "the cloud is down",
    weight: 2,
    when: ({ home }) => home.fabric.cloud === "ok",
    happen({ home }) {
      home.fabric.cloud = "down";
    },
    harmless: true,
  },
  {
    name: "the cloud is back",
    weight: 3,
    when: ({ home }) => home.fabric.cloud !== "ok",
    happen({ home }) {
      home.fabric.cloud = "ok";
    },
  },
  { name: "the owner changes something", weight: 6, happen: (storm) => storm.change() },
  {
    name: "a manager is stopped",
    weight: 2,
    when: isUp,
    async happen(storm) {
      const name = one(services, storm.random);
      storm.tell(`  ${name}`);
      await storm.setServices(({ service }) => service === name, false);
    },
  },
  {
    name: "the managers that were stopped are started",
    weight: 3,
    when: (storm) => isUp(storm) && storm.watch.rows("Node_Services").some(({ enable }) => enable !== true),
    happen: (storm) => storm.setServices(({ enable }) => enable !== true, true),
  },
  {
    name: "a module that fails is switched on, or off",
    weight: 1,
    when: isUp,
    happen: (storm) => storm.setFailingModule(storm.random.integer(2) === 0),
    harmless: true,
  },
  {
    name: "the flash is full, or read-only",
    weight: 1.5,
    when: ({ flash }) => flash.state === "ok",
    happen(storm) {
      const { flash, random, watch } = storm;
      flash.set(random.integer(2) === 0 ? "full" : "read-only");
      storm.tell(`  ${flash.state}`);
      watch.flashTouched();
      watch.explained.push(/cannot be written|will not survive/);
    },
  },
  {
    name: "the flash is well again",
    weight: 3,
    when: ({ flash }) => flash.state !== "ok",
    happen: ({ flash }) => flash.set("ok"),
  },
  {
    name: "somebody writes nonsense into Node_Config",
    weight: 1.5,
    when: isUp,
    async happen(storm) {
      const { random } = storm;
      const module = one(["PM", "PM", "PM", "pm", "XX"], random);
      const key = one(["gw_offline_cfg", "gw_offline_mon", "gw_offline", "gw_offline_status", "led"], random);
      const value = one(nonsense, random);
      storm.tell(`  ${module}/${key} ${JSON.stringify(value.slice(0, 20))}`);
      await storm.setNodeConfig(module, key, value);
    },
  },
  {
    name: "somebody leaves",
    weight: 1.5,
    when: (storm) => storm.people(true).length > 0,
    happen: (storm) => storm.takeAway(one(storm.people(true), storm.random)),
    harmless: true,
  },
  {
    name: "somebody comes",
    weight: 2,
    when: (storm) => storm.people(false).length > 0,
    happen: (storm) => storm.bring(one(storm.people(false), storm.random)),
    harmless: true,
  },
];

function powerCut({ home }: StormyGateway): void {
  home.device.control.powerCut();
}
