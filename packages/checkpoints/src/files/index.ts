export type { FileSystem, WritableFile } from './file-system.ts'
export { nodeFileSystem } from './file-system.ts'
export type { PlainJson } from './plain-json.ts'
export {
  type Checkpoint,
  type LatestCheckpoint,
  readCheckpoint,
  readLatestCheckpoint,
  type SkippedCheckpoint,
} from './read-checkpoint.ts'
export { readSafetensors, writeSafetensors } from './safetensors-file.ts'
export {
  type CheckpointContent,
  writeCheckpoint,
  type WriteCheckpointOptions,
  type WrittenCheckpoint,
} from './write-checkpoint.ts'
export { type FileContent, writeFileAtomically, type WriteOptions } from './write-file-atomically.ts'
