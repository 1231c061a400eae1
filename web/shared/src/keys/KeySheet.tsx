// The sheet of keyboard shortcuts.
import { Modal } from "../ui";

export interface KeyGroup {
  title: string;
  /** Keys as they are printed on a keyboard, any of which does it. */
  keys: readonly (readonly [keys: readonly string[], does: string])[];
}

interface Props {
  groups: readonly KeyGroup[];
  onClose: () => void;
}

export function KeySheet({ groups, onClose }: Props) {
  return (
    <Modal
      title="Atalhos do teclado"
      description="Valem enquanto não se digita num campo"
      onClose={onClose}
      className="max-w-3xl"
    >
      <div
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- on a phone it scrolls, by keys as well
        tabIndex={0}
        role="group"
        aria-label="Atalhos"
        className="grid gap-x-8 gap-y-4 overflow-auto p-4 -outline-offset-2 sm:grid-cols-2"
      >
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3 className="mb-1 font-semibold">{title}</h3>
            <dl className="divide-y divide-line">
              {keys.map(([names, does]) => (
                <div key={does} className="flex items-center gap-3 py-1.5">
                  <dt className="flex shrink-0 gap-1">
                    {names.map((name) => (
                      <kbd
                        key={name}
                        className="min-w-7 rounded border border-line-strong bg-raised px-1.5 py-0.5 text-center text-xs"
                      >
                        {name}
                      </kbd>
                    ))}
                  </dt>
                  <dd className="ml-auto text-right text-sm text-ink-soft">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
