// Choosing the cameras of an export out of many.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CameraPicker } from "./CameraPicker";

const CAMERAS = Array.from({ length: 250 }, (_, n) => ({
  id: `c${n + 1}`,
  name: `Câmera ${n + 1}`,
}));

function Form() {
  const [chosen, setChosen] = useState<readonly string[]>(["c200"]);
  return <CameraPicker cameras={CAMERAS} chosen={chosen} onChange={setChosen} />;
}

const search = (value: string) =>
  fireEvent.change(screen.getByLabelText("Procurar câmera"), { target: { value } });

beforeEach(() => void render(<Form />));
afterEach(cleanup);

it("draws no more boxes than are in sight", () => {
  expect(screen.getAllByRole("checkbox").length).toBeLessThan(40);
});

it("shows what is chosen also where the list does not, and lets it go", () => {
  expect(screen.queryByRole("checkbox", { name: "Câmera 200" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Tirar Câmera 200" }));
  expect(screen.queryByRole("button", { name: "Tirar Câmera 200" })).toBeNull();
});

it("finds a camera by its name and adds it", () => {
  search("camera 123");
  fireEvent.click(screen.getByRole("checkbox", { name: "Câmera 123" }));
  expect(screen.getByRole("button", { name: "Tirar Câmera 123" })).toBeTruthy();
  search("nenhuma");
  expect(screen.getByRole("status").textContent).toContain("Nenhuma câmera");
});
