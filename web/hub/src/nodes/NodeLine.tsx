// How much of the box's line videos may take, and take now; who governs the city sets it.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, TextField } from "@gtvision/shared/ui";
import { type FormEvent, useState } from "react";
import { Part } from "./Part";
import { useLine, useSetLine } from "./useLine";
import type { Place } from "./useNode";

const mbps = (kbps: number) =>
  (kbps / 1000).toLocaleString("pt-BR", { maximumFractionDigits: 1, useGrouping: false });

export function NodeLine({ place, maySet }: { place: Place; maySet: boolean }) {
  const { data } = useLine(place);
  if (!data) return null;
  return (
    <Part title="Vídeo pela internet">
      <p>
        {mbps(data.used_kbps)} de {mbps(data.limit_kbps)} Mbit/s em uso
        {data.is_default && <span className="text-ink-muted"> (limite padrão)</span>}
      </p>
      {maySet && <Limit key={data.etag} place={place} kbps={data.limit_kbps} etag={data.etag} />}
    </Part>
  );
}

function Limit({ place, kbps, etag }: { place: Place; kbps: number; etag: string }) {
  const setting = useSetLine(place);
  const [value, setValue] = useState(mbps(kbps));
  const wanted = Math.round(Number(value.replace(",", ".")) * 1000);

  function submit(event: FormEvent) {
    event.preventDefault();
    setting.mutate({ limitKbps: wanted, etag });
  }

  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <TextField
        label="Limite (Mbit/s)"
        inputMode="decimal"
        className="w-40"
        value={value}
        onChange={({ target }) => setValue(target.value)}
        error={setting.isError ? ApiProblem.from(setting.error).detail : null}
      />
      <Button type="submit" disabled={setting.isPending || !(wanted > 0) || wanted === kbps}>
        Salvar
      </Button>
    </form>
  );
}
