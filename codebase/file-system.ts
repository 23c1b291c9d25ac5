// The power to read source files, as `define` is given it.

/** Synchronous reading of files by absolute paths. */
export interface FileSystem {
  /** Text of a file; undefined when there is no such file. */
  read(path: string): string | undefined
  isFile(path: string): boolean
  /** Whether there is a folder; what has no folders to speak of leaves it out. */
  isFolder?(path: string): boolean
  /** Paths of all files below a folder, relative to it; none when there is no such folder. */
  filesBelow(folder: string): readonly string[]
  /** The path with symbolic links followed; itself when there is no such file. */
  realpath(path: string): string
  /** When the file changed last, and what differs once it has changed; undefined for anything but a plain file. */
  stamp?(path: string): FileStamp | undefined
}

export interface FileStamp {
  /** Milliseconds since the Unix epoch. */
  readonly changedMs: number
  readonly text: string
}

/** The folder that holds `path`. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1)).replace(/^([^/].*)\/$/, '$1')
}

/** `relative` seen from `folder`, with `.` and `..` taken out. */
export function joinPath(folder: string, relative: string): string {
  const segments: string[] = []
  for (const segment of `${folder}/${relative}`.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return `/${segments.join('/')}`
}

/** `path` as people read it from `folder`: relative, with `..` where it lies outside. */
export function relativePath(folder: string, path: string): string {
  const from = folder.split('/').filter(Boolean)
  const to = path.split('/').filter(Boolean)
  const shared = to.findIndex((segment, i) => segment !== from[i])
  const common = shared < 0 ? to.length : shared
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/') || '.'
}
