// Where a definition is declared below `.ucm/types`: in one folder, under its name, with capitals
// spelled out, since many file systems do not tell them apart.

/** The path of the declaration of `name`, without extension. */
export function definitionPath(name: string): string {
  const spelled = name.replaceAll(/\p{Lu}/gu, (capital) => `^${capital.toLowerCase()}`)
  return `#/${spelled.replaceAll('.', ',').replaceAll('/', '+')}`
}

/** The name of what `file`, given without extension, declares; undefined when it declares none. */
export function declaredName(file: string): string | undefined {
  const spelled = /\/\.ucm\/types\/#\/([^/]+)$/.exec(file.replace(/\.d$/, ''))?.[1]
  return spelled
    ?.replaceAll('+', '/')
    .replaceAll(',', '.')
    .replaceAll(/\^(.)/gu, (_, letter: string) => letter.toUpperCase())
}
