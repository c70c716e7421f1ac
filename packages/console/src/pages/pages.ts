/** The pages of a location: where they are, and what the navigation calls them. */

import { lazyRouteComponent, type RouteComponent } from "@tanstack/react-router";

import { HomePage } from "./home/home-page.tsx";

export interface LocationPage {
  /** Below `/l/LOCATION`. */
  readonly path: string;
  readonly component: RouteComponent;
  /** In the navigation; left out: reached from other pages. */
  readonly label?: string;
  /** By what else people look for it. */
  readonly words?: string;
  /** Only of homes that are simulated. */
  readonly isOfSimulation?: boolean;
}

const change = lazyRouteComponent(() => import("./change/change-page.tsx"), "ChangePage");
const workbench = lazyRouteComponent(() => import("./workbench/workbench-page.tsx"), "WorkbenchPage");

export const locationPages: readonly LocationPage[] = [
  { path: "/", component: HomePage, label: "Home", words: "map topology overview" },
  {
    path: "/clients",
    label: "Clients",
    words: "devices phones",
    component: lazyRouteComponent(() => import("./clients/clients-page.tsx"), "ClientsPage"),
  },
  { path: "/clients/$mac", component: lazyRouteComponent(() => import("./client/client-page.tsx"), "ClientPage") },
  {
    path: "/radios",
    label: "Radios",
    words: "airtime neighbours channel plan radar DFS interference",
    component: lazyRouteComponent(() => import("./radios/radios-page.tsx"), "RadiosPage"),
  },
  { path: "/nodes/$node", component: lazyRouteComponent(() => import("./node/node-page.tsx"), "NodePage") },
  { path: "/network", component: change, label: "Network", words: "settings change configuration" },
  { path: "/network/$section", component: change },
  { path: "/workbench", component: workbench, label: "Workbench", words: "integrator developer" },
  { path: "/workbench/$node", component: workbench },
  {
    path: "/simulation",
    label: "Simulation",
    words: "walk faults break",
    isOfSimulation: true,
    component: lazyRouteComponent(() => import("./simulation/simulation-page.tsx"), "SimulationPage"),
  },
];
