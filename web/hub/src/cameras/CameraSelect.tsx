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
}

export function CameraSelect({ value, onChange, city, className, required = false }: Props) {
  const cameras = useCameras().data ?? [];
  const offered = cameras.filter((camera) => city === undefined || camera.city.code === city);
  return (
    <SelectField
      label="Câmera"
      className={className}
      required={required}
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{required ? "Escolha" : "Todas"}</option>
      {offered.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
