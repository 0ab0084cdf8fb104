export { chosenTheme, chooseTheme, type Theme, themes } from './chosen-theme.svelte.ts'
