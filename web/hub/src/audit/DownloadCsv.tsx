// The entries of a search as a CSV file, with the hashes by which they can be checked.
import { ApiProblem, unwrap } from "@gtvision/shared/api";
import { Button, Spinner } from "@gtvision/shared/ui";
import { useMutation } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { api } from "../api/client";
import { saveFile } from "../shell/saveFile";
import { toQuery, type AuditSearch } from "./search";

export function DownloadCsv({ search }: { search: AuditSearch }) {
  const download = useMutation({
    mutationFn: async () => {
      const params = { query: toQuery(search) };
      const file = await unwrap(api.GET("/api/v1/audit/csv", { params, parseAs: "blob" }));
      saveFile(file as unknown as Blob, "auditoria.csv");
    },
  });
  return (
    <>
      {download.error && (
        <p role="alert" className="text-sm text-bad">
          {ApiProblem.from(download.error).detail}
        </p>
      )}
      <Button disabled={download.isPending} onClick={() => download.mutate()}>
        {download.isPending ? (
          <Spinner className="size-4" />
        ) : (
          <FileDown aria-hidden className="size-4" />
        )}
        Exportar CSV
      </Button>
    </>
  );
}
