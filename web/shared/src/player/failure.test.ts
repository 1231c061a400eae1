// Each way in which a video fails has its own words.
import { describe, expect, it } from "vitest";
import { ApiProblem } from "../api";
import { failureFromError, failureFromResponse } from "./failure";

const problem = (detail: string) => JSON.stringify({ title: "x", detail });

describe("a refused playlist", () => {
  it.each([
    [404, "no-footage", "Sem gravação neste horário"],
    [503, "box-offline", "Caixa sem conexão"],
    [504, "timeout", "Tempo esgotado"],
    [401, "session-ended", "A sessão de vídeo terminou"],
    [0, "network", "Sem conexão com o servidor"],
    [500, "unplayable", "Não foi possível mostrar este vídeo"],
  ])("with status %i is %s: %s", (status, kind, title) => {
    expect(failureFromResponse(status, null)).toMatchObject({ kind, title });
  });

  it("is told in the server's words when it has some", () => {
    expect(failureFromResponse(504, problem("A caixa não discou a tempo.")).detail).toBe(
      "A caixa não discou a tempo.",
    );
    expect(failureFromResponse(504, "<html>").detail).toBe(
      "A caixa demorou demais para responder.",
    );
    expect(failureFromResponse(504, '{"detail": 3}').detail).not.toBe("3");
  });
});

describe("a refused session", () => {
  it("of a box that is away is told as such, with the server's words", () => {
    const refusal = new ApiProblem(409, { detail: "A caixa desta câmera está sem contato." });
    expect(failureFromError(refusal)).toMatchObject({
      kind: "box-offline",
      detail: "A caixa desta câmera está sem contato.",
    });
  });

  it("of an unknown camera is not told as missing footage", () => {
    const refusal = new ApiProblem(404, { detail: "Câmera não encontrada." });
    expect(failureFromError(refusal)).toMatchObject({
      kind: "unplayable",
      title: "Não encontrado",
      detail: "Câmera não encontrada.",
    });
  });

  it("of a line without room, or of a time that is over, is not told as a box that is away", () => {
    const told = (code: string) =>
      failureFromError(
        new ApiProblem(409, { type: `urn:gtv:problem:${code}`, detail: "Por quê." }),
      );
    expect(told("line-full")).toMatchObject({ kind: "line-full", detail: "Por quê." });
    expect(told("live-over")).toMatchObject({ kind: "session-ended", detail: "Por quê." });
  });

  it("without network asks to check the network", () => {
    expect(failureFromError(new TypeError("Failed to fetch")).kind).toBe("network");
  });
});
