// Buttons: with words, or with an icon and a label for those who cannot see it.
import { clsx } from "clsx";
import type { ButtonHTMLAttributes } from "react";

type Variant = "plain" | "primary" | "quiet";

const BASE =
  "inline-flex h-8 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-40";

const VARIANTS: Record<Variant, string> = {
  plain: "border border-line bg-raised text-ink enabled:hover:border-line-strong",
  primary: "bg-accent-deep text-white enabled:hover:bg-accent-deep/85",
  quiet: "text-ink-soft enabled:hover:bg-raised enabled:hover:text-ink",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant;
}

export function Button({ variant = "plain", className, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} className={clsx(BASE, VARIANTS[variant], "px-3", className)} {...rest} />
  );
}

interface IconButtonProps extends ButtonProps {
  label: string;
}

export function IconButton({ label, variant = "quiet", className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={clsx(BASE, VARIANTS[variant], "min-w-8 px-1.5", className)}
      {...rest}
    />
  );
}
