// What a test of the stream saw: its picture, and whether it can be recorded.
import type { StreamTest } from "../api/types";
import { Notes } from "./StreamFields";

export function StreamVerdict({ test }: { test: StreamTest }) {
  return (
    <section
      ref={bringIntoView}
      aria-label="Resultado do teste"
      className="flex flex-wrap gap-3 rounded-md border border-line bg-canvas p-3"
    >
      {test.snapshot && (
        <img
          src={test.snapshot}
          alt="O que a câmera mostra agora"
          className="max-h-44 rounded border border-line"
        />
      )}
      <div className="flex min-w-52 flex-1 flex-col gap-1">
        <p role="status" className={`text-sm font-medium ${test.ok ? "text-ok" : "text-bad"}`}>
          {test.verdict}
        </p>
        {test.audio && <p className="text-xs text-ink-muted">Áudio: {test.audio}</p>}
        <Notes notes={test.notes} />
      </div>
    </section>
  );
}

/** On a small screen the form above fills the dialog. */
function bringIntoView(section: HTMLElement | null) {
  section?.scrollIntoView({ block: "nearest" });
}
