// An address that no page has.
import { EmptyState } from "@gtvision/shared/ui";
import { Link } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";

export function NotFound() {
  return (
    <EmptyState icon={CircleHelp} title="Esta página não existe">
      <Link to="/" className="text-accent underline">
        Ir para o início
      </Link>
    </EmptyState>
  );
}
