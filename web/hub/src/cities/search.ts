// Which prefeitura a page is about, as its address holds it.

export interface CitySearch {
  prefeitura?: string;
}

export function readCitySearch({ prefeitura }: Record<string, unknown>): CitySearch {
  return typeof prefeitura === "string" ? { prefeitura } : {};
}

/** The page of the prefeituras: what is looked for, and the one that is open. */
export interface CitiesSearch {
  busca?: string;
  aberta?: string;
}

export function readCitiesSearch({ busca, aberta }: Record<string, unknown>): CitiesSearch {
  return {
    ...(typeof busca === "string" && busca ? { busca } : {}),
    ...(typeof aberta === "string" && aberta ? { aberta } : {}),
  };
}
