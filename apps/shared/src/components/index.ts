export { default as AppHeader } from './AppHeader.svelte'
export { default as ErrorNote } from './ErrorNote.svelte'
