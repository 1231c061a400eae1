// Legal documents are read as they were written, and nothing in them becomes markup of ours.
import { expect, it } from "vitest";
import { blocksOf, piecesOf } from "./markdown";

it("tells headings, paragraphs and lists apart", () => {
  const text = "# Termos\n\nO acesso\né pessoal.\n\n## Regras\n- a primeira\n- a segunda\n\nFim.";
  expect(blocksOf(text)).toEqual([
    { kind: "heading", level: 1, text: "Termos" },
    { kind: "paragraph", text: "O acesso é pessoal." },
    { kind: "heading", level: 2, text: "Regras" },
    { kind: "list", items: ["a primeira", "a segunda"] },
    { kind: "paragraph", text: "Fim." },
  ]);
});

it("takes markup of the page for the text that it is", () => {
  expect(blocksOf("<script>alert(1)</script>")).toEqual([
    { kind: "paragraph", text: "<script>alert(1)</script>" },
  ]);
  expect(blocksOf("  \n\n\r\n")).toEqual([]);
});

it("finds bold words", () => {
  expect(piecesOf("São **15 dias**, e ** só")).toEqual([
    { text: "São ", bold: false },
    { text: "15 dias", bold: true },
    { text: ", e ** só", bold: false },
  ]);
});
