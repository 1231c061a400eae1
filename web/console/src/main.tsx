// The LAN console: the server-state cache and the router, put together.
import { ApiProblem, isWorthRetrying } from "@gtvision/shared/api";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ME } from "./box/queries";
import { router } from "./router";
import "@gtvision/shared/theme.css";
import "./touch.css";

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session ended while the console was open: asking again who is signed in shows the entrance.
    onError: (error, { queryKey }) => {
      const ended = ApiProblem.from(error).status === 401 && queryKey[0] !== ME[0];
      if (ended) void queries.resetQueries({ queryKey: ME });
    },
  }),
  defaultOptions: {
    // Without internet the browser calls itself offline, yet the box is reachable.
    queries: { retry: isWorthRetrying, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
