// What the page of privacy shows, as its address holds it, and which of its parts each role may open.
import type { PrivacyRequest, User } from "../api/types";
import { REQUEST_KINDS } from "./words";

export type Tab = "pedidos" | "eliminacoes" | "guardas" | "acessos" | "relatorios" | "documentos";

export interface PrivacySearch {
  aba?: Tab;
  prefeitura?: string;
  /** Of requests. */
  tipo?: PrivacyRequest["kind"];
  mostrar?: "atrasados" | "encerrados";
  /** Of the log of accesses. */
  quem?: string;
  placa?: string;
  /** Of reports. */
  relatorio?: "ripd";
  /** From and to, RFC 3339. */
  de?: string;
  ate?: string;
}

export const TABS: readonly { tab: Tab; label: string; roles: readonly User["role"][] }[] = [
  { tab: "pedidos", label: "Pedidos de titulares", roles: ["admin", "gestor", "auditor"] },
  { tab: "eliminacoes", label: "Eliminações", roles: ["admin", "gestor", "auditor"] },
  { tab: "guardas", label: "Guardas judiciais", roles: ["admin", "gestor"] },
  { tab: "acessos", label: "Acessos a dados", roles: ["admin", "gestor", "auditor"] },
  { tab: "relatorios", label: "ROPA e RIPD", roles: ["admin", "gestor", "auditor"] },
  {
    tab: "documentos",
    label: "Documentos",
    roles: ["admin", "operador", "auditor", "gestor", "visualizador"],
  },
];

export function tabsFor(role: User["role"]) {
  return TABS.filter(({ roles }) => roles.includes(role));
}

/** The part that is open: the one asked for, if the role may, or else its first one. */
export function openTab(role: User["role"], asked: Tab | undefined): Tab {
  const tabs = tabsFor(role);
  return (tabs.find(({ tab }) => tab === asked) ?? tabs[0])?.tab ?? "documentos";
}

const TEXTS = ["prefeitura", "quem", "placa", "de", "ate"] as const;

export function readPrivacySearch(raw: Record<string, unknown>): PrivacySearch {
  const { aba, tipo, mostrar, relatorio } = raw;
  const texts = TEXTS.flatMap((name) => {
    const value = raw[name];
    // The router reads ?quem=1234 as a number.
    return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
  });
  return {
    ...(Object.fromEntries(texts) as Pick<PrivacySearch, (typeof TEXTS)[number]>),
    aba: TABS.find(({ tab }) => tab === aba)?.tab,
    tipo:
      typeof tipo === "string" && tipo in REQUEST_KINDS
        ? (tipo as PrivacyRequest["kind"])
        : undefined,
    mostrar: mostrar === "atrasados" || mostrar === "encerrados" ? mostrar : undefined,
    relatorio: relatorio === "ripd" ? relatorio : undefined,
  };
}
