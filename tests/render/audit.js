// Collect what keeps a page from being read or used; the title becomes the list of faults.
const faults = [], seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
const value = (c) => { const p = c.match(/[\d.]+/g).map(Number);
  const f = p.slice(0, 3).map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 });
  return [.2126 * f[0] + .7152 * f[1] + .0722 * f[2], p.length > 3 ? p[3] : 1] };
const ground = (e) => { for (; e; e = e.parentElement) { const [l, a] = value(getComputedStyle(e).backgroundColor);
  if (a) return l } return 1 };
for (const e of document.body.querySelectorAll('*')) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (own && seen(e) && !e.closest('svg') && !e.matches('.skip, script')) {
    const [a, b] = [value(getComputedStyle(e).color)[0], ground(e)].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) faults.push('contrast ' + e.className + ' ' + e.textContent.slice(0, 30));
    if (parseFloat(getComputedStyle(e).fontSize) < 12) faults.push('small ' + e.className);
  }
  if (seen(e) && e.getBoundingClientRect().right > innerWidth + 1 && !e.matches('.skip'))
    faults.push('wide ' + e.tagName + ' ' + e.className);
}
for (const a of document.links) { a.focus();
  if (document.activeElement !== a) faults.push('no focus ' + a.href);
  if (!a.textContent.trim()) faults.push('no name ' + a.href);
  if (a.hash && a.getAttribute('href')[0] === '#' && !document.querySelector(a.hash)) faults.push('dead ' + a.hash);
  if (a.closest('nav') && a.getBoundingClientRect().height < 24) faults.push('small target ' + a.href);
}
for (const s of document.querySelectorAll('svg')) if (!s.getAttribute('aria-label')) faults.push('unnamed svg');
if (document.documentElement.scrollWidth > innerWidth) faults.push('scrolls sideways');
parent.document.title = JSON.stringify(faults);
