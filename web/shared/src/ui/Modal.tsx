// A dialog over the page: focus stays in it, Esc closes it.
import * as Dialog from "@radix-ui/react-dialog";
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./Button";

interface Props {
  title: ReactNode;
  description: string;
  onClose: () => void;
  className?: string;
  children: ReactNode;
}

export function Modal({ title, description, onClose, className, children }: Props) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        {/* Not Dialog.Overlay: it injects a <style> element, which a strict content security policy forbids. */}
        <div
          data-dialog-backdrop
          className="fixed inset-0 top-(--above-dialogs,0px) z-40 flex items-center justify-center bg-black/70 p-2 sm:p-4"
        >
          <Dialog.Content
            // What the page shows above its dialogs is used without closing them.
            onInteractOutside={(event) => isAboveDialogs(event.target) && event.preventDefault()}
            className={clsx(
              "z-50 flex max-h-full w-full flex-col overflow-hidden rounded-lg border border-line bg-panel shadow-2xl shadow-black",
              className,
            )}
          >
            <header className="flex items-center gap-3 border-b border-line px-4 py-2.5">
              <div className="min-w-0 flex-1">
                <Dialog.Title className="truncate text-base font-semibold">{title}</Dialog.Title>
                <Dialog.Description className="truncate text-xs text-ink-soft">
                  {description}
                </Dialog.Description>
              </div>
              <Dialog.Close asChild>
                <IconButton label="Fechar">
                  <X aria-hidden className="size-5" />
                </IconButton>
              </Dialog.Close>
            </header>
            {children}
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function isAboveDialogs(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-above-dialogs]") !== null;
}
