// Sending a form: whether it is under way, and what the server refused.
import { ApiProblem } from "@gtvision/shared/api";
import { useState, type FormEvent } from "react";

export function useSubmit(send: (form: FormData) => Promise<void>) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const element = event.currentTarget;
    setPending(true);
    setProblem(null);
    try {
      await send(new FormData(element));
      element.reset();
    } catch (refusal) {
      setProblem(ApiProblem.from(refusal));
    } finally {
      setPending(false);
    }
  }

  /** What is not about one field. */
  const complaint = problem && Object.keys(problem.fields).length === 0 ? problem.detail : null;
  return { onSubmit, pending, fields: problem?.fields ?? {}, complaint };
}
