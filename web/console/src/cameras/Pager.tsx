// From page to page, as wide with a thousand cameras as with ten.
import { IconButton } from "@gtvision/shared/ui";
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from "lucide-react";

interface Props {
  label: string;
  /** From 0. */
  page: number;
  pages: number;
  onPage: (page: number) => void;
}

export function Pager({ label, page, pages, onPage }: Props) {
  const moves = [
    { name: "Primeira página", icon: ChevronFirst, to: 0 },
    { name: "Página anterior", icon: ChevronLeft, to: page - 1 },
    { name: "Próxima página", icon: ChevronRight, to: page + 1 },
    { name: "Última página", icon: ChevronLast, to: pages - 1 },
  ];
  const buttons = moves.map(({ name, icon: Icon, to }) => (
    <IconButton
      key={name}
      label={name}
      disabled={to < 0 || to >= pages || to === page}
      onClick={() => onPage(to)}
    >
      <Icon aria-hidden className="size-4" />
    </IconButton>
  ));
  return (
    <nav aria-label={label} className="flex items-center justify-center gap-1">
      {buttons.slice(0, 2)}
      <span aria-live="polite" className="min-w-24 text-center text-sm text-ink-soft tabular-nums">
        {page + 1} de {pages}
      </span>
      {buttons.slice(2)}
    </nav>
  );
}
