// A first or a new password for somebody else: made here, told to that person, changed there at "Minha conta".
import { Button, TextField } from "@gtvision/shared/ui";
import { Dices } from "lucide-react";

/** As the hub wants it at least. */
const MIN_LENGTH = 10;
/** Without what is misread on paper: 0/O, 1/l/I. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** Three groups of five: 75 bits. */
export function newPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  const text = Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
  return [text.slice(0, 5), text.slice(5, 10), text.slice(10)].join("-");
}

interface Props {
  label: string;
  value: string;
  onChange: (password: string) => void;
  error: string | undefined;
  required?: boolean;
}

export function PasswordField({ label, value, onChange, error, required = false }: Props) {
  return (
    <div className="flex items-start gap-2">
      <TextField
        label={label}
        name="password"
        className="flex-1"
        value={value}
        onChange={({ target }) => onChange(target.value)}
        autoComplete="off"
        spellCheck={false}
        minLength={MIN_LENGTH}
        maxLength={200}
        hint={`Pelo menos ${MIN_LENGTH} caracteres; a pessoa a troca em “Minha conta”`}
        error={error}
        required={required}
      />
      <Button className="mt-5 h-9" onClick={() => onChange(newPassword())}>
        <Dices aria-hidden className="size-4" />
        Gerar
      </Button>
    </div>
  );
}
