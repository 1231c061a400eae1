// The API's shapes under the names that the console uses.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type BoxStatus = Schemas["BoxStatus"];
export type Camera = Schemas["Camera"];
export type Clip = Schemas["ClipOut"];
export type ClipOrder = Schemas["ClipOrder"];
export type DeviceFacts = Schemas["DeviceFacts"];
export type DeviceQuestion = Schemas["DeviceQuestion"];
export type FoundDevice = Schemas["FoundDevice"];
export type Hold = Schemas["HoldOut"];
export type HoldOrder = Schemas["HoldOrder"];
export type LocalCamera = Schemas["LocalCameraOut"];
export type NewCamera = Schemas["NewCamera"];
export type OpenWatchHits = Schemas["OpenWatchHits"];
export type PlateRead = Schemas["PlateReadOut"];
export type RemovedCamera = Schemas["RemovedCamera"];
export type Profile = Schemas["Profile"];
export type StreamQuestion = Schemas["StreamQuestion"];
export type StreamTest = Schemas["TestAnswer"];
export type User = Schemas["User"];
export type WatchEntry = Schemas["WatchEntry"];
export type WatchHit = Schemas["WatchHit"];
export type TimelineData = Schemas["Timeline"];
