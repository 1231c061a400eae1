// Every failure of a request becomes words that a person can act on.
import { describe, expect, it } from "vitest";
import { ApiProblem, isWorthRetrying, unwrap } from "./problem";

function answer(status: number, error?: unknown, data?: unknown) {
  return Promise.resolve({ response: new Response(null, { status }), error, data });
}

async function problemOf(request: Promise<unknown>): Promise<ApiProblem> {
  return request.then(
    () => expect.unreachable("the request should have failed"),
    (error: unknown) => ApiProblem.from(error),
  );
}

describe("a refused request", () => {
  it("tells what the server says", async () => {
    const problem = await problemOf(
      unwrap(answer(409, { title: "Conflito", detail: "A caixa está sem contato." })),
    );
    expect(problem).toMatchObject({
      status: 409,
      title: "Não é possível agora",
      detail: "A caixa está sem contato.",
    });
  });

  it("names the fields to correct", async () => {
    const errors = { plate: ["Só letras.", "No máximo 7."], since: "Data inválida." };
    const problem = await problemOf(unwrap(answer(400, { detail: "Confira.", errors })));
    expect(problem.fields).toEqual({ plate: "Só letras. No máximo 7.", since: "Data inválida." });
  });

  it("has our words when the server has none, or has a list of technical ones", async () => {
    for (const body of [undefined, "<html>", { detail: [{ msg: "field required" }] }]) {
      const problem = await problemOf(unwrap(answer(503, body)));
      expect(problem.title).toBe("Serviço indisponível");
      expect(problem.detail).toBe("Tente de novo em alguns instantes.");
    }
  });
});

it("a request without an answer is a missing connection", async () => {
  const problem = await problemOf(unwrap(Promise.reject(new TypeError("Failed to fetch"))));
  expect(problem).toMatchObject({ status: 0, title: "Sem conexão com o servidor" });
});

it("an abandoned request is not turned into a problem", async () => {
  const abort = new DOMException("gone", "AbortError");
  await expect(unwrap(Promise.reject(abort))).rejects.toBe(abort);
});

it("a successful answer is its body, even an empty one", async () => {
  await expect(unwrap(answer(200, undefined, { id: 1 }))).resolves.toEqual({ id: 1 });
  await expect(unwrap(answer(204))).resolves.toBeUndefined();
});

it("a refusal is final, a failure is tried three times in all", () => {
  expect(isWorthRetrying(0, new ApiProblem(403, null))).toBe(false);
  expect(isWorthRetrying(1, new ApiProblem(503, null))).toBe(true);
  expect(isWorthRetrying(2, new ApiProblem(503, null))).toBe(false);
  expect(isWorthRetrying(0, new TypeError("Failed to fetch"))).toBe(true);
});
