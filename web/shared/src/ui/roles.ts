// What the roles are called.
export const ROLES: Record<string, string> = {
  admin: "Administração central",
  operador: "Operação central",
  auditor: "Auditoria",
  gestor: "Gestor",
  visualizador: "Visualizador",
};
