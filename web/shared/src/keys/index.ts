// Keyboard shortcuts: what a key does, and the sheet that says so.
export { type KeyActions, useKeys } from "./useKeys";
export { KeySheet, type KeyGroup } from "./KeySheet";
