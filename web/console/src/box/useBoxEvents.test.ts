import type { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listen } from "./useBoxEvents";

class Socket extends EventTarget {
  close = vi.fn(() => this.dispatchEvent(new Event("close")));
  say(type: string) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ type }) }));
  }
}

let sockets: Socket[];
const invalidateQueries = vi.fn();
const client = { invalidateQueries } as unknown as QueryClient;
const open = () => {
  const socket = new Socket();
  sockets.push(socket);
  return socket as unknown as WebSocket;
};

beforeEach(() => {
  sockets = [];
  vi.useFakeTimers();
  invalidateQueries.mockClear();
});
afterEach(() => vi.useRealTimers());

it("asks anew for what an event is about, and for nothing else", () => {
  const leave = listen(client, open);
  sockets[0]?.say("plate");
  sockets[0]?.say("something of a newer box");
  sockets[0]?.say("watchlist");
  expect(invalidateQueries.mock.calls).toEqual([
    [{ queryKey: ["plate-reads"] }],
    [{ queryKey: ["watchlist-hits"] }],
  ]);
  leave();
});

it("comes back when the box was away, and not after it has left", () => {
  const leave = listen(client, open);
  sockets[0]?.close();
  vi.advanceTimersByTime(3000);
  expect(sockets).toHaveLength(2);
  leave();
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(2);
});
