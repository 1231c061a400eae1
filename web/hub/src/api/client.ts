// The hub's REST API as a typed client, and the signed-in person it speaks for.
import createClient from "openapi-fetch";
import { AuthSession } from "../auth/AuthSession";
import type { paths } from "./schema";

// The pages are in Portuguese; what the hub says in them is too, whatever the browser prefers.
const headers = { "Accept-Language": "pt-BR" };

export const session = new AuthSession(createClient<paths>({ headers }));

export const api = createClient<paths>({ headers, fetch: (request) => session.fetch(request) });

/** For an edit: refused if the thing is no longer what its editor saw. */
export const ifMatch = (etag: string) => ({ "If-Match": `"${etag}"` });
