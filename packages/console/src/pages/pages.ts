/** The pages of a location: where they are, and what the navigation calls them. */

import { lazyRouteComponent, type RouteComponent } from "@tanstack/react-router";

export interface LocationPage {
  /** Below `/l/LOCATION`. */
  readonly path: string;
  readonly component: RouteComponent;
  /** In the navigation; left out: reached from other pages. */
  readonly label?: string;
}

const change = lazyRouteComponent(() => import("./change/change-page.tsx"), "ChangePage");

export const locationPages: readonly LocationPage[] = [
  { path: "/network", component: change, label: "Network" },
  { path: "/network/$section", component: change },
];
