// How a plate may be written in the search, with examples.
import { Modal, Button } from "@gtvision/shared/ui";
import { CircleHelp } from "lucide-react";
import { useState } from "react";

const EXAMPLES: [written: string, means: string][] = [
  ["ABC1D23", "Essa placa, no padrão Mercosul ou no antigo (ABC-1323)"],
  ["ABC*", "Todas as que começam com ABC"],
  ["*23", "Todas as que terminam em 23"],
  ["ABC?1*", "ABC, um caractere qualquer, 1, e qualquer final"],
  ["*1D2*", "Todas as que têm 1D2 em algum lugar"],
];

export function PlateHelp() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" onClick={() => setOpen(true)}>
        <CircleHelp aria-hidden className="size-4" />
        Como escrever a placa
      </Button>
      {open && (
        <Modal
          title="Como escrever a placa"
          description="Hífen, espaços e minúsculas não fazem diferença"
          onClose={() => setOpen(false)}
          className="max-w-lg"
        >
          <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2.5 overflow-auto p-4">
            {EXAMPLES.map(([written, means]) => (
              <div key={written} className="contents">
                <dt className="font-bold tracking-wider">{written}</dt>
                <dd className="text-ink-soft">{means}</dd>
              </div>
            ))}
            <div className="contents">
              <dt className="font-bold">Leituras parecidas</dt>
              <dd className="text-ink-soft">
                Também o que a câmera pode ter confundido: O e 0, I e 1, Z e 2, S e 5, G e 6, B e 8
              </dd>
            </div>
          </dl>
        </Modal>
      )}
    </>
  );
}
