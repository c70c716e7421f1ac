/** The addresses of the console. What a page shows stands in its address, so that it can be sent to somebody else. */

import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { isUnknown, queries, question } from "./api/ask.ts";
import { clock } from "./clock.ts";
import { LocationsPage } from "./pages/locations/locations-page.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { locationPages } from "./pages/pages.ts";
import { signInSearch } from "./pages/sign-in/sign-in.ts";
import { SignInPage } from "./pages/sign-in/sign-in-page.tsx";
import { PageFailed } from "./ui/page-failed.tsx";
import { LocationShell, Shell } from "./ui/shell.tsx";
import { atFrom } from "./ui/time.ts";

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: PageFailed });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: SignInPage,
  validateSearch: signInSearch,
});

/** Everything but the sign-in is for those who are signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queries.ensureQueryData(question("GET /session", {}));
    } catch (error) {
      if (isUnknown(error)) throw redirect({ to: "/sign-in", search: { to: location.href } });
      throw error;
    }
  },
});

const locations = createRoute({ getParentRoute: () => inside, path: "/", component: LocationsPage });

export const locationRoute = createRoute({
  getParentRoute: () => inside,
  path: "/l/$location",
  component: LocationShell,
  /** `at`: when it is that is shown; without it, now. */
  validateSearch: (search: Record<string, unknown>): { readonly at?: string | undefined } =>
    atFrom(search.at, clock.wallTime()),
});

const pages = locationPages.map(({ path, component }) =>
  createRoute({ getParentRoute: () => locationRoute, path, component }),
);

export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren([locations, locationRoute.addChildren(pages)])]),
  defaultPreload: "intent",
  scrollRestoration: true,
});
