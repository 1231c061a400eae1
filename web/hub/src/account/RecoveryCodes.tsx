// The recovery codes, shown once: to print or to keep in a safe place.
import { Button } from "@gtvision/shared/ui";

interface Props {
  codes: string[];
  onClose: () => void;
}

export function RecoveryCodes({ codes, onClose }: Props) {
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(codes.join("\r\n"))}`;
  return (
    <div
      role="status"
      className="flex flex-col gap-3 rounded-md border border-warn/40 bg-warn/10 p-3"
    >
      <p className="text-sm">
        Guarde estes códigos: cada um substitui o aplicativo uma vez, se você perder o celular. Eles
        não serão mostrados de novo.
      </p>
      <ul className="grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-sm select-all">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        <a
          href={file}
          download="gt-vision-codigos-de-recuperacao.txt"
          className="font-medium text-accent underline"
        >
          Baixar em arquivo
        </a>
        <Button onClick={onClose}>Já guardei</Button>
      </div>
    </div>
  );
}
