/** The roles that the client of `docs/steering.md` plays, by the name of the story in the page. */

import type { Role } from "./steering-home.ts";

/** It would rather be on 2.4 GHz. */
const lowBand: Role["habits"] = { bandPreference: { "2.4G": 30 } };
/** It does not care how weak its link is. */
const sticky: Role["habits"] = { roamBelow: -105 };
const here = { x: 3, y: 0 };
/** In the house of the extender. */
const there = { x: 55, y: 0 };

export const stories: Readonly<Record<string, Role>> = {
  "prefer-5ghz": { device: "laptop", habits: lowBand, comesAfter: 5 },
  "high-water-mark": { device: "laptop", habits: lowBand },
  "hwm-100": { device: "laptop", habits: lowBand },
  "low-water-mark": {
    ...{ device: "laptop", habits: sticky },
    walk: {
      waypoints: [
        { at: 60, place: here },
        { at: 120, place: { x: -80, y: 0 } },
      ],
    },
  },
  "lwm-1": { device: "laptop" },
  "bottom-lwm": {
    ...{ device: "game-console", bands: ["2.4G"], habits: sticky },
    walk: {
      waypoints: [
        { at: 60, place: here },
        { at: 90, place: there },
      ],
    },
  },
  "idle-client": { device: "smart-speaker", habits: lowBand },
  "busy-client": { device: "laptop", habits: lowBand, traffic: "video" },
  "prefer-hwm": { device: "laptop", habits: lowBand, comesAfter: 5 },
  "client-steering-off": { device: "smart-speaker", habits: lowBand },
};
