// Looking after one person: name, role, a link for a new password, sessions, a lost telephone, locks.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime } from "@gtvision/shared/time";
import { Button, Modal, ROLES, SelectField, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent, type ReactNode } from "react";
import { describeBrowser } from "../account/browser";
import type { Person } from "../api/types";
import { useUser } from "../auth/useUser";
import { useTimeZones } from "../cities/useCities";
import { PasswordLink } from "./PasswordLink";
import { rolesFor } from "./rules";
import {
  useChangePerson,
  useEndSessionsOf,
  useMakePasswordLink,
  useResetSecondFactorOf,
  useSessionsOf,
  useUnlock,
  type Change,
} from "./usePeople";

interface Props {
  person: Person;
  onClose: () => void;
}

/** What may be changed of a person, and the state that the change is made of. */
interface PartProps {
  person: Person;
  etag: string;
  onChanged: (changed: Person) => void;
}

export function PersonDialog({ person, onClose }: Props) {
  // Of what the dialog was opened with, and not of what the list has learnt since.
  const [etag, setEtag] = useState(person.etag);
  const onChanged = (changed: Person) => setEtag(changed.etag);
  const place = person.city ? ` · ${person.city.name}` : "";
  return (
    <Modal
      title={person.name || person.username}
      description={`${ROLES[person.role]}${place} · ${person.username}`}
      onClose={onClose}
      className="max-w-lg"
    >
      <div className="flex flex-col gap-5 overflow-auto p-4">
        <Identity person={person} etag={etag} onChanged={onChanged} />
        <Sessions person={person} />
        <Access person={person} onChanged={onChanged} />
      </div>
    </Modal>
  );
}

function Identity({ person, etag, onChanged }: PartProps) {
  const user = useUser();
  const [name, setName] = useState(person.name);
  const [role, setRole] = useState(person.role);
  const changing = useChangePerson(person.id);
  const problem = changing.isError ? ApiProblem.from(changing.error) : null;
  const roles = user ? rolesFor(user, person) : [];

  function submit(event: FormEvent) {
    event.preventDefault();
    const body: Change = { name: name.trim(), ...(role === person.role ? {} : { role }) };
    changing.mutate({ ...body, etag }, { onSuccess: onChanged });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField
        label="Nome"
        name="name"
        value={name}
        onChange={({ target }) => setName(target.value)}
        error={problem?.fields.name}
        maxLength={200}
        pattern=".*\S.*"
        required
      />
      {roles.length > 1 && (
        <SelectField
          label="Perfil"
          value={role}
          onChange={({ target }) => setRole(target.value as Person["role"])}
        >
          {roles.map((one) => (
            <option key={one} value={one}>
              {ROLES[one]}
            </option>
          ))}
        </SelectField>
      )}
      <div className="flex items-center gap-3">
        <Button type="submit" variant="primary" disabled={changing.isPending}>
          Salvar
        </Button>
        <p role="status" className="text-ok empty:hidden">
          {changing.isSuccess && savedText(changing.variables)}
        </p>
      </div>
      {problem && (
        <p role="alert" className="text-bad">
          {problem.detail}
        </p>
      )}
    </form>
  );
}

const savedText = ({ role }: Change): string =>
  role ? "Salvo. As sessões foram encerradas." : "Salvo.";

function Sessions({ person }: { person: Person }) {
  const { data } = useSessionsOf(person.id);
  const ending = useEndSessionsOf(person.id);
  const timeZone = useTimeZones()(person.city?.code);
  return (
    <Part title={data ? `Sessões abertas: ${data.length}` : "Sessões abertas"}>
      <ul className="flex flex-col gap-1 text-xs text-ink-soft empty:hidden">
        {data?.map(({ id, last_seen_at, address, device }) => (
          <li key={id}>
            <DateTime at={last_seen_at} timeZone={timeZone} /> · {address} ·{" "}
            {describeBrowser(device)}
          </li>
        ))}
      </ul>
      {data && data.length > 0 && (
        <Button
          className="self-start"
          disabled={ending.isPending}
          onClick={() => ending.mutate(undefined)}
        >
          Encerrar as sessões
        </Button>
      )}
    </Part>
  );
}

// Shutting somebody out is refused for no other change: it overwrites nothing.
function Access({ person, onChanged }: Omit<PartProps, "etag">) {
  const changing = useChangePerson(person.id);
  const resetting = useResetSecondFactorOf(person.id);
  const unlocking = useUnlock(person.id);
  const linking = useMakePasswordLink(person.id);
  const failure = changing.error ?? resetting.error ?? unlocking.error ?? linking.error;
  return (
    <Part title="Acesso">
      <div className="flex flex-wrap gap-2">
        {person.locked_until && (
          <Button
            variant="primary"
            disabled={unlocking.isPending}
            onClick={() => unlocking.mutate(undefined)}
          >
            Desbloquear: errou a senha demais
          </Button>
        )}
        <Button disabled={linking.isPending} onClick={() => linking.mutate(undefined)}>
          Gerar link para nova senha
        </Button>
        <Button
          disabled={resetting.isPending}
          onClick={() =>
            confirm(`${person.username} perdeu o telefone? O próximo login pede um novo.`) &&
            resetting.mutate(undefined)
          }
        >
          Redefinir segundo fator
        </Button>
        {person.is_active ? (
          <Button
            className="text-bad"
            disabled={changing.isPending}
            onClick={() =>
              confirm(`Desativar ${person.username}? As sessões são encerradas agora.`) &&
              changing.mutate({ is_active: false }, { onSuccess: onChanged })
            }
          >
            Desativar
          </Button>
        ) : (
          <Button
            disabled={changing.isPending}
            onClick={() => changing.mutate({ is_active: true }, { onSuccess: onChanged })}
          >
            Reativar
          </Button>
        )}
      </div>
      {linking.isSuccess && <PasswordLink link={linking.data} city={person.city?.code} />}
      <p role="status" className="text-ok empty:hidden">
        {resetting.isSuccess && "O segundo fator será pedido de novo no próximo login."}
      </p>
      {failure && (
        <p role="alert" className="text-bad">
          {ApiProblem.from(failure).detail}
        </p>
      )}
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2 border-t border-line pt-4">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}
