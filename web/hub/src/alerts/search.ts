// The page of the alerts, as its address holds it: of which prefeitura, and the read that is open.
import { readCitySearch, type CitySearch } from "../cities/search";
import { readOpenRead, type OpenRead } from "../plates/openRead";

export interface AlertSearch extends CitySearch, OpenRead {}

export const readAlertSearch = (search: Record<string, unknown>): AlertSearch => ({
  ...readCitySearch(search),
  ...readOpenRead(search),
});
