/** Looks at a home in one browser, page by page; each part leaves the home as it was. */

import "./pages.ts";
import "./keyboard.ts";
import "./home.ts";
import "./client.ts";
import "./workbench.ts";
import "./roles.ts";
