// What is typed into the camera's own menu: where it pushes to, and how it says which camera it is.
import { Part } from "../nodes/Part";
import { hasFixedPath, pushAddresses } from "./address";
import { CopyLine } from "./CopyLine";

interface Props {
  cameraId: string;
  vendor: string;
  /** The user name that a person chose; empty: the camera's id, with the token for a password. */
  username: string;
  pulled: boolean;
  /** The box's plate port on each of its networks. */
  addresses: readonly string[];
}

export function CameraMenu({ cameraId, vendor, username, pulled, addresses }: Props) {
  if (pulled) {
    return (
      <Part title="Na câmera">
        <p>
          A caixa consulta a câmera com o endereço e a senha do vídeo. Nada é configurado no menu
          dela.
        </p>
      </Part>
    );
  }
  return (
    <Part title="Na câmera">
      <ol className="flex list-decimal flex-col gap-4 pl-5">
        <li>
          <p className="mb-2">
            {hasFixedPath(vendor)
              ? "Em ITSAPI (envio de placas), informe o endereço e a porta da caixa. O caminho é fixo na câmera."
              : "No envio de eventos por HTTP, informe o endereço da caixa."}
          </p>
          <ul className="flex flex-col gap-2">
            {pushAddresses(vendor, addresses).map(({ url, host, port, path }) => (
              <li key={url}>
                <CopyLine label="Endereço" text={url} />
                <p className="mt-1 text-xs text-ink-soft">
                  Se o menu pedir em partes: IP {host}, porta {port}, caminho {path}
                </p>
              </li>
            ))}
          </ul>
          {addresses.length > 1 && (
            <p className="mt-1 text-xs text-ink-soft">
              A caixa está em mais de uma rede: use o endereço da rede da câmera.
            </p>
          )}
          {addresses.length === 0 && (
            <p className="mt-1 text-xs text-warn">
              A caixa ainda não disse em que endereço está: troque IP-DA-CAIXA pelo endereço dela.
            </p>
          )}
        </li>
        <li>
          <p className="mb-2">Informe o usuário e a senha (autenticação Digest, ou Basic).</p>
          <CopyLine label="Usuário" text={username || cameraId} />
          <p className="mt-1 text-xs text-ink-soft">
            {username
              ? "Senha: a que foi escolhida para este usuário."
              : "Senha: o token gerado abaixo."}{" "}
            Se a câmera só aceita um endereço, acrescente <code>?token=TOKEN</code> ao caminho.
          </p>
        </li>
        <li>
          Acerte o relógio da câmera por NTP, com o fuso da cidade, e faça passar um veículo: a
          última leitura aparece nesta página.
        </li>
      </ol>
    </Part>
  );
}
