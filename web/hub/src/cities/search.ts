// Which prefeitura a page is about, as its address holds it.

export interface CitySearch {
  prefeitura?: string;
}

export function readCitySearch({ prefeitura }: Record<string, unknown>): CitySearch {
  return typeof prefeitura === "string" ? { prefeitura } : {};
}
