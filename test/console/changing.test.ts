/** Breaks a home, mends it and changes it in one browser; in this order, as clients do not know the names that the last part gives. */

import "./sign-in.ts";
import "./locations.ts";
import "./simulation.ts";
import "./trouble.ts";
import "./change.ts";
