// Which people are shown, as the address holds it.
import { readCitySearch, type CitySearch } from "../cities/search";
import type { Person } from "../api/types";
import { plain } from "../shell/plain";

export interface PeopleSearch extends CitySearch {
  busca?: string;
  /** Also those who are locked out. */
  todas?: "sim";
}

export function readPeopleSearch(search: Record<string, unknown>): PeopleSearch {
  return {
    ...readCitySearch(search),
    ...(typeof search.busca === "string" && search.busca ? { busca: search.busca } : {}),
    ...(search.todas === "sim" ? { todas: "sim" } : {}),
  };
}

export function shown(people: readonly Person[], { prefeitura, busca, todas }: PeopleSearch) {
  const wanted = plain(busca ?? "");
  return people.filter(
    (one) =>
      (todas === "sim" || one.is_active) &&
      (!prefeitura || one.city?.code === prefeitura) &&
      plain(`${one.name} ${one.username}`).includes(wanted),
  );
}
