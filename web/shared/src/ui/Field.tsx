// Labelled form controls.
import { clsx } from "clsx";
import { useId, type ComponentProps, type ReactNode, type SelectHTMLAttributes } from "react";

const CONTROL =
  "h-9 w-full rounded-md border border-line bg-canvas px-2.5 text-sm text-ink hover:border-line-strong aria-invalid:border-bad";

interface Labelled {
  label: string;
  hint?: string;
  error?: string | null;
}

interface TextFieldProps extends Labelled, ComponentProps<"input"> {
  label: string;
  /** Laid over the end of the input, e.g. a button. */
  trailing?: ReactNode;
}

export function TextField({ label, hint, error, className, trailing, ...rest }: TextFieldProps) {
  const ids = useFieldIds();
  return (
    <FieldFrame ids={ids} label={label} hint={hint} error={error} className={className}>
      <span className="relative">
        <input
          id={ids.control}
          aria-invalid={error ? true : undefined}
          aria-describedby={hint || error ? ids.note : undefined}
          className={clsx(CONTROL, trailing && "pr-9")}
          {...rest}
        />
        {trailing}
      </span>
    </FieldFrame>
  );
}

interface TextAreaProps extends Labelled, ComponentProps<"textarea"> {
  label: string;
}

export function TextArea({ label, hint, error, className, ...rest }: TextAreaProps) {
  const ids = useFieldIds();
  return (
    <FieldFrame ids={ids} label={label} hint={hint} error={error} className={className}>
      <textarea
        id={ids.control}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? ids.note : undefined}
        className={clsx(CONTROL, "h-auto py-2")}
        {...rest}
      />
    </FieldFrame>
  );
}

interface SelectFieldProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
}

export function SelectField({ label, className, children, ...rest }: SelectFieldProps) {
  const ids = useFieldIds();
  return (
    <FieldFrame ids={ids} label={label} className={className}>
      <select id={ids.control} className={CONTROL} {...rest}>
        {children}
      </select>
    </FieldFrame>
  );
}

interface Ids {
  control: string;
  note: string;
}

function useFieldIds(): Ids {
  const id = useId();
  return { control: id, note: `${id}-note` };
}

interface FrameProps extends Labelled {
  ids: Ids;
  className?: string;
  children: ReactNode;
}

function FieldFrame({ ids, label, hint, error, className, children }: FrameProps) {
  const note = error ?? hint;
  return (
    <div className={clsx("flex flex-col gap-1", className)}>
      <label htmlFor={ids.control} className="text-xs font-medium text-ink-soft">
        {label}
      </label>
      {children}
      {note && (
        <p
          id={ids.note}
          role={error ? "alert" : undefined}
          className={clsx("text-xs", error ? "text-bad" : "text-ink-muted")}
        >
          {note}
        </p>
      )}
    </div>
  );
}
