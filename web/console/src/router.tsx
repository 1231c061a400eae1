// The console has one page; what it shows is in the address.
import {
  createRootRoute,
  createRoute,
  createRouter,
  stringifySearchWith,
} from "@tanstack/react-router";
import { Gate } from "./shell/Gate";
import { readConsoleSearch } from "./shell/search";

const root = createRootRoute();

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readConsoleSearch,
  component: Gate,
});

export const router = createRouter({
  routeTree: root.addChildren([home]),
  // Without a parser, texts that look like numbers are not put in quotes.
  stringifySearch: stringifySearchWith(JSON.stringify),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
