// Which camera, of one prefeitura or of all that the person may see.
import { SelectField } from "@gtvision/shared/ui";
import { useCameras } from "./useCameras";

interface Props {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  /** Only cameras of this prefeitura; undefined: of all. */
  city?: string;
  className?: string;
  /** Something must be chosen: there is no "all". */
  required?: boolean;
  label?: string;
  /** What no choice is called, where it is not all cameras. */
  none?: string;
}

export function CameraSelect(props: Props) {
  const { value, onChange, city, className, required = false } = props;
  const { label = "Câmera", none = "Todas" } = props;
  const cameras = useCameras().data ?? [];
  const offered = cameras.filter((camera) => city === undefined || camera.city.code === city);
  return (
    <SelectField
      label={label}
      className={className}
      required={required}
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{required ? "Escolha" : none}</option>
      {offered.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
