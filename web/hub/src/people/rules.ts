// Which people a role looks after, and how many of each a prefeitura may have. The hub decides; this only explains.
import type { Person, User } from "../api/types";

type Role = User["role"];

/** Of those that are active. */
const LIMITS: Partial<Record<Role, number>> = { gestor: 1, visualizador: 5 };

const OF_ADMIN: readonly Role[] = ["visualizador", "gestor", "operador", "auditor", "admin"];

/** The roles that this person may give to others. */
export const assignable = (role: Role): readonly Role[] =>
  role === "admin" ? OF_ADMIN : role === "gestor" ? ["visualizador"] : [];

export const isOfCity = (role: Role): boolean => role === "gestor" || role === "visualizador";

/** Which prefeitura somebody new belongs to: the own, for who has one. */
export const cityFor = (role: Role, user: User, chosen: string | undefined) =>
  isOfCity(role) ? (user.city?.code ?? chosen) : undefined;

/** The roles that a person may be given without another account. */
export const rolesFor = (user: User, person: Person): readonly Role[] =>
  assignable(user.role).filter((role) => isOfCity(role) === isOfCity(person.role));

/** May the signed-in person change this one? Oneself has a page of one's own. */
export const mayChange = (user: User, person: Person): boolean =>
  user.id !== person.id && assignable(user.role).includes(person.role);

/** How many of a city's places of a role are taken; null where there is no limit. */
export function places(
  people: readonly Person[],
  role: Role,
  city: string | undefined,
): { taken: number; limit: number } | null {
  const limit = LIMITS[role];
  if (limit === undefined || city === undefined) return null;
  const active = people.filter((one) => one.is_active && one.role === role);
  return { taken: active.filter((one) => one.city?.code === city).length, limit };
}
