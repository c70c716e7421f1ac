/** What can go wrong in a driver, where, and with which figures, in words. Pure. */

const scenarios: Readonly<Record<string, string>> = {
  "state-not-reported": "Does not report states",
  "wrong-value": "Reports a wrong value",
  "memory-not-filled": "Reports empty values",
  "request-ignored": "Ignores what it is told",
  "attribute-ignored": "Ignores one setting",
  "vif-never-up": "Access points do not come up",
  "malformed-report": "Reports what cannot be",
  "comparison-broken": "Spells values otherwise than it was told",
  "vif-broken": "Reports access points as broken",
  "acl-limit": "Access lists hold too few",
  "lost-reports": "Loses reports",
  "lost-changes": "Does not tell of changes",
  "late-reports": "Reports late",
  "duplicated-reports": "Reports twice",
  "reordered-reports": "Reports in the wrong order",
  "slow-driver": "The driver is slow",
  "endless-cac": "The check for radar does not end",
  "scan-lost": "Scans do not end",
  "scan-failed": "Scans fail",
  "scan-late": "Scans come late",
  "counter-wrap": "Counters run over",
  "counter-reset": "Counters begin anew",
  "driver-restart": "The driver starts again",
  "fan-stuck": "The fan stands still",
  overheat: "Radios get too hot",
  radar: "Radar is heard",
};

/** One that only this simulation knows is called what it calls it. */
export function scenarioText(scenario: string): string {
  return Object.hasOwn(scenarios, scenario) ? (scenarios[scenario] ?? scenario) : titled(scenario);
}

const parameters: Readonly<Record<string, string>> = {
  entries: "Entries that are kept",
  probability: "How often (0 to 1)",
  delay: "How late (seconds)",
  degrees: "How much hotter (°C)",
  down: "Gone for (seconds)",
  kind: "What is wrong (name or values)",
  settings: "Settings then (initial or kept)",
};

export function parameterText(name: string): string {
  return Object.hasOwn(parameters, name) ? (parameters[name] ?? name) : titled(name);
}

const uses: Readonly<Record<string, string>> = {
  "home-ap": "home network",
  "bhaul-ap": "access point for extenders",
  "bhaul-sta": "uplink to another node",
};
const bands: Readonly<Record<string, string>> = { "24": "2.4 GHz", "50": "5 GHz", "60": "6 GHz" };

/** `bhaul-sta-24`: `uplink to another node, 2.4 GHz (bhaul-sta-24)`. */
export function interfaceText(name: string): string {
  const [, use = "", band = ""] = /^(home-ap|bhaul-ap|bhaul-sta)-(24|50|60)$/.exec(name) ?? [];
  return use === "" ? name : `${uses[use]}, ${bands[band]} (${name})`;
}

function titled(name: string): string {
  const words = name.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
