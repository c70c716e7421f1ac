/** The pages of a location: where they are, and what the navigation calls them. */

import type { RouteComponent } from "@tanstack/react-router";
import { HomePage } from "./home/home-page.tsx";

export interface LocationPage {
  /** Below `/l/LOCATION`. */
  readonly path: string;
  readonly component: RouteComponent;
  /** In the navigation; left out: reached from other pages. */
  readonly label?: string;
}

export const locationPages: readonly LocationPage[] = [{ path: "/", component: HomePage, label: "Home" }];
