// Plates that were erased at a person's request: what went, what stayed, and the code that proves it.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime } from "@gtvision/shared/time";
import { Button, Modal, TextField } from "@gtvision/shared/ui";
import { Eraser } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { ErasureProof } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { QueryPanel } from "../shell/QueryPanel";
import type { PartProps } from "./PrivacyPage";
import { useErase, useErasures } from "./useErasures";

export function Erasures({ search, onSearch, user }: PartProps) {
  const [erasing, setErasing] = useState(false);
  const timeZoneOf = useTimeZones();
  const columns: Column<ErasureProof>[] = [
    {
      title: "Quando",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ at, city_code }) => <DateTime at={at} timeZone={timeZoneOf(city_code)} />,
    },
    { title: "Quem", cell: ({ by }) => by },
    { title: "Pedido", cell: ({ reference }) => reference },
    { title: "Eliminadas", className: "tabular-nums", cell: ({ removed }) => removed },
    { title: "Sob guarda judicial", className: "tabular-nums", cell: ({ held }) => held },
    { title: "Caixas", cell: boxesText },
    {
      title: "Prova (código da placa)",
      className: "font-mono text-xs break-all text-ink-soft",
      cell: ({ digest }) => digest,
    },
  ];
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <CitySelect value={search.prefeitura} onChange={(prefeitura) => onSearch({ prefeitura })} />
        {user.role !== "auditor" && (
          <Button className="ml-auto h-9" onClick={() => setErasing(true)}>
            <Eraser aria-hidden className="size-4" />
            Eliminar uma placa
          </Button>
        )}
      </div>
      <QueryPanel
        query={useErasures(search.prefeitura)}
        empty={{
          icon: Eraser,
          title: "Nenhuma eliminação",
          text: "A eliminação de uma placa aparece aqui com a sua prova, que não revela a placa.",
        }}
      >
        {(proofs) => (
          <DataTable
            label="Eliminações"
            columns={columns}
            rows={proofs}
            keyOf={({ at, digest }) => at + digest}
          />
        )}
      </QueryPanel>
      {erasing && <EraseDialog city={search.prefeitura} onClose={() => setErasing(false)} />}
    </>
  );
}

function boxesText({ boxes, boxes_done }: ErasureProof) {
  if (boxes === 0) return "—";
  return boxes_done >= boxes
    ? `todas confirmaram (${boxes})`
    : `${boxes_done} de ${boxes} confirmaram`;
}

function EraseDialog({ city: shown, onClose }: { city: string | undefined; onClose: () => void }) {
  const [city, setCity] = useState(shown);
  const erasing = useErase();
  const problem = erasing.isError ? ApiProblem.from(erasing.error) : null;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const plate = String(form.get("plate")).trim().toUpperCase();
    if (!confirm(`Eliminar tudo o que a prefeitura tem da placa ${plate}? Não há volta.`)) return;
    const body = { city, plate, reference: String(form.get("reference")).trim() };
    erasing.mutate(body, { onSuccess: onClose });
  }

  return (
    <Modal
      title="Eliminar uma placa"
      description="Leituras, imagens e alertas, na central e nas caixas"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="grid gap-4 overflow-auto p-4 sm:grid-cols-2">
        <CitySelect required value={city} onChange={setCity} className="sm:col-span-2" />
        <TextField
          label="Placa"
          name="plate"
          error={problem?.fields.plate}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          required
        />
        <TextField
          label="Pedido que a exige"
          name="reference"
          placeholder="Ex.: Protocolo 77/2026"
          error={problem?.fields.reference}
          autoComplete="off"
          maxLength={200}
          pattern=".*\S.*"
          required
        />
        <p className="text-ink-soft sm:col-span-2">
          O que uma guarda judicial protege fica guardado. As exportações prontas da prefeitura são
          apagadas, porque podem conter a placa.
        </p>
        {problem && (
          <p role="alert" className="text-bad sm:col-span-2">
            {problem.detail}
          </p>
        )}
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={erasing.isPending}>
            Eliminar
          </Button>
        </div>
      </form>
    </Modal>
  );
}
