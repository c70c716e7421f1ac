/** Where the focus is once a dialog that can be opened from anywhere is closed. */

import { type RefObject, useEffect, useRef } from "react";

/** Two frames later the dialog has given the focus back. */
function soon(act: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(act));
}

/** No ring comes where none was: what was pressed with the mouse had none. `went`: who goes to another page is at its content. */
export function useFocusAfter(isOpen: boolean): { readonly went: () => void } {
  const state = useRef({ isOpen: false, isRinged: false, hasGone: false });
  // While it is drawn for the first time, the focus is still where it was.
  if (isOpen && !state.current.isOpen) {
    const isRinged = document.activeElement?.matches(":focus-visible") ?? false;
    state.current = { isOpen, isRinged, hasGone: false };
  }
  useEffect(() => {
    const { current } = state;
    if (isOpen || !current.isOpen) return;
    state.current = { ...current, isOpen: false };
    soon(() => {
      if (current.hasGone) document.getElementById("page")?.focus();
      else if (!current.isRinged && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
  }, [isOpen]);
  return {
    went: () => {
      state.current.hasGone = true;
    },
  };
}

/**
 * Of what opens a dialog and cannot be focused while it does, as it is disabled then: it has the focus once the dialog is closed, or the page's content
 * where it is there no more.
 */
export function useFocusBack<T extends HTMLElement>(isOpen: boolean): RefObject<T | null> {
  const opener = useRef<T>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (!isOpen && wasOpen.current)
      soon(() => {
        if (document.activeElement === document.body) (opener.current ?? document.getElementById("page"))?.focus();
      });
    wasOpen.current = isOpen;
  }, [isOpen]);
  return opener;
}
