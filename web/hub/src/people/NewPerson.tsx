// Lets somebody in: who, as what, and of which prefeitura; the person chooses the password by a link.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal, ROLES, SelectField, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import type { AddedPerson, Person, User } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { PasswordLink } from "./PasswordLink";
import { assignable, cityFor, isOfCity, places } from "./rules";
import { useAddPerson } from "./usePeople";

interface Props {
  user: User;
  people: readonly Person[];
  city: string | undefined;
  onClose: () => void;
}

export function NewPerson({ user, people, city: shown, onClose }: Props) {
  const roles = assignable(user.role);
  const [role, setRole] = useState(roles[0] ?? "visualizador");
  const [chosen, setCity] = useState(shown);
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const adding = useAddPerson();
  const problem = adding.isError ? ApiProblem.from(adding.error) : null;
  const wrong = problem?.fields ?? {};
  const city = cityFor(role, user, chosen);
  const room = places(people, role, city);

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = { username: username.trim(), name: name.trim(), role, city };
    adding.mutate(body);
  }

  if (adding.isSuccess) return <Added person={adding.data} onClose={onClose} />;
  return (
    <Modal
      title="Cadastrar pessoa"
      description="Com a mesma senha se entra no console das caixas"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 overflow-auto p-4">
        <SelectField
          label="Perfil"
          value={role}
          onChange={({ target }) => setRole(target.value as User["role"])}
        >
          {roles.map((one) => (
            <option key={one} value={one}>
              {ROLES[one]}
            </option>
          ))}
        </SelectField>
        {isOfCity(role) && <CitySelect required value={chosen} onChange={setCity} />}
        {room && <Room {...room} />}
        <TextField
          label="Nome"
          name="name"
          value={name}
          onChange={({ target }) => setName(target.value)}
          error={wrong.name}
          maxLength={200}
          pattern=".*\S.*"
          required
        />
        <TextField
          label="Nome de usuário"
          name="username"
          value={username}
          onChange={({ target }) => setUsername(target.value)}
          hint="Para entrar; letras, números e . _ @ + -"
          error={wrong.username}
          autoComplete="off"
          spellCheck={false}
          maxLength={150}
          required
        />
        <p role="alert" className="text-bad empty:hidden">
          {problem?.detail}
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={adding.isPending || isFull(room)}>
            Cadastrar
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Added({ person, onClose }: { person: AddedPerson; onClose: () => void }) {
  return (
    <Modal
      title={`${person.name} pode entrar`}
      description={`${ROLES[person.role]} · ${person.username}`}
      onClose={onClose}
      className="max-w-lg"
    >
      <div className="flex flex-col gap-4 p-4">
        <PasswordLink link={person.password_link} city={person.city?.code} />
        <Button variant="primary" className="self-end" onClick={onClose}>
          Concluir
        </Button>
      </div>
    </Modal>
  );
}

type Places = ReturnType<typeof places>;

const isFull = (room: Places): boolean => room !== null && room.taken >= room.limit;

function Room(room: NonNullable<Places>) {
  const full = isFull(room);
  return (
    <p role="status" className={full ? "text-bad" : "text-xs text-ink-soft"}>
      {`Em uso: ${room.taken} de ${room.limit} deste perfil na prefeitura.`}
      {full && " Desative alguém antes."}
    </p>
  );
}
