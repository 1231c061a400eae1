// The console has one page; what it shows is in the address.
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { Gate } from "./shell/Gate";
import { readConsoleSearch } from "./shell/search";

const root = createRootRoute();

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readConsoleSearch,
  component: Gate,
});

export const router = createRouter({ routeTree: root.addChildren([home]) });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
