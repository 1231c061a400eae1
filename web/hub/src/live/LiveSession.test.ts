// A live session is opened once, gone on with after a loss, and opened anew only where that makes sense.
import { beforeEach, expect, it, vi } from "vitest";
import { LiveSession } from "./LiveSession";

const { POST, DELETE } = vi.hoisted(() => ({ POST: vi.fn(), DELETE: vi.fn() }));
vi.mock("../api/client", () => ({ api: { POST, DELETE } }));

const OPEN = "/api/v1/live-sessions";
const RESUME = "/api/v1/live-sessions/{live_id}/resume";
const given = (id: string) => ({ data: { id }, response: new Response() });
const refused = (status: number, type = "") => ({
  error: { type },
  response: new Response(null, { status }),
});
const asked = () => POST.mock.calls.map(([path]) => path as string);

let session: LiveSession;

beforeEach(() => {
  POST.mockReset();
  DELETE.mockReset().mockResolvedValue({ response: new Response(null, { status: 204 }) });
  session = new LiveSession("c1", "sub");
});

it("is opened at the first question and gone on with at the next", async () => {
  POST.mockResolvedValueOnce(given("s1")).mockResolvedValueOnce(given("s1"));
  await session.ask();
  expect(POST.mock.calls[0]?.[1]).toEqual({ body: { camera: "c1", quality: "sub" } });
  await session.ask();
  expect(asked()).toEqual([OPEN, RESUME]);
  session.close();
  await vi.waitFor(() => expect(DELETE).toHaveBeenCalledOnce());
});

it("is opened again where it could not be, and where it ended while nobody looked", async () => {
  POST.mockResolvedValueOnce(refused(409)).mockResolvedValueOnce(given("s1"));
  await expect(session.ask()).rejects.toMatchObject({ status: 409 });
  await session.ask();
  POST.mockResolvedValueOnce(refused(404)).mockResolvedValueOnce(given("s2"));
  expect(await session.ask()).toEqual({ id: "s2" });
  expect(asked()).toEqual([OPEN, OPEN, RESUME, OPEN]);
});

it("is kept while its box is away", async () => {
  POST.mockResolvedValueOnce(given("s1")).mockResolvedValueOnce(refused(409));
  await session.ask();
  await expect(session.ask()).rejects.toMatchObject({ status: 409 });
  POST.mockResolvedValueOnce(given("s1"));
  await session.ask();
  expect(asked()).toEqual([OPEN, RESUME, RESUME]);
});

it("asks no more when its time is over: that is for the person", async () => {
  POST.mockResolvedValueOnce(given("s1")).mockResolvedValueOnce(
    refused(409, "urn:gtv:problem:live-over"),
  );
  await session.ask();
  for (let time = 0; time < 3; time += 1) {
    await expect(session.ask()).rejects.toMatchObject({ code: "live-over" });
  }
  expect(POST).toHaveBeenCalledTimes(2);
});
