// Above the results: their order, pictures or table, saved searches, and the export.
import { Button, SelectField } from "@gtvision/shared/ui";
import { Bookmark, Download, Images, Rows3, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { useAlerts } from "../alerts/AlertsProvider";
import { ExportDialog } from "../exports/ExportDialog";
import { SavedSearches } from "./SavedSearches";
import { filtersOf, type PlateSearch } from "./search";

interface Props {
  search: PlateSearch;
  onSearch: (changes: PlateSearch) => void;
}

export function ResultTools({ search, onSearch }: Props) {
  const [open, setOpen] = useState<"saved" | "export" | null>(null);
  const { permitted } = useAlerts();
  const close = () => setOpen(null);
  return (
    <div className="mt-4 flex flex-wrap items-end gap-2">
      <SelectField
        label="Ordem"
        className="w-48"
        value={search.ordem ?? ""}
        onChange={({ target }) => onSearch({ ordem: target.value || undefined })}
      >
        <option value="">Mais novas primeiro</option>
        <option value="antigas">Mais antigas primeiro</option>
      </SelectField>
      <div role="group" aria-label="Mostrar como" className="flex gap-1">
        <View
          icon={Rows3}
          label="Tabela"
          on={!search.ver}
          onPick={() => onSearch({ ver: undefined })}
        />
        <View
          icon={Images}
          label="Imagens"
          on={search.ver === "imagens"}
          onPick={() => onSearch({ ver: "imagens" })}
        />
      </div>
      <div className="ml-auto flex gap-2 max-sm:ml-0">
        <Button className="h-9" onClick={() => setOpen("saved")}>
          <Bookmark aria-hidden className="size-4" />
          Buscas salvas
        </Button>
        {permitted && (
          <Button className="h-9" onClick={() => setOpen("export")}>
            <Download aria-hidden className="size-4" />
            Exportar
          </Button>
        )}
      </div>
      {open === "saved" && <SavedSearches search={search} onSearch={onSearch} onClose={close} />}
      {open === "export" && <ExportDialog filters={filtersOf(search)} onClose={close} />}
    </div>
  );
}

interface ViewProps {
  icon: LucideIcon;
  label: string;
  on: boolean;
  onPick: () => void;
}

function View({ icon: Icon, label, on, onPick }: ViewProps) {
  return (
    <Button
      aria-pressed={on}
      onClick={onPick}
      className="h-9 aria-pressed:border-accent aria-pressed:text-white"
    >
      <Icon aria-hidden className="size-4" />
      {label}
    </Button>
  );
}
