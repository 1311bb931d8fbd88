// Before anything is painted: the theme that was chosen, so that a dark page does not flash light while the rest loads.
// The page itself reads all that was chosen, and with more care; what cannot be read here is as if it had not been chosen.
try {
  const theme = /^1;(?:.*;)?theme=(light|dark)(?:;|$)/.exec(localStorage.getItem("mirrord.preferences"));
  if (theme) document.documentElement.dataset.theme = theme[1];
} catch {}
