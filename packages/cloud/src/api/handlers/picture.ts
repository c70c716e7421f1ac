import { appliedVersion, heldAt } from "../../store/read-versions.ts";
import type { Handlers } from "../api.ts";
import type { pictureRoutes } from "../contract/picture.ts";
import { nothingKnown } from "../picture/picture.ts";
import { notHere } from "../problems.ts";

export const pictureHandlers: Handlers<keyof typeof pictureRoutes> = {
  async "GET /locations/:location/picture"({ api, params, query }) {
    const { store, telemetry } = api.host;
    if (!telemetry) throw notHere("telemetry");
    const now = api.clock.wallTime();
    const asked = query.at === undefined ? now : Date.parse(query.at);
    // What is to come is not known: it is as it is now.
    const at = asked >= now ? null : asked;
    if (at === null) api.host.locations.get(params.location)?.look();
    const version =
      at === null ? await appliedVersion(store, params.location) : await heldAt(store, params.location, at);
    if (!version) return nothingKnown(at ?? now, "how the home was, which had not been set up yet");
    return telemetry.picture(params.location, version.document, at);
  },
};
