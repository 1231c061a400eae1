// Time in the city's zone.
export * from "./format";
export { DateTime } from "./DateTime";
export { useNow } from "./useNow";
