// Cameras at the box itself: the list, the search on the network, and the form of a new one.
import { Button, Modal } from "@gtvision/shared/ui";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import type { FoundDevice } from "../api/types";
import { CameraForm } from "./CameraForm";
import { CameraList } from "./CameraList";
import { Discovery } from "./Discovery";

type Step =
  { name: "list"; added?: string } | { name: "search" } | { name: "form"; device?: FoundDevice };

const TEXTS: Record<Step["name"], [title: string, description: string]> = {
  list: ["Câmeras", "As que esta caixa grava, e as que esperam a central"],
  search: ["Procurar na rede", "A caixa pergunta na rede local quem é câmera"],
  form: ["Adicionar câmera", "A gravação começa na hora, mesmo sem internet"],
};

export function CameraSetup({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<Step>({ name: "list" });
  const [title, description] = TEXTS[step.name];
  return (
    <Modal title={title} description={description} onClose={onClose} className="max-w-3xl">
      {step.name !== "list" && (
        <div className="border-b border-line px-2 py-1">
          <Button variant="quiet" onClick={() => setStep({ name: "list" })}>
            <ArrowLeft aria-hidden className="size-4" />
            Voltar à lista
          </Button>
        </div>
      )}
      {step.name === "list" && (
        <CameraList
          added={step.added}
          onSearch={() => setStep({ name: "search" })}
          onType={() => setStep({ name: "form" })}
        />
      )}
      {step.name === "search" && (
        <Discovery onChoose={(device) => setStep({ name: "form", device })} />
      )}
      {step.name === "form" && (
        <CameraForm device={step.device} onAdded={(added) => setStep({ name: "list", added })} />
      )}
    </Modal>
  );
}
