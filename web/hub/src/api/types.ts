// The API's shapes under the names that the pages use.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type User = Schemas["Me"];
export type Person = Schemas["User"];
export type AddedPerson = Schemas["AddedUser"];
export type PasswordLink = Schemas["PasswordLink"];
export type LoginAnswer = Schemas["Login"];
export type LoginSession = Schemas["OwnSession"];
export type SecondFactorKey = Schemas["SecondFactorKey"];
export type City = Schemas["City"];
export type Plan = Schemas["Plan"];
export type Camera = Schemas["Camera"];
export type RefusedCamera = Schemas["RefusedCamera"];
export type EdgeNode = Schemas["Node"];
export type NodeAlarm = Schemas["NodeAlarm"];
export type NodeCommand = Schemas["Order"];
export type NodeCommandResult = Schemas["OrderResult"];
export type NodeDifference = Schemas["Difference"];
export type NodeSample = Schemas["Sample"];
export type PlateRead = Schemas["PlateRead"];
export type LiveOffer = Schemas["LiveSession"];
export type Mosaic = Schemas["Mosaic"];
export type MosaicChange = Schemas["MosaicChangeRequest"];
export type RelaySession = Schemas["RelaySession"];
export type AuditEntry = Schemas["AuditEntry"];
export type PathPoint = Schemas["PathPoint"];
export type Companion = Schemas["Companion"];
export type Statistics = Schemas["Statistics"];
export type Clip = Schemas["Clip"];
export type Webhook = Schemas["Webhook"];
export type Export = Schemas["Export"];
export type WatchlistEntry = Schemas["WatchlistEntry"];
export type WatchlistHit = Schemas["WatchlistHit"];
