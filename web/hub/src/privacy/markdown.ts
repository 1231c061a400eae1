// The little Markdown of legal documents: headings, paragraphs, lists and bold words. Everything else is text.
export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "list"; items: string[] };

export interface Piece {
  text: string;
  bold: boolean;
}

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const part of text.replaceAll("\r\n", "\n").split(/\n{2,}/)) addBlocks(blocks, part);
  return blocks;
}

function addBlocks(blocks: Block[], part: string): void {
  let lines: string[] = [];
  const endParagraph = () => {
    if (lines.length > 0) blocks.push({ kind: "paragraph", text: lines.join(" ") });
    lines = [];
  };
  for (const line of part.split("\n").map((one) => one.trim())) {
    const heading = /^(#{1,3}) +(.+)$/.exec(line);
    const item = /^[-*] +(.+)$/.exec(line);
    if (heading || item) endParagraph();
    if (heading) blocks.push({ kind: "heading", level: level(heading[1]), text: heading[2] ?? "" });
    else if (item) addItem(blocks, item[1] ?? "");
    else if (line !== "") lines.push(line);
  }
  endParagraph();
}

function level(signs: string | undefined): 1 | 2 | 3 {
  return (signs?.length ?? 1) as 1 | 2 | 3;
}

function addItem(blocks: Block[], text: string): void {
  const last = blocks.at(-1);
  if (last?.kind === "list") last.items.push(text);
  else blocks.push({ kind: "list", items: [text] });
}

/** "**O prazo** é de 15 dias" in its bold and its plain pieces. */
export function piecesOf(text: string): Piece[] {
  return text
    .split(/\*\*(.+?)\*\*/)
    .map((piece, index) => ({ text: piece, bold: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}
