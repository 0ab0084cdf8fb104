import type { DeviceApi } from '@qkv/apps-shared/engine'
import type {
  DownloadProgress,
  SourceInspection,
  TokenDescription,
  TranslationCandidate,
} from '@qkv/pipelines'
import type { Direction } from './directions.ts'

/** What is told of a loaded model. */
export interface ModelFacts {
  readonly sourceVocabulary: number
  readonly targetVocabulary: number
  readonly width: number
  readonly heads: number
  readonly encoderLayers: number
  readonly decoderLayers: number
  /** Of the beam that it was saved with. */
  readonly beams: number
  /** Whether the browser keeps its files for a time without a network. */
  readonly kept: boolean
}

/** The translation so far. */
export interface WrittenText {
  readonly text: string
  readonly pieces: readonly TokenDescription[]
}

export interface Candidate extends TranslationCandidate {
  readonly pieces: readonly TokenDescription[]
}

/** What a search found, and how fast. */
export interface SearchResult {
  /** Best first. */
  readonly candidates: readonly Candidate[]
  readonly beams: number
  readonly seconds: number
  /** Tokens of the best candidate, its end included. */
  readonly tokensPerSecond: number
}

/** A token that the decoder wrote, the end included. */
export interface WrittenPiece extends TokenDescription {
  /** What the model gave it at its place. */
  readonly probability: number
}

/** Cross-attention: where the decoder looked when it wrote each token. All maps are row-major `[target, source]`. */
export interface Alignment {
  /** The end included. */
  readonly source: readonly TokenDescription[]
  readonly target: readonly WrittenPiece[]
  /** Over all heads of all layers. */
  readonly mean: Float32Array
  readonly layers: readonly { readonly mean: Float32Array; readonly heads: readonly Float32Array[] }[]
}

export interface SearchRequest {
  readonly direction: Direction
  readonly text: string
  /** 1 is greedy search; what the model was saved with unless said. */
  readonly beams?: number
}

/** What the page can ask for. Tasks have numbers, by which they are cancelled. */
export interface TranslationEngine extends DeviceApi {
  /** Loads the model of a direction from an address, unless it is there. */
  loadModel(
    task: number,
    direction: Direction,
    address: string,
    onProgress: (progress: DownloadProgress) => void,
  ): Promise<ModelFacts>
  /** The tokens of a source text, and what is strange about it. */
  readSource(direction: Direction, text: string): Promise<SourceInspection>
  /** Searches for translations; `onWritten` hears of the best one after each token. */
  search(
    task: number,
    request: SearchRequest,
    onWritten: (written: WrittenText) => void,
  ): Promise<SearchResult>
  /** Where the decoder looks while it writes `tokens`. */
  align(task: number, direction: Direction, text: string, tokens: readonly number[]): Promise<Alignment>
}
