// Above the two lists of what is kept as evidence: one leads to the other.
const TABS = { recortes: "Recortes", protecoes: "Proteções" } as const;

interface Props {
  shown: keyof typeof TABS;
  onOther: () => void;
}

export function EvidenceTabs({ shown, onOther }: Props) {
  return (
    <nav aria-label="Evidências" className="flex gap-4 border-b border-line px-4">
      {(Object.keys(TABS) as (keyof typeof TABS)[]).map((name) => (
        <button
          key={name}
          type="button"
          aria-current={name === shown ? "page" : undefined}
          onClick={() => name !== shown && onOther()}
          className="-mb-px border-b-2 border-transparent py-2 text-sm text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
        >
          {TABS[name]}
        </button>
      ))}
    </nav>
  );
}
