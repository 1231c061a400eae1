// Many cameras from a spreadsheet: tried first, row by row, then added.
import { ApiProblem, unwrap } from "@gtvision/shared/api";
import { Button } from "@gtvision/shared/ui";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft, FileDown } from "lucide-react";
import { useState } from "react";
import { api } from "../api/client";
import type { ImportResult } from "../api/types";
import { useUser } from "../auth/useUser";
import { CitySelect } from "../cities/CitySelect";
import { PageHeader } from "../shell/PageHeader";
import { saveFile } from "../shell/saveFile";
import { ImportRows } from "./ImportRows";
import { useImportCameras } from "./useCameraChanges";

const route = getRouteApi("/shell/cameras/importar");

export function ImportPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const city = useUser()?.city?.code ?? search.prefeitura;
  const [file, setFile] = useState<File>();
  const trying = useImportCameras();
  const adding = useImportCameras();
  const result = adding.data ?? trying.data;

  function choose(chosen: File | undefined) {
    adding.reset();
    trying.reset();
    setFile(chosen);
    if (chosen) trying.mutate({ file: chosen, city, dryRun: true });
  }

  return (
    <>
      <PageHeader
        title="Importar câmeras"
        description="De uma planilha, conferida antes linha a linha"
      >
        <Link to="/cameras" className="flex items-center gap-1 text-accent hover:underline">
          <ArrowLeft aria-hidden className="size-4" />
          Câmeras
        </Link>
      </PageHeader>
      <ol className="mb-4 flex flex-col gap-4 rounded-lg border border-line bg-panel p-4">
        <li className="flex flex-wrap items-center gap-3">
          <span>1. Baixe o modelo e preencha uma linha para cada câmera.</span>
          <Template />
        </li>
        <li className="flex flex-wrap items-end gap-3">
          <span className="self-center">2. Escolha o arquivo CSV, como a planilha o salva.</span>
          <CitySelect
            required
            value={search.prefeitura}
            onChange={(prefeitura) => {
              choose(undefined);
              void navigate({ search: { prefeitura }, replace: true });
            }}
          />
          <FileInput isDisabled={!city || trying.isPending || adding.isPending} onChoose={choose} />
        </li>
      </ol>
      <p role="alert" className="mb-4 text-bad empty:hidden">
        {problemOf(adding.error ?? trying.error)}
      </p>
      {result && file && (
        <Outcome
          result={result}
          file={file.name}
          isDone={adding.isSuccess}
          isBusy={adding.isPending}
          onAdd={() => adding.mutate({ file, city, dryRun: false })}
        />
      )}
    </>
  );
}

interface FileInputProps {
  isDisabled: boolean;
  onChoose: (file: File | undefined) => void;
}

function FileInput({ isDisabled, onChoose }: FileInputProps) {
  return (
    <input
      type="file"
      accept=".csv,text/csv"
      aria-label="Arquivo CSV"
      className="max-w-full file:mr-3 file:h-9 file:rounded-md file:border file:border-line file:bg-raised file:px-3 file:font-medium file:text-ink hover:file:border-line-strong"
      disabled={isDisabled}
      // The same name again is the file mended: a browser tells of it only if it has forgotten the first.
      onClick={({ currentTarget }) => (currentTarget.value = "")}
      onChange={({ target }) => onChoose(target.files?.[0])}
    />
  );
}

const problemOf = (failure: Error | null): string => {
  if (!failure) return "";
  const { title, detail } = ApiProblem.from(failure);
  return `${title}: ${detail}`;
};

function Template() {
  const download = useMutation({
    mutationFn: async () => {
      const file = await unwrap(api.GET("/api/v1/cameras/import-template", { parseAs: "blob" }));
      saveFile(file as unknown as Blob, "cameras.csv");
    },
  });
  return (
    <>
      <Button disabled={download.isPending} onClick={() => download.mutate()}>
        <FileDown aria-hidden className="size-4" />
        Baixar o modelo
      </Button>
      <span role="alert" className="text-bad empty:hidden">
        {problemOf(download.error)}
      </span>
    </>
  );
}

interface OutcomeProps {
  result: ImportResult;
  file: string;
  isDone: boolean;
  isBusy: boolean;
  onAdd: () => void;
}

function Outcome({ result, file, isDone, isBusy, onAdd }: OutcomeProps) {
  const { added, good, rows } = result;
  const bad = rows.length - good;
  return (
    <section aria-label="Conferência" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className={isDone ? "text-ok" : undefined}>
          {isDone
            ? `${countOf(added, "câmera cadastrada", "câmeras cadastradas")}. A caixa começa a gravar em segundos.`
            : `${file}: ${countOf(good, "linha boa", "linhas boas")}, ${countOf(bad, "com erro", "com erros")}. Nada foi cadastrado ainda.`}
        </p>
        {!isDone && good > 0 && (
          <Button variant="primary" disabled={isBusy} onClick={onAdd}>
            Cadastrar {good === 1 ? "a linha boa" : `as ${good} linhas boas`}
          </Button>
        )}
      </div>
      {bad > 0 && !isDone && (
        <p className="text-ink-soft">
          Corrija a planilha e escolha-a de novo, ou cadastre as boas e traga as outras depois.
        </p>
      )}
      <ImportRows rows={rows} isDone={isDone} />
    </section>
  );
}

const countOf = (count: number, one: string, many: string): string =>
  `${count.toLocaleString("pt-BR")} ${count === 1 ? one : many}`;
