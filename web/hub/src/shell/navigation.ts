// The pages of each role: nobody sees an entry that would refuse them.
import { Cctv, HardDrive, ScanText, ScrollText, type LucideIcon } from "lucide-react";
import type { User } from "../api/types";

interface Entry {
  to: "/" | "/cameras" | "/caixas" | "/auditoria";
  label: string;
  icon: LucideIcon;
  roles: readonly User["role"][];
}

const ENTRIES: readonly Entry[] = [
  { to: "/", label: "Placas", icon: ScanText, roles: ["admin", "gestor", "visualizador"] },
  { to: "/cameras", label: "Câmeras", icon: Cctv, roles: ["admin", "gestor", "visualizador"] },
  { to: "/caixas", label: "Caixas", icon: HardDrive, roles: ["admin", "gestor"] },
  { to: "/auditoria", label: "Auditoria", icon: ScrollText, roles: ["admin"] },
];

export function entriesFor(role: User["role"]): Entry[] {
  return ENTRIES.filter(({ roles }) => roles.includes(role));
}

export function mayOpen(path: string, role: User["role"]): boolean {
  return entriesFor(role).some(({ to }) => to === path);
}
