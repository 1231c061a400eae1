// Playing a recorded moment.
export { PlaybackDialog } from "./PlaybackDialog";
export { readWindow, type PlaybackWindow } from "./readWindow";
