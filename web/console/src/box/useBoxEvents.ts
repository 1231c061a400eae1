// What the box tells at once (GET /api/events): the lists concerned are asked for anew.
// While the socket is down they are still asked for every few seconds, as without it.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const RECONNECT_MS = 3000;

/** Which queries an event makes old, by its type. */
const STALE: Record<string, readonly string[]> = {
  camera: ["cameras", "alarms"],
  plate: ["plate-reads"],
  watchlist: ["watchlist-hits"],
  clip: ["clips"],
  alarm: ["alarms", "status"],
};

/** Listens for as long as the component lives. */
export function useBoxEvents(): void {
  const client = useQueryClient();
  useEffect(() => listen(client), [client]);
}

export function listen(client: QueryClient, openSocket = openEvents): () => void {
  let socket: WebSocket;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = false;

  function open() {
    socket = openSocket();
    socket.addEventListener("message", ({ data }) => tell(client, data));
    socket.addEventListener("close", () => {
      if (!left) timer = setTimeout(open, RECONNECT_MS);
    });
  }

  open();
  return () => {
    left = true;
    clearTimeout(timer);
    socket.close();
  };
}

function openEvents(): WebSocket {
  return new WebSocket(new URL("/api/events", location.href));
}

function tell(client: QueryClient, data: unknown): void {
  const { type } = JSON.parse(String(data)) as { type: string };
  for (const name of STALE[type] ?? []) void client.invalidateQueries({ queryKey: [name] });
}
