// The hub's web app: the session, the server-state cache and the router, put together.
import { isWorthRetrying } from "@gtvision/shared/api";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { session } from "./api/client";
import { createHubRouter } from "./router";
import "@gtvision/shared/theme.css";

const queries = new QueryClient({
  defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 5_000 } },
});
const router = createHubRouter(session);

session.subscribe(() => {
  // Nothing of one person's view is left for the next.
  if (!session.user) queries.clear();
  void router.invalidate();
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
