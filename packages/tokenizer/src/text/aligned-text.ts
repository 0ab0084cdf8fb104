/** Original ranges of the UTF-16 units of a text: unit `i` came from `[starts[i], ends[i])` of the source. */
export interface Alignment {
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** One change to a text: the units `[from, to)` become `text`. */
export interface TextEdit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/**
 * A text that remembers where each of its UTF-16 units came from in the source, through any number of edits and slices.
 * Units that an edit writes are aligned with the whole range that the edit replaced.
 */
export class AlignedText {
  readonly text: string
  // Not `#private`: there is one of these per word, and such fields take a fifth of the time of encoding.
  /** Undefined while the text is a plain piece of the source: then a unit lies `shift` further right in the source. */
  private readonly alignment: Alignment | undefined
  /** With an alignment: where this slice begins in its arrays, which slices share. */
  private readonly shift: number

  constructor(text: string, alignment?: Alignment, shift = 0) {
    this.text = text
    this.alignment = alignment
    this.shift = shift
  }

  get length(): number {
    return this.text.length
  }

  /** Where the unit begins in the source. */
  startOf(unit: number): number {
    return this.alignment === undefined ? unit + this.shift : this.alignment.starts[unit + this.shift]!
  }

  /** Where the unit ends in the source. */
  endOf(unit: number): number {
    return this.alignment === undefined ? unit + this.shift + 1 : this.alignment.ends[unit + this.shift]!
  }

  slice(from: number, to: number): AlignedText {
    if (from === 0 && to === this.text.length) return this
    return new AlignedText(this.text.slice(from, to), this.alignment, this.shift + from)
  }

  /** Another text of the same length, unit for unit in the same places. */
  withText(text: string): AlignedText {
    return new AlignedText(text, this.alignment, this.shift)
  }

  /** Applies edits that are in order and do not overlap; an insertion (`from === to`) takes the place of its neighbour. */
  edit(edits: readonly TextEdit[]): AlignedText {
    if (edits.length === 0) return this
    const growth = edits.reduce((sum, { from, to, text }) => sum + text.length - (to - from), 0)
    const starts = new Int32Array(this.text.length + growth)
    const ends = new Int32Array(this.text.length + growth)
    const parts: string[] = []
    let written = 0
    let read = 0
    const keepUntil = (end: number): void => {
      parts.push(this.text.slice(read, end))
      for (; read < end; read++) {
        starts[written] = this.startOf(read)
        ends[written++] = this.endOf(read)
      }
    }
    for (const { from, to, text } of edits) {
      keepUntil(from)
      const [start, end] = this.#sourceRange(from, to)
      parts.push(text)
      starts.fill(start, written, written + text.length)
      ends.fill(end, written, written + text.length)
      written += text.length
      read = to
    }
    keepUntil(this.text.length)
    return new AlignedText(parts.join(''), { starts, ends })
  }

  /** Puts text before the first character; it shares that character's place. An empty text stays empty. */
  prepend(prefix: string): AlignedText {
    const first = this.text.codePointAt(0)
    if (first === undefined) return this
    const character = String.fromCodePoint(first)
    return this.edit([{ from: 0, to: character.length, text: prefix + character }])
  }

  #sourceRange(from: number, to: number): readonly [number, number] {
    if (from < to) return [this.startOf(from), this.endOf(to - 1)]
    if (from > 0) return [this.startOf(from - 1), this.endOf(from - 1)]
    return this.text.length > 0 ? [this.startOf(0), this.endOf(0)] : [0, 0]
  }
}

/** The edits that replace each code point by `replacement(character)`, leaving out those that stay as they are. */
export function editCharacters(text: string, replacement: (character: string) => string): TextEdit[] {
  const edits: TextEdit[] = []
  let from = 0
  for (const character of text) {
    const changed = replacement(character)
    if (changed !== character) edits.push({ from, to: from + character.length, text: changed })
    from += character.length
  }
  return edits
}
