// The API's shapes under the names that the console uses.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type BoxStatus = Schemas["BoxStatus"];
export type Camera = Schemas["Camera"];
export type Clip = Schemas["ClipOut"];
export type ClipOrder = Schemas["ClipOrder"];
export type PlateRead = Schemas["PlateReadOut"];
export type User = Schemas["User"];
