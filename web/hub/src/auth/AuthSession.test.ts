// Signing in, and staying signed in, against a server of three answers.
import createClient from "openapi-fetch";
import { beforeEach, describe, expect, it } from "vitest";
import type { paths } from "../api/schema";
import { AuthSession } from "./AuthSession";

const USER = { id: 7, username: "gestora", name: "Gestora", role: "gestor", city: null };

/** Refreshes as long as its cookie is good, and accepts only the newest access token. */
class Server {
  cookie = false;
  reachable = true;
  missing = false;
  unread = false;
  issued = 0;
  valid = "none";
  readonly seen: string[] = [];

  handle = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const authorization = request.headers.get("Authorization");
    this.seen.push(`${request.method} ${pathname}`);
    if (!this.reachable) throw new TypeError("Failed to fetch");
    if (pathname.endsWith("/auth/login")) {
      const { password } = (await request.json()) as { password: string };
      return password === "certa" ? this.issue() : problem(401);
    }
    if (pathname.endsWith("/auth/refresh")) return this.cookie ? this.issue() : problem(401);
    if (pathname.endsWith("/auth/logout")) {
      this.cookie = false;
      return new Response(null, { status: 204 });
    }
    if (authorization !== `Bearer ${this.valid}`) return problem(401);
    return Response.json({ echoed: await request.text() });
  };

  private issue(): Response {
    this.cookie = true;
    this.valid = `token-${++this.issued}`;
    return Response.json({
      access: this.valid,
      user: USER,
      second_factor_missing: this.missing,
      documents_pending: this.unread,
    });
  }

  refreshes(): number {
    return this.seen.filter((line) => line.endsWith("/auth/refresh")).length;
  }
}

function problem(status: number): Response {
  return Response.json({ title: "x", status, detail: "y" }, { status });
}

let server: Server;
let session: AuthSession;

beforeEach(() => {
  server = new Server();
  const open = createClient<paths>({ baseUrl: "http://hub.test", fetch: server.handle });
  session = new AuthSession(open, server.handle);
});

const ask = (body?: string) =>
  session.fetch(
    new Request("http://hub.test/api/v1/me", body ? { method: "POST", body } : undefined),
  );

describe("signing in", () => {
  it("with the right password makes the person known", async () => {
    await session.login("gestora", "certa");
    expect(session.user).toEqual(USER);
    expect((await ask()).status).toBe(200);
  });

  it("tells whether a second factor must be set up first", async () => {
    server.missing = true;
    await session.login("gestora", "certa");
    expect(session.secondFactorMissing).toBe(true);
    session.completed();
    expect(session.secondFactorMissing).toBe(false);
  });

  it("tells whether documents must be accepted first", async () => {
    server.unread = true;
    await session.login("gestora", "certa");
    expect(session.documentsPending).toBe(true);
    session.accepted();
    expect(session.documentsPending).toBe(false);
  });

  it("with a wrong one is refused and leaves nobody", async () => {
    await expect(session.login("gestora", "errada")).rejects.toMatchObject({ status: 401 });
    expect(session.user).toBeNull();
  });
});

describe("opening the page again", () => {
  it("takes up the session of the cookie, once", async () => {
    server.cookie = true;
    const [first, second] = await Promise.all([session.restore(), session.restore()]);
    expect(first).toEqual(USER);
    expect(second).toEqual(USER);
    expect(server.refreshes()).toBe(1);
  });

  it("without a cookie finds nobody", async () => {
    expect(await session.restore()).toBeNull();
  });
});

describe("when the access token expires", () => {
  beforeEach(() => session.login("gestora", "certa"));

  it("refreshes and sends the same request, with its body, once more", async () => {
    server.valid = "expired";
    const answer = await ask("placa");
    expect(await answer.json()).toEqual({ echoed: "placa" });
  });

  it("refreshes once for many requests at once", async () => {
    server.valid = "expired";
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(server.refreshes()).toBe(1);
  });

  it("signs out, and says so, when the cookie is no longer good", async () => {
    let told = 0;
    session.subscribe(() => told++);
    server.valid = "expired";
    server.cookie = false;
    expect((await ask()).status).toBe(401);
    expect(session.user).toBeNull();
    expect(told).toBe(1);
  });

  it("signs nobody out while the server cannot be reached", async () => {
    server.reachable = false;
    await expect(ask()).rejects.toBeInstanceOf(TypeError);
    expect(session.user).toEqual(USER);
  });
});

it("signing out forgets the person even without a connection", async () => {
  await session.login("gestora", "certa");
  server.reachable = false;
  await expect(session.logout()).rejects.toMatchObject({ status: 0 });
  expect(session.user).toBeNull();
});
