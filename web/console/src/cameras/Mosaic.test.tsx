// Cameras that are dragged into the mosaic, and how they are at a glance.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Camera } from "../api/types";
import { healthWords } from "./HealthButton";
import { Mosaic } from "./Mosaic";
import { layoutOf } from "./tiles";

const CAMERAS = ["c1", "c2", "c3"].map(
  (id) => ({ id, name: `Câmera ${id}`, state: id === "c3" ? "offline" : "online" }) as Camera,
);
const act = {
  onEnlarge: vi.fn(),
  onChoose: vi.fn(),
  onPlace: vi.fn(),
  onPage: vi.fn(),
  onAll: vi.fn(),
  onLayout: vi.fn(),
  onTogether: vi.fn(),
};

function transfer() {
  const data = new Map<string, string>();
  return {
    setData: (type: string, value: string) => data.set(type, value),
    getData: (type: string) => data.get(type) ?? "",
    get types() {
      return [...data.keys()];
    },
  };
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Mosaic
        cameras={CAMERAS}
        tiles={[CAMERAS[0] ?? null, CAMERAS[1] ?? null, null, null]}
        layout={layoutOf("2x2")}
        chosen
        page={undefined}
        {...act}
      />
    </QueryClientProvider>,
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function dragTo(from: Element | null, to: Element | null | undefined) {
  const dataTransfer = transfer();
  if (!from || !to) throw new Error("nothing to drag");
  fireEvent.dragStart(from, { dataTransfer });
  fireEvent.dragOver(to, { dataTransfer });
  fireEvent.drop(to, { dataTransfer });
}

it("takes a camera from the list into the tile where it is dropped", () => {
  fireEvent.click(screen.getByTestId("health"));
  const line = screen.getAllByTestId("shelf-camera").find((row) => row.textContent?.includes("c3"));
  dragTo(
    line ?? null,
    screen.getAllByRole("button", { name: "Escolher câmera" })[0]?.closest("li"),
  );
  expect(act.onPlace).toHaveBeenCalledExactlyOnceWith("c3", 2);
});

it("takes a camera from tile to tile, and leaves one that is dropped where it was", () => {
  const [first, second] = screen.getAllByTestId("camera-tile");
  dragTo(first ?? null, second?.closest("li"));
  expect(act.onPlace).toHaveBeenCalledExactlyOnceWith("c1", 1);
  dragTo(first ?? null, first?.closest("li"));
  expect(act.onPlace).toHaveBeenCalledOnce();
});

it("says how many are not well, and shows those first", () => {
  const health = screen.getByTestId("health");
  expect(health.textContent).toBe("3 câmeras, 1 com problema");
  fireEvent.click(health);
  expect(screen.getAllByTestId("shelf-camera")[0]?.textContent).toContain("Câmera c3");
  expect(healthWords(1, 0)).toBe("1 câmera, bem");
});

it("changes its layout", () => {
  fireEvent.click(screen.getByRole("button", { name: "3×3" }));
  expect(act.onLayout).toHaveBeenCalledExactlyOnceWith(layoutOf("3x3"));
});
