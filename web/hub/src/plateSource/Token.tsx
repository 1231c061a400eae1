// The token with which a camera pushes: made, shown once, and taken away.
import { ApiProblem } from "@gtvision/shared/api";
import { Badge, Button } from "@gtvision/shared/ui";
import { KeyRound } from "lucide-react";
import { Part } from "../nodes/Part";
import { CopyLine } from "./CopyLine";
import { useMakeToken, useRemoveToken } from "./useSource";

interface Props {
  cameraId: string;
  isSet: boolean;
  onChanged: () => void;
}

const REPLACE =
  "Gerar outro token? O atual deixa de valer na hora, e a câmera precisa receber o novo.";
const REMOVE = "Retirar o token? A câmera deixa de ser aceita com ele na hora.";

export function Token({ cameraId, isSet, onChanged }: Props) {
  const making = useMakeToken(cameraId);
  const removing = useRemoveToken(cameraId);
  const failure = making.error ?? removing.error;
  return (
    <Part title="Token">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={isSet ? "ok" : "idle"}>{isSet ? "Gerado" : "Não há"}</Badge>
        <span className="text-xs text-ink-soft">
          A senha da câmera, quando ela não tem usuário próprio; a central guarda só o resumo.
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={making.isPending}
          onClick={() =>
            (!isSet || confirm(REPLACE)) && making.mutate(undefined, { onSuccess: onChanged })
          }
        >
          <KeyRound aria-hidden className="size-4" />
          {isSet ? "Gerar outro token" : "Gerar token"}
        </Button>
        {isSet && (
          <Button
            disabled={removing.isPending}
            className="text-bad"
            onClick={() =>
              confirm(REMOVE) &&
              removing.mutate(undefined, {
                onSuccess: () => {
                  making.reset();
                  onChanged();
                },
              })
            }
          >
            Retirar token
          </Button>
        )}
      </div>
      {making.data && (
        <div data-testid="plate-token" className="rounded-md border border-line p-3">
          <p className="mb-2 font-medium">Anote agora: ele não será mostrado de novo.</p>
          <CopyLine label="Token" text={making.data.token} />
        </div>
      )}
      {failure && (
        <p role="alert" className="text-bad">
          {ApiProblem.from(failure).detail}
        </p>
      )}
    </Part>
  );
}
