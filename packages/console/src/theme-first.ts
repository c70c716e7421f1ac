/** Before anything is drawn: the theme that was chosen, so that nothing flashes. */

import { applyTheme, storedTheme } from "./ui/theme.ts";

applyTheme(storedTheme());
