// The building blocks of both apps' pages.
export { Badge, type Tone } from "./Badge";
export { Brand } from "./Brand";
export { Button, IconButton } from "./Button";
export { cameraState } from "./cameraState";
export { DateTimeField } from "./DateTimeField";
export { DiskUse } from "./DiskUse";
export { SelectField, TextArea, TextField } from "./Field";
export { Modal } from "./Modal";
export { ROLES } from "./roles";
export { Spinner } from "./Spinner";
export { EmptyState, ErrorState, LoadingState } from "./States";
export { UserMenu } from "./UserMenu";
export { useStored } from "./useStored";
