// What the LGPD asks for: requests, erasures, holds, accesses, reports, and the documents that people accept.
import { Button } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import type { User } from "../api/types";
import { useUser } from "../auth/useUser";
import { PageHeader } from "../shell/PageHeader";
import { AccessLog } from "./AccessLog";
import { Documents } from "./Documents";
import { Erasures } from "./Erasures";
import { Holds } from "./Holds";
import { Requests } from "./Requests";
import { openTab, tabsFor, type PrivacySearch, type Tab } from "./search";
import { Treatment } from "./Treatment";

const route = getRouteApi("/shell/privacidade");

export interface PartProps {
  search: PrivacySearch;
  onSearch: (changes: PrivacySearch) => void;
  user: User;
}

export function PrivacyPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const user = useUser();
  if (!user) return null;
  const open = openTab(user.role, search.aba);
  const onSearch = (changes: PrivacySearch) =>
    void navigate({ search: (now) => ({ ...now, ...changes }), resetScroll: false });
  const Part = PARTS[open];

  return (
    <>
      <PageHeader
        title="Privacidade"
        description="Direitos dos titulares e prestação de contas (LGPD, Lei 13.709/2018)"
      />
      <div role="group" aria-label="Mostrar" className="mb-4 flex flex-wrap gap-1">
        {tabsFor(user.role).map(({ tab, label }) => (
          <Button
            key={tab}
            aria-pressed={open === tab}
            // Filters belong to their part; the prefeitura is of all.
            onClick={() => void navigate({ search: { aba: tab, prefeitura: search.prefeitura } })}
            className="aria-pressed:border-accent aria-pressed:text-white"
          >
            {label}
          </Button>
        ))}
      </div>
      <Part search={search} onSearch={onSearch} user={user} />
    </>
  );
}

const PARTS: Record<Tab, (props: PartProps) => React.ReactNode> = {
  pedidos: Requests,
  eliminacoes: Erasures,
  guardas: Holds,
  acessos: AccessLog,
  relatorios: Treatment,
  documentos: Documents,
};
