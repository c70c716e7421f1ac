/** What is said of a document that has changed while somebody was at it. Pure. */

export interface NewsWords {
  readonly title: string;
  /** Above what is one's own. */
  readonly left: string;
  readonly keep: string;
  readonly forget: string;
}

/** `who`: `you`, where the same person has done it on another page or in another window. `isTouching`: both have changed the same. */
export function newsWords(who: string, isTouching: boolean): NewsWords {
  const isOwn = who === "you";
  if (!isTouching) {
    return {
      title: `Since you began, ${isOwn ? "you changed this elsewhere" : `${who} changed this`}:`,
      left: "Your changes here stay as they are:",
      keep: "Go on with both",
      forget: "Forget mine",
    };
  }
  return {
    title: isOwn ? "You have changed the same elsewhere meanwhile" : `${who} has changed this while you did`,
    left: "Your changes after that",
    keep: isOwn ? "Put these on those" : "Put mine on theirs",
    forget: isOwn ? "Take those, forget these" : "Take theirs, forget mine",
  };
}
