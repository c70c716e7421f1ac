/** Passphrases that a guest can type. Pure but for the randomness, which is given. */

/** A whole number in [0, bound). */
export type Draw = (bound: number) => number;

const consonants = "bdfghjklmnprstvz";
const vowels = "aeiou";

/** Five groups of two syllables: `kodu-mire-sapo-luna-tefi`, 63 bits. */
export function madeUpPassphrase(draw: Draw): string {
  const syllable = () => `${consonants[draw(consonants.length)]}${vowels[draw(vowels.length)]}`;
  return Array.from({ length: 5 }, () => `${syllable()}${syllable()}`).join("-");
}

/** The browser's own randomness, each number as likely as the others. */
export const webDraw: Draw = (bound) => {
  const most = Math.floor(2 ** 32 / bound) * bound;
  const drawn = new Uint32Array(1);
  do crypto.getRandomValues(drawn);
  while ((drawn[0] ?? 0) >= most);
  return (drawn[0] ?? 0) % bound;
};
