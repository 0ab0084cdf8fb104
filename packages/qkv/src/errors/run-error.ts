// One class for the work of the command and of the pipelines that it is built on.
export { RunError } from '@qkv/pipelines'
