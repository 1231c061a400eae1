// What the controls say of the sound of a recording.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { IDLE } from "./engine";
import { PlayerControls } from "./PlayerControls";
import type { RecordingPlayer, RecordingState } from "./RecordingPlayer";

const choose = vi.fn();
const onMute = vi.fn();

function open(sound: RecordingState["sound"]) {
  const engines = ["hls", "webrtc"] as const;
  render(
    <PlayerControls
      player={{ choose } as unknown as RecordingPlayer}
      state={{ ...IDLE, engine: "webrtc", engines, rates: [1], sound }}
      timeZone="America/Sao_Paulo"
      muted
      onMute={onMute}
      onFullScreen={vi.fn()}
    />,
  );
}

afterEach(cleanup);

it("says that a recording has no sound", () => {
  open("none");
  expect(screen.getByRole("img", { name: "Gravação sem som" })).toBeTruthy();
});

it("goes where the sound is, when somebody wants to hear it", () => {
  open("hls");
  fireEvent.click(screen.getByRole("button", { name: "Ouvir o som: passa para HLS" }));
  expect(choose).toHaveBeenCalledExactlyOnceWith("hls");
  expect(onMute).toHaveBeenCalledExactlyOnceWith(false);
});

it("turns on the sound that is there, and claims nothing that nobody knows", () => {
  open("here");
  expect(screen.getByRole("button", { name: "Ligar o som" })).toBeTruthy();
  cleanup();
  open(null);
  expect(screen.queryByRole("img", { name: "Gravação sem som" })).toBeNull();
});
