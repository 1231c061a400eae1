// Who is signed in. The access token lives in memory only; the refresh token is a cookie no script can read.
import { unwrap } from "@gtvision/shared/api";
import type { Client } from "openapi-fetch";
import type { paths } from "../api/schema";
import type { LoginAnswer, User } from "../api/types";

export class AuthSession {
  private accessToken: string | null = null;
  private signedIn: User | null = null;
  private incomplete = false;
  private unread = false;
  private firstTry: Promise<boolean> | null = null;
  private refreshing: Promise<boolean> | null = null;
  private readonly listeners = new Set<() => void>();

  /** `open` is the API without a session: it signs in, refreshes and signs out. */
  constructor(
    private readonly open: Client<paths>,
    private readonly send: (request: Request) => Promise<Response> = (request) => fetch(request),
  ) {}

  get user(): User | null {
    return this.signedIn;
  }

  /** The role asks for a second factor that is not set up yet: the server answers nothing else before. */
  get secondFactorMissing(): boolean {
    return this.incomplete;
  }

  /** Terms or privacy policy are new to the person: the server answers nothing else before they are accepted. */
  get documentsPending(): boolean {
    return this.unread;
  }

  /** Calls back when somebody signed in, out, or was signed out by the server. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes up the session of an earlier visit, once per page load. */
  async restore(): Promise<User | null> {
    this.firstTry ??= this.refresh();
    await this.firstTry;
    return this.signedIn;
  }

  async login(username: string, password: string, code = ""): Promise<void> {
    const body = { username, password, code };
    this.adopt(await unwrap(this.open.POST("/api/v1/auth/login", { body })));
  }

  /** Goes on with what the server gave out: at login, or with a new password. */
  adopt({ access, user, second_factor_missing, documents_pending }: LoginAnswer): void {
    this.incomplete = second_factor_missing;
    this.unread = documents_pending;
    this.become(access, user);
  }

  /** The second factor has just been set up. */
  completed(): void {
    this.incomplete = false;
  }

  /** The person has just accepted all that is in force. */
  accepted(): void {
    this.unread = false;
  }

  async logout(): Promise<void> {
    try {
      await unwrap(this.open.POST("/api/v1/auth/logout"));
    } finally {
      this.become(null, null);
    }
  }

  /** Sends a request with the access token; when that has expired, refreshes it and sends it once more. */
  async fetch(request: Request): Promise<Response> {
    const again = request.clone();
    const response = await this.send(this.signed(request));
    if (response.status !== 401 || !(await this.refresh())) return response;
    return this.send(this.signed(again));
  }

  /** The access token, for a connection that is no request; `fresh` when the last one was refused. */
  async token(fresh: boolean): Promise<string | null> {
    if (fresh || this.accessToken === null) await this.refresh();
    return this.accessToken;
  }

  private signed(request: Request): Request {
    if (this.accessToken) request.headers.set("Authorization", `Bearer ${this.accessToken}`);
    return request;
  }

  /** Many requests may find the token expired at once: they share one refresh. */
  private refresh(): Promise<boolean> {
    this.refreshing ??= oneTabAtATime(() => this.renew()).finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async renew(): Promise<boolean> {
    const answer = await this.open.POST("/api/v1/auth/refresh").catch(() => null);
    // Without an answer (no network) nobody is signed out: the next request tries again.
    if (answer === null || answer.response.status >= 500) return false;
    const { data } = answer;
    if (data) this.adopt(data);
    else this.become(null, null);
    return data !== undefined;
  }

  private become(accessToken: string | null, user: User | null): void {
    const changed = user?.id !== this.signedIn?.id;
    this.accessToken = accessToken;
    this.signedIn = user;
    if (changed) for (const listener of this.listeners) listener();
  }
}

/** The refresh cookie is good once and shared by all tabs: two at a time would sign each other out. */
async function oneTabAtATime(task: () => Promise<boolean>): Promise<boolean> {
  // Missing on plain-HTTP addresses other than localhost.
  const locks = navigator.locks as LockManager | undefined;
  return locks ? await locks.request("gtv-refresh", task) : await task();
}
