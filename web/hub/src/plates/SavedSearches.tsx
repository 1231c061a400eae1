// Searches under names: open one, delete one, save the present one.
import { ApiProblem } from "@gtvision/shared/api";
import {
  Button,
  EmptyState,
  ErrorState,
  IconButton,
  LoadingState,
  Modal,
  TextField,
} from "@gtvision/shared/ui";
import { Bookmark, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { filtersOf, isFiltered, searchOf, type PlateSearch } from "./search";
import { useDeleteSearch, useSavedSearches, useSaveSearch } from "./useSavedSearches";

interface Props {
  search: PlateSearch;
  onSearch: (changes: PlateSearch) => void;
  onClose: () => void;
}

export function SavedSearches({ search, onSearch, onClose }: Props) {
  const { data, error, refetch } = useSavedSearches();
  const deleting = useDeleteSearch();
  return (
    <Modal
      title="Buscas salvas"
      description="Só você vê as suas"
      onClose={onClose}
      className="max-w-lg"
    >
      {isFiltered(search) && <SaveForm search={search} />}
      <div className="overflow-auto">
        {!data &&
          (error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />)}
        {data?.length === 0 && (
          <EmptyState icon={Bookmark} title="Nenhuma busca salva">
            Faça uma busca com filtros e salve-a aqui com um nome.
          </EmptyState>
        )}
        <ul className="divide-y divide-line">
          {data?.map(({ id, name, filters }) => (
            <li key={id} className="flex items-center gap-2 px-4 py-1.5">
              <Button
                variant="quiet"
                className="min-w-0 flex-1 justify-start"
                onClick={() => {
                  onSearch(searchOf(filters));
                  onClose();
                }}
              >
                <span className="truncate">{name}</span>
              </Button>
              <IconButton
                label={`Apagar a busca ${name}`}
                disabled={deleting.isPending}
                onClick={() => deleting.mutate(id)}
              >
                <Trash2 aria-hidden className="size-4" />
              </IconButton>
            </li>
          ))}
        </ul>
        {deleting.isError && (
          <p role="alert" className="p-4 text-bad">
            {ApiProblem.from(deleting.error).detail}
          </p>
        )}
      </div>
    </Modal>
  );
}

function SaveForm({ search }: { search: PlateSearch }) {
  const [name, setName] = useState("");
  const saving = useSaveSearch();

  function submit(event: FormEvent) {
    event.preventDefault();
    saving.mutate({ ...filtersOf(search), name: name.trim() }, { onSuccess: () => setName("") });
  }

  return (
    <form onSubmit={submit} className="flex items-end gap-2 border-b border-line p-4">
      <TextField
        label="Salvar a busca atual com o nome"
        className="min-w-0 flex-1"
        value={name}
        onChange={({ target }) => setName(target.value)}
        maxLength={100}
        required
        error={saving.isError ? ApiProblem.from(saving.error).detail : null}
      />
      <Button type="submit" variant="primary" className="h-9" disabled={saving.isPending}>
        Salvar
      </Button>
    </form>
  );
}
