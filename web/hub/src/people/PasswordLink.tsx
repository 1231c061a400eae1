// A link by which a person chooses a password: handed over here, and shown only now.
import { DateTime } from "@gtvision/shared/time";
import type { PasswordLink as Link } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { CopyField } from "../shell/CopyField";

interface Props {
  link: Link;
  city: string | undefined;
}

export function PasswordLink({ link, city }: Props) {
  const timeZone = useTimeZones()(city);

  return (
    <div className="flex flex-col gap-1">
      <CopyField label="Link para escolher a senha" value={link.url} />
      <p className="text-xs text-ink-soft">
        Entregue só à própria pessoa. Vale uma vez, até{" "}
        <DateTime at={link.expires_at} timeZone={timeZone} />, e não aparece de novo.
      </p>
    </div>
  );
}
