// Vehicles that were read at the same cameras at the same time: asked for, never shown unasked.
import { PlateBadge } from "@gtvision/shared/plates";
import { DateTime } from "@gtvision/shared/time";
import { Button, ErrorState, LoadingState, SelectField } from "@gtvision/shared/ui";
import { Link, useLocation } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent } from "react";
import type { Companion } from "../api/types";
import { usePurpose } from "../plates/usePurpose";
import { DataTable, type Column } from "../shell/DataTable";
import { TOGETHER, TOGETHER_HASH, type VehicleSearch } from "./search";
import { useCompanions } from "./useVehicle";

interface Props {
  plate: string;
  search: VehicleSearch;
  timeZone: string;
  onSearch: (changes: VehicleSearch) => void;
}

const WITHIN_S = [15, 30, 60, 120, 300, 600];
const CAMERAS = [2, 3, 4, 5, 8];

export function Companions({ plate, search, timeZone, onSearch }: Props) {
  const [within, setWithin] = useState(search.juntos ?? TOGETHER.juntos);
  const [cameras, setCameras] = useState(search.cameras ?? TOGETHER.cameras);
  const section = useRef<HTMLElement>(null);
  const wanted = useLocation({ select: ({ hash }) => hash === TOGETHER_HASH });
  // The path above it comes later than the page, and the browser has looked for the place by then.
  useEffect(() => {
    if (wanted) section.current?.scrollIntoView();
  }, [wanted]);

  function submit(event: FormEvent) {
    event.preventDefault();
    onSearch({ juntos: within, cameras });
  }

  return (
    <section
      ref={section}
      id={TOGETHER_HASH}
      aria-label="Vistos juntos"
      className="scroll-mt-16 rounded-lg border border-line bg-panel"
    >
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3 border-b border-line p-3">
        <h2 className="w-full text-base font-semibold">Vistos juntos</h2>
        <SelectField
          label="Até quanto tempo antes ou depois"
          value={within}
          onChange={({ target }) => setWithin(Number(target.value))}
        >
          {WITHIN_S.map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Em quantas câmeras, no mínimo"
          value={cameras}
          onChange={({ target }) => setCameras(Number(target.value))}
        >
          {CAMERAS.map((count) => (
            <option key={count}>{count}</option>
          ))}
        </SelectField>
        <Button type="submit" className="h-9">
          <Users aria-hidden className="size-4" />
          Buscar veículos
        </Button>
      </form>
      <Found plate={plate} search={search} timeZone={timeZone} />
    </section>
  );
}

function Found({ plate, search, timeZone }: Omit<Props, "onSearch">) {
  const [purpose] = usePurpose();
  const { data, error, refetch, isFetching } = useCompanions(plate, search, purpose);
  if (search.juntos === undefined) {
    return (
      <p className="p-3 text-ink-soft">
        Encontra outras placas que passaram pelas mesmas câmeras quase ao mesmo tempo, como em um
        comboio.
      </p>
    );
  }
  if (!data) {
    return error && !isFetching ? (
      <ErrorState error={error} onRetry={() => void refetch()} />
    ) : (
      <LoadingState text="Comparando passagens…" />
    );
  }
  if (data.length === 0) {
    return <p className="p-3 text-ink-soft">Nenhum outro veículo foi visto junto assim.</p>;
  }
  const columns: Column<Companion>[] = [
    {
      title: "Placa",
      cell: (other) => (
        <Link to="/veiculos/$placa" params={{ placa: other.plate }}>
          <PlateBadge plate={other.plate} />
        </Link>
      ),
    },
    { title: "Câmeras", className: "tabular-nums", cell: (other) => other.cameras },
    { title: "Encontros", className: "tabular-nums", cell: ({ meetings }) => meetings },
    {
      title: "Primeiro",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ first_at }) => <DateTime at={first_at} timeZone={timeZone} />,
    },
    {
      title: "Último",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ last_at }) => <DateTime at={last_at} timeZone={timeZone} />,
    },
  ];
  return (
    <DataTable label="Vistos juntos" columns={columns} rows={data} keyOf={(other) => other.plate} />
  );
}
