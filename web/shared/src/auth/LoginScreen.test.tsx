// The entrance says clearly why it does not open.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ApiProblem } from "../api";
import { LoginScreen } from "./LoginScreen";

afterEach(cleanup);

function signIn(onLogin: (username: string, password: string, code: string) => Promise<void>) {
  render(<LoginScreen subtitle="Console local" onLogin={onLogin} />);
  fireEvent.change(screen.getByLabelText("Usuário"), { target: { value: " vigia " } });
  fireEvent.change(screen.getByLabelText("Senha"), { target: { value: " s3nha " } });
  fireEvent.click(screen.getByRole("button", { name: "Entrar" }));
}

it("sends the name without spaces around it, and the password as typed", () => {
  const onLogin = vi.fn().mockResolvedValue(undefined);
  signIn(onLogin);
  expect(onLogin).toHaveBeenCalledExactlyOnceWith("vigia", " s3nha ", "");
});

it.each([
  [401, null, "Usuário ou senha incorretos"],
  [429, { detail: "Muitas tentativas. Espere 40 segundos." }, "Espere 40 segundos"],
  [0, null, "Sem conexão com o servidor"],
])("after status %i says so and lets one try again", async (status, body, words) => {
  signIn(() => Promise.reject(new ApiProblem(status, body)));
  expect((await screen.findByRole("alert")).textContent).toContain(words);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Entrar" }).disabled).toBe(false);
});

const problem = (code: string) =>
  new ApiProblem(401, { type: `urn:gtv:problem:${code}`, detail: "Código incorreto ou vencido." });

it("asks for a code when the server wants one, and sends it with the rest", async () => {
  const onLogin = vi
    .fn()
    .mockRejectedValueOnce(problem("second-factor-needed"))
    .mockRejectedValueOnce(problem("wrong-code"))
    .mockResolvedValue(undefined);
  signIn(onLogin);
  const field = await screen.findByLabelText("Código do aplicativo autenticador");
  expect(document.activeElement).toBe(field);
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.change(field, { target: { value: "123 456" } });
  fireEvent.click(screen.getByRole("button", { name: "Entrar" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Código incorreto");
  expect(onLogin).toHaveBeenLastCalledWith("vigia", " s3nha ", "123 456");
});
