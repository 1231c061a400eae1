// The box's LAN API as a typed client; the session is a cookie that no script can read.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

export const api = createClient<paths>();
