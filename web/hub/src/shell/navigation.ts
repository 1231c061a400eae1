// The pages of each role: nobody sees an entry that would refuse them.
import {
  Building2,
  Cctv,
  ChartColumn,
  CircleArrowUp,
  FileDown,
  HardDrive,
  LayoutGrid,
  ListChecks,
  ScanText,
  Scissors,
  Scale,
  ShieldCheck,
  ScrollText,
  Users,
  Siren,
  type LucideIcon,
} from "lucide-react";
import type { User } from "../api/types";

interface Entry {
  to:
    | "/"
    | "/alertas"
    | "/monitoradas"
    | "/estatisticas"
    | "/exportacoes"
    | "/cameras"
    | "/mosaicos"
    | "/recortes"
    | "/caixas"
    | "/atualizacoes"
    | "/prefeituras"
    | "/pessoas"
    | "/guarda-de-placas"
    | "/auditoria"
    | "/privacidade";
  label: string;
  icon: LucideIcon;
  roles: readonly User["role"][];
  /** Of no use to people whose city hides plates from them. */
  namesPlates?: boolean;
}

/** Everybody who may watch and search: all but the auditor. */
const ALL = ["admin", "operador", "gestor", "visualizador"] as const;

const ENTRIES: readonly Entry[] = [
  { to: "/", label: "Placas", icon: ScanText, roles: ALL },
  { to: "/alertas", label: "Alertas", icon: Siren, roles: ALL, namesPlates: true },
  { to: "/monitoradas", label: "Monitoradas", icon: ListChecks, roles: ALL, namesPlates: true },
  {
    to: "/estatisticas",
    label: "Estatísticas",
    icon: ChartColumn,
    roles: ALL,
    namesPlates: true,
  },
  {
    to: "/exportacoes",
    label: "Exportações",
    icon: FileDown,
    roles: ALL,
    namesPlates: true,
  },
  { to: "/cameras", label: "Câmeras", icon: Cctv, roles: ALL },
  { to: "/mosaicos", label: "Mosaicos", icon: LayoutGrid, roles: ALL },
  { to: "/recortes", label: "Recortes", icon: Scissors, roles: ALL },
  {
    to: "/caixas",
    label: "Caixas",
    icon: HardDrive,
    roles: ["admin", "operador", "auditor", "gestor"],
  },
  { to: "/atualizacoes", label: "Atualizações", icon: CircleArrowUp, roles: ["admin"] },
  { to: "/prefeituras", label: "Prefeituras", icon: Building2, roles: ["admin"] },
  { to: "/pessoas", label: "Pessoas", icon: Users, roles: ["admin", "gestor"] },
  {
    to: "/guarda-de-placas",
    label: "Guarda de placas",
    icon: ShieldCheck,
    roles: ["admin", "gestor", "auditor"],
  },
  { to: "/auditoria", label: "Auditoria", icon: ScrollText, roles: ["admin", "auditor"] },
  { to: "/privacidade", label: "Privacidade", icon: Scale, roles: [...ALL, "auditor"] },
];

export function entriesFor(role: User["role"], seesPlates = true): Entry[] {
  return ENTRIES.filter(
    ({ roles, namesPlates }) => roles.includes(role) && (seesPlates || !namesPlates),
  );
}

/** Who adds and changes cameras. */
export const governs = (role: User["role"]): boolean => role === "admin" || role === "gestor";

/** By the first part of the path: what lies below a page is the page's, but for what is changed there. */
export function mayOpen(path: string, role: User["role"]): boolean {
  if (path.startsWith("/cameras/")) return governs(role);
  const page = ENTRIES.find(({ to }) => to === `/${path.split("/")[1]}`);
  return page === undefined || page.roles.includes(role);
}

/** Where a role begins. */
export function homeOf(role: User["role"]): Entry["to"] {
  return entriesFor(role)[0]?.to ?? "/";
}
