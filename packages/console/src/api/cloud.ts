/** The cloud that this page is of. */

import { createCloudClient } from "@opensync-ts/cloud-client/client";

/** By the browser's session. */
export const cloud = createCloudClient({ baseUrl: "" });
