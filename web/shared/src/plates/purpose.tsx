// Why somebody looks for a plate: asked once a tab, sent with every search for one, kept in the audit trail.
import { useState, type FormEvent } from "react";
import { Button, TextField, useStored } from "../ui";

export const MAX_PURPOSE = 500;

/** A person's; empty until it was said. Not in the address: a colleague who opens it has one of their own. */
export function usePurpose(
  person: string | number | undefined,
): [string, (purpose: string) => void] {
  const [purpose, store] = useStored(`gtv-purpose-${person}`, sessionStorage);
  return [purpose ?? "", store];
}

interface AskProps {
  title?: string;
  /** On the button. */
  action?: string;
  onPurpose: (purpose: string) => void;
}

/** In place of what was found about a plate, while nobody has said why. */
export function AskPurpose({
  title = "Por que você procura esta placa?",
  action = "Ver as leituras",
  onPurpose,
}: AskProps) {
  const [purpose, setPurpose] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (purpose.trim()) onPurpose(purpose.trim());
  }

  return (
    <form onSubmit={submit} className="mx-auto flex max-w-lg flex-col gap-3 p-4 sm:p-8">
      <h2 className="text-base font-semibold">{title}</h2>
      <PurposeField value={purpose} onChange={setPurpose} required />
      <Button type="submit" variant="primary" className="self-start">
        {action}
      </Button>
    </form>
  );
}

interface FieldProps {
  value: string;
  onChange: (purpose: string) => void;
  required: boolean;
  className?: string;
}

export function PurposeField({ value, onChange, required, className }: FieldProps) {
  return (
    <TextField
      label="Finalidade"
      name="finalidade"
      value={value}
      onChange={({ target }) => onChange(target.value)}
      placeholder="Ex.: BO 123/2026"
      maxLength={MAX_PURPOSE}
      hint="Fica na trilha de auditoria, com a busca"
      required={required}
      className={className}
    />
  );
}
