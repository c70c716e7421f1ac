/** The cloud that this page is of. */

import { createCloudClient } from "@opensync-ts/cloud-client/client";
import { clock } from "../clock.ts";

/** By the browser's session. */
export const cloud = createCloudClient({
  baseUrl: "",
  fetch: async (url, init) => {
    const response = await fetch(url, init);
    clock.learn(response.headers.get("date"));
    return response;
  },
});
