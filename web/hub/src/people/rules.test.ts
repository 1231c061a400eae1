// Who looks after whom, and how full a prefeitura is.
import { expect, it } from "vitest";
import type { Person, User } from "../api/types";
import { assignable, mayChange, places, rolesFor } from "./rules";

const city = { code: "sao-bento", name: "São Bento", timezone: "America/Sao_Paulo" };
const person = (id: number, role: Person["role"], changes: Partial<Person> = {}): Person => ({
  id,
  username: `u${id}`,
  name: `U${id}`,
  role,
  city,
  is_active: true,
  locked_until: null,
  etag: "0",
  ...changes,
});
const user = (role: User["role"]): User => ({ ...person(1, role) });

it("lets a gestor look after the own city's guards, and only the central after the others", () => {
  expect(assignable("gestor")).toEqual(["visualizador"]);
  expect(assignable("auditor")).toEqual([]);
  expect(mayChange(user("gestor"), person(2, "visualizador"))).toBe(true);
  expect(mayChange(user("gestor"), person(2, "gestor"))).toBe(false);
  expect(mayChange(user("admin"), person(2, "admin"))).toBe(true);
  expect(mayChange(user("admin"), person(1, "admin"))).toBe(false);
});

it("counts the active people of a city against its limit", () => {
  const people = [
    person(2, "visualizador"),
    person(3, "visualizador", { is_active: false }),
    person(4, "visualizador", { city: { ...city, code: "serra" } }),
    person(5, "gestor"),
  ];
  expect(places(people, "visualizador", "sao-bento")).toEqual({ taken: 1, limit: 5 });
  expect(places(people, "gestor", "sao-bento")).toEqual({ taken: 1, limit: 1 });
  expect(places(people, "operador", undefined)).toBeNull();
});

it("keeps a change of role within the central, or within the prefeitura", () => {
  const admin = { ...person(1, "admin"), city: null };
  expect(rolesFor(admin, person(2, "visualizador"))).toEqual(["visualizador", "gestor"]);
  expect(rolesFor(admin, person(3, "auditor"))).toEqual(["operador", "auditor", "admin"]);
  expect(rolesFor(person(4, "gestor"), person(2, "visualizador"))).toEqual(["visualizador"]);
});
