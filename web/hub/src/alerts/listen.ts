// The hub's WebSocket of watchlist hits (GET /api/v1/alerts). It only says that there is news: what
// is shown comes from the list, so that a page that was away misses nothing.

/** Whether hits are told the moment they happen; while `away`, the list is still asked for now and then. */
export type FeedState = "connecting" | "live" | "away";

interface Listener {
  /** The access token; `fresh`: the one before was refused, or has expired. */
  token: (fresh: boolean) => Promise<string | null>;
  onNews: () => void;
  onState: (state: FeedState) => void;
}

const PATH = "/api/v1/alerts";
/** The hub ends a connection with this code when its token does. */
const UNAUTHORISED = 4401;
const RECONNECT_MS = 3000;
/** All pages lose a hub that restarts at once; they do not come back at once. */
const JITTER_MS = 2000;

/** Listens until the returned function is called. */
export function listen({ token, onNews, onState }: Listener, open = openSocket): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fresh = false;
  let left = false;

  async function connect() {
    const access = await token(fresh);
    if (left) return;
    if (access === null) return later();
    const opened = (socket = open());
    opened.addEventListener("open", () => opened.send(JSON.stringify({ token: access })));
    opened.addEventListener("message", () => {
      fresh = false;
      onState("live");
      onNews();
    });
    opened.addEventListener("close", ({ code }) => closed(code));
  }

  function closed(code: number) {
    const expired = code === UNAUTHORISED && !fresh;
    fresh = code === UNAUTHORISED;
    // A token lives for minutes: its end is no loss of the connection.
    if (expired && !left) void connect();
    else later();
  }

  function later() {
    if (left) return;
    onState("away");
    timer = setTimeout(() => void connect(), RECONNECT_MS + Math.random() * JITTER_MS);
  }

  void connect();
  return () => {
    left = true;
    clearTimeout(timer);
    socket?.close();
  };
}

function openSocket(): WebSocket {
  return new WebSocket(new URL(PATH, location.href.replace(/^http/, "ws")));
}
