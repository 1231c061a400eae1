// One person's leave to watch one camera live: had when it is first asked for, gone on with after a loss,
// given back at the end. No React in here.
import { ApiProblem, unwrap } from "@gtvision/shared/api";
import { api } from "../api/client";
import type { LiveOffer } from "../api/types";

/** The small stream alone, or the whole one with the small one to adapt to. */
export type Best = "main" | "sub";

export class LiveSession {
  private opened: Promise<LiveOffer> | null = null;
  /** Why it is over for good: a new one is for the person to ask for. */
  private over: ApiProblem | null = null;

  constructor(
    private readonly camera: string,
    private readonly quality: Best,
  ) {}

  /** Where the camera is to be seen now. Rejects with ApiProblem. */
  ask = async (): Promise<LiveOffer> => {
    if (this.over) throw this.over;
    const before = await this.opened?.catch(() => null);
    return before ? this.resume(before) : this.open();
  };

  /** The line is free for others; asked again, it begins anew. */
  close(): void {
    const opened = this.opened;
    this.opened = null;
    opened?.then(({ id }) => end(id)).catch(() => undefined);
  }

  private open(): Promise<LiveOffer> {
    const body = { camera: this.camera, quality: this.quality };
    return (this.opened = unwrap(api.POST("/api/v1/live-sessions", { body })));
  }

  private async resume({ id }: LiveOffer): Promise<LiveOffer> {
    const params = { path: { live_id: id } };
    try {
      return await unwrap(api.POST("/api/v1/live-sessions/{live_id}/resume", { params }));
    } catch (error) {
      const problem = ApiProblem.from(error);
      if (problem.code === "live-over") this.over = problem;
      // Ended while nobody looked, as by a computer that slept.
      if (problem.status === 404 && this.opened) return this.open();
      throw problem;
    }
  }
}

/** A session that is not ended here ends by itself when nobody has watched for long. */
async function end(id: string): Promise<void> {
  await api.DELETE("/api/v1/live-sessions/{live_id}", {
    params: { path: { live_id: id } },
    // Also when the page is being left.
    keepalive: true,
  });
}
