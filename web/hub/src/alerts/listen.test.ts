// The page hears of hits, and comes back when the hub was away or the token has ended.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listen, type FeedState } from "./listen";

class Socket extends EventTarget {
  sent: string[] = [];
  send(text: string) {
    this.sent.push(text);
  }
  close(code = 1000) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
  say(name: "open" | "message") {
    this.dispatchEvent(new Event(name));
  }
}

let sockets: Socket[];
let states: FeedState[];
let asked: boolean[];
let news: number;
let leave: () => void;

beforeEach(async () => {
  vi.useFakeTimers();
  [sockets, states, asked, news] = [[], [], [], 0];
  leave = listen(
    {
      token: async (fresh) => `token-${asked.push(fresh)}`,
      onNews: () => news++,
      onState: (state) => states.push(state),
    },
    () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  );
  await vi.advanceTimersByTimeAsync(0);
  sockets[0]?.say("open");
});
afterEach(() => {
  leave();
  vi.useRealTimers();
});

it("says who it is in its first message, and is live from the first answer on", () => {
  expect(sockets[0]?.sent).toEqual(['{"token":"token-1"}']);
  expect(states).toEqual([]);
  sockets[0]?.say("message");
  expect(states).toEqual(["live"]);
  expect(news).toBe(1);
});

it("comes back at once with a fresh token when the old one has ended", async () => {
  sockets[0]?.say("message");
  sockets[0]?.close(4401);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([false, true]);
  expect(sockets).toHaveLength(2);
  expect(states).toEqual(["live"]);
});

it("does not hammer a hub that refuses the fresh token too", async () => {
  sockets[0]?.close(4401);
  await vi.advanceTimersByTimeAsync(0);
  sockets[1]?.close(4401);
  await vi.advanceTimersByTimeAsync(2900);
  expect(sockets).toHaveLength(2);
  expect(states).toEqual(["away"]);
});

it("comes back after a while when the hub is away, and not after it has left", async () => {
  sockets[0]?.close(1006);
  expect(states).toEqual(["away"]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sockets).toHaveLength(2);
  leave();
  sockets[1]?.close(1006);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(2);
});
