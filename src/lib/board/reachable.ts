// What scrolls must be reachable by keyboard; what does not must be no tab stop.

/** An attachment: makes a region a tab stop while something of it is out of sight. */
export function reachable(region: HTMLElement): () => void {
  const look = () => {
    const scrolls = region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight;
    region.tabIndex = scrolls ? 0 : -1;
  };
  const sizes = new ResizeObserver(look);
  sizes.observe(region);
  const content = new MutationObserver(look);
  content.observe(region, { childList: true, subtree: true });
  return () => {
    sizes.disconnect();
    content.disconnect();
  };
}
