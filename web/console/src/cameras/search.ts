// Finding cameras by what a person types of their names.

/** Without accents and case, as people type at night. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

/**
 * Those whose names hold every word, in the order in which they are given, but first those in which each
 * begins a word: "câmera 7" is 7, then 70, then 17.
 */
export function named<Named extends { name: string }>(
  cameras: readonly Named[],
  typed: string,
): readonly Named[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return cameras;
  const beginning: Named[] = [];
  const within: Named[] = [];
  for (const camera of cameras) {
    const name = ` ${plain(camera.name)}`;
    if (words.every((word) => name.includes(` ${word}`))) beginning.push(camera);
    else if (words.every((word) => name.includes(word))) within.push(camera);
  }
  return [...beginning, ...within];
}
