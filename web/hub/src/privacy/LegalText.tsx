// A legal document as people read it.
import { blocksOf, piecesOf, type Block } from "./markdown";

export function LegalText({ text }: { text: string }) {
  return (
    <div className="flex max-w-prose flex-col gap-3 text-ink-soft">
      {blocksOf(text).map((block, index) => (
        <LegalBlock key={index} block={block} />
      ))}
    </div>
  );
}

function LegalBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return block.level === 1 ? (
        <h2 className="text-lg font-semibold text-ink">{block.text}</h2>
      ) : (
        <h3 className="mt-2 font-semibold text-ink">{block.text}</h3>
      );
    case "list":
      return (
        <ul className="flex list-disc flex-col gap-1 pl-5">
          {block.items.map((item, index) => (
            <li key={index}>
              <Words text={item} />
            </li>
          ))}
        </ul>
      );
    default:
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
  }
}

function Words({ text }: { text: string }) {
  return piecesOf(text).map((piece, index) =>
    piece.bold ? (
      <strong key={index} className="text-ink">
        {piece.text}
      </strong>
    ) : (
      piece.text
    ),
  );
}
