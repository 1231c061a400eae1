// A person's own account: second factor, password, and where one is logged in.
import { PageHeader } from "../shell/PageHeader";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";

export function AccountPage() {
  return (
    <>
      <PageHeader title="Minha conta" description="Como você entra, e onde está conectado" />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <SecondFactor />
        <PasswordForm />
        <Sessions />
      </div>
    </>
  );
}
