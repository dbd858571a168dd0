// Finding a command by some of its words. Pure. Carries EASE1.

interface Named {
  readonly name: string;
  readonly group: string;
}

const plain = (text: string) => text.toLowerCase().replace(/[’']/g, '');

/** Those in whose name or group each of the words stands; whose name begins with them come first, else all keep their order. */
export function finding<N extends Named>(all: readonly N[], typed: string): N[] {
  const wanted = plain(typed).trim();
  const words = wanted.split(/\s+/);
  const found = all.filter(({ name, group }) =>
    words.every((word) => plain(`${name} ${group}`).includes(word))
  );
  const first = (named: N) => plain(named.name).startsWith(wanted);
  return [...found.filter(first), ...found.filter((named) => !first(named))];
}
